import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.kit.folding import fold, is_unspaced, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Chợ Bắc Hà", "cho bac ha"),
        ("Đường Điện Biên", "duong dien bien"),
        ("PHAN XI PĂNG", "phan xi pang"),
        ("Che\u0302\u0301 Cu Nha", "che cu nha"),
        ("Église de Sa Pa", "eglise de sa pa"),
        ("ＳＡ　ＰＡ", "sa pa"),
        ("sa\u200bpa", "sapa"),
        ("\u202esa pa\u202c", "sa pa"),
        ("  sa \t\n pa ", "sa pa"),
        ("판시판산", "판시판산"),
        ("ﾌｧﾝｼｰﾊﾟﾝ", "ファンシーパン"),
        ("バックハー", "バックハー"),
        ("沙坝", "沙坝"),
        ("", ""),
    ],
)
def test_marks_case_and_width_do_not_count(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_voiced_and_unvoiced_kana_stay_different() -> None:
    assert fold("ハハ") != fold("パパ")


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="aăâeêioôơuưyđAĂÂĐ ̣́̀̉̃"))
def test_vietnamese_folds_to_plain_letters(text: str) -> None:
    assert fold(text).isascii()


@given(st.text())
def test_case_does_not_count(text: str) -> None:
    assert fold(text.swapcase().swapcase()) == fold(text.swapcase())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chợ-phiên Bắc_Hà!", ["cho", "phien", "bac", "ha"]),
        ("沙坝church", ["沙坝", "church"]),
        ("ファンシーパン・ロープウェイ", ["ファンシーパン", "ロープウェイ"]),
        ("판시판 케이블카", ["판시판", "케이블카"]),
        ("km 15", ["km", "15"]),
        ("?!…", []),
    ],
)
def test_words_are_parted_by_what_is_no_letter_and_by_script(
    text: str, expected: list[str]
) -> None:
    assert words(text) == expected


def test_scripts_without_spaces_are_known() -> None:
    assert [is_unspaced(word) for word in ("沙坝", "サパ", "사파", "sapa", "сапа")] == [
        True,
        True,
        True,
        False,
        False,
    ]
