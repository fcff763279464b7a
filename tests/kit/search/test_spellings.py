from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from api.kit.search.spellings import Spellings

letters = st.text(alphabet="abcdeopqrz0158", min_size=1, max_size=12)


@given(st.sets(letters, max_size=25), letters, st.integers(1, 2))
def test_no_word_within_reach_is_missed(known: set[str], word: str, most: int) -> None:
    found = set(Spellings(sorted(known)).near(word, most))

    assert found == {
        (near, OSA.distance(word, near)) for near in known if OSA.distance(word, near) <= most
    }


def test_exchanged_letters_are_one_error() -> None:
    assert list(Spellings(["fansipan"]).near("fansipna", 1)) == [("fansipan", 1)]


def test_a_letter_that_comes_twice_counts_twice() -> None:
    assert list(Spellings(["aabbcc"]).near("abc", 2)) == []


def test_at_most_thirty_of_a_length_are_offered() -> None:
    known = [f"market{number:02}" for number in range(60)]

    assert len(list(Spellings(known).near("marketxx", 2))) == 30
