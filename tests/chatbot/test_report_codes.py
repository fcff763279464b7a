import pytest
from report_codes import find_bare_code, find_report_codes, wrong_code_in

from api.feedback.reports.code import code_of, new_code


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("mã LC-W7C-DMW nhé", "LC-W7C-DMW", "LC-W7C-DMW"),
        ("lc-w7c-dmw", "lc-w7c-dmw", "LC-W7C-DMW"),
        ("where is lcw7cdmw?", "lcw7cdmw", "LC-W7C-DMW"),
        ("LC W7C DMW", "LC W7C DMW", "LC-W7C-DMW"),
        ("LC–W7C–DMW", "LC–W7C–DMW", "LC-W7C-DMW"),
        ("我的LC-7K3-943怎么样", "LC-7K3-943", "LC-7K3-943"),
        ("제보 lc-7k3-943요", "lc-7k3-943", "LC-7K3-943"),
        ("w7c-dmw", "w7c-dmw", "LC-W7C-DMW"),
        ("ＬＣ－Ｗ７Ｃ－ＤＭＷ", "ＬＣ－Ｗ７Ｃ－ＤＭＷ", "LC-W7C-DMW"),
    ],
)
def test_a_code_is_found_however_it_is_typed(text: str, span: str, value: str) -> None:
    assert [(text[one.start : one.end], one.value) for one in find_report_codes(text)] == [
        (span, value)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "LC-W7C-DMX",
        "LC-W7D-CMW",
        "change",
        "w7cdmw",
        "xLC-W7C-DMW",
        "LC-W7C-DMWW",
        "LC-B0I-111",
        "",
        "LC",
    ],
)
def test_what_is_no_code(text: str) -> None:
    assert find_report_codes(text) == []


def test_the_rule_is_that_of_the_reports() -> None:
    for _ in range(300):
        code = new_code()
        assert [one.value for one in find_report_codes(code.lower())] == [code]
        wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
        assert bool(find_report_codes(wrong)) == (code_of(wrong) is not None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("J9HJ7A", "LC-J9H-J7A"),
        ("mã j9h j7a ạ", "LC-J9H-J7A"),
        ("编号w7cdmw", "LC-W7C-DMW"),
        ("change", None),
        ("J9HJ7C", None),
        ("24A12345", None),
    ],
)
def test_six_bare_signs_with_a_digit_are_a_code_when_the_last_is_right(
    text: str, value: str | None
) -> None:
    bare = find_bare_code(text)

    assert (bare.value if bare else None) == value


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("LC-J9H-J7B", "LC-J9H-J7B"),
        ("LC-XXX-XXX", "LC-XXX-XXX"),
        ("mã LC-1234-5678 ạ", "LC-1234-5678"),
        ("lc j9h j7b", "LC J9H J7B"),
        ("我的LC-7K3-944怎么样", "LC-7K3-944"),
        ("제보 lc7k3944요", "LC7K3944"),
        ("LC-W7C-DMW", None),
        ("LC có gì chơi", None),
        ("LC-Sa Pa", None),
        ("LC-4", None),
        ("đi LC 24h", None),
    ],
)
def test_what_was_meant_for_a_code_and_is_none(text: str, wrong: str | None) -> None:
    assert wrong_code_in(text) == wrong
