from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.kit.search.highlights import highlighted, most_like


def bold(text: str, asked: str) -> str:
    """Write what answers in brackets."""
    return "".join(f"[{it.text}]" if it.is_match else it.text for it in highlighted(text, asked))


@pytest.mark.parametrize(
    ("text", "asked", "shown"),
    [
        ("Chợ Bắc Hà", "bac ha", "Chợ [Bắc Hà]"),
        ("Chợ Bắc Hà", "cho bac ha", "[Chợ Bắc Hà]"),
        ("Nhà thờ đá Sa Pa", "sapa", "Nhà thờ đá [Sa Pa]"),
        ("Sapa Museum", "sa pa", "[Sapa] Museum"),
        ("Đèo Ô Quý Hồ", "deo o quy", "[Đèo Ô Quý] Hồ"),
        ("Fansipan summit", "fans", "[Fans]ipan summit"),
        ("Fansipan summit", "fancipan", "[Fansipan] summit"),
        ("Silver Waterfall", "silver waterfal", "[Silver Waterfall]"),
        ("Cát Cát village", "catcat vilage", "[Cát Cát village]"),
        ("沙坝石头教堂", "沙坝教堂", "[沙坝]石头[教堂]"),
        ("사파 돌성당", "성당", "사파 돌[성당]"),
        ("ファンシーパン山", "ﾌｧﾝｼｰﾊﾟﾝ", "[ファンシーパン]山"),
        ("Stone Church (Our Lady)", "church", "Stone [Church] (Our Lady)"),
        ("The town of Sa Pa", "the sa pa", "The town of [Sa Pa]"),
        ("Sa Pa", "", "Sa Pa"),
        ("", "sapa", ""),
        ("Thác Bạc", "lake", "Thác Bạc"),
        ("Ｆａｎｓｉｐａｎ ﬁne", "fansipan fine", "[Ｆａｎｓｉｐａｎ ﬁne]"),
    ],
)
def test_what_answers_is_marked(text: str, asked: str, shown: str) -> None:
    assert bold(text, asked) == shown


def test_marks_written_apart_are_shown_composed() -> None:
    assert bold("Cho\u031b\u0323 phie\u0302n", "cho") == "[Chợ] phiên"


@given(st.text(max_size=60), st.text(max_size=30))
def test_the_parts_of_a_text_are_the_text(text: str, asked: str) -> None:
    parts = highlighted(text, asked)

    assert highlighted("".join(part.text for part in parts), asked) == parts
    assert all(first.is_match != second.is_match for first, second in pairwise(parts))


def test_the_name_most_like_what_was_typed_is_known() -> None:
    names = ["Phường Sa Pa", "Xã San Sả Hồ", "沙坝坊"]

    assert most_like(names, "san sa ho") == "Xã San Sả Hồ"
    assert most_like(names, "沙坝") == "沙坝坊"
    assert most_like([], "sapa") is None
