import pytest

from api.kit.search.postings import Postings


def found(postings: Postings, word: str) -> tuple[list[int], list[float]] | None:
    of_word = postings.of_word(word)
    if of_word is None:
        return None
    rows, weights = of_word
    return rows.tolist(), [round(weight, 3) for weight in weights.tolist()]


def test_a_word_knows_its_rows_and_its_best_weight_in_each() -> None:
    postings = Postings.of([[("Hồ Sa Pa", 0.5), ("Sa Pa", 1.0)], [], [("Sa Pả", 0.97)]])

    assert found(postings, "sapa") == ([0, 2], [1.0, 0.97])
    assert found(postings, "ho") == ([0], [0.5])
    assert found(postings, "hosapa") == ([0], [0.5])


def test_what_nobody_holds_is_not_found() -> None:
    assert found(Postings.of([[("Sa Pa", 1.0)]]), "bacha") is None
    assert "bacha" not in Postings.of([])


def test_more_weights_than_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="256"):
        Postings.of([[(f"name{number}", number / 1_000)] for number in range(257)])
