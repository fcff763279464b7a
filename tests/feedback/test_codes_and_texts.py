"""Codes find a mistake; public texts hide numbers of people; categories are suggested."""

import json
from itertools import combinations
from pathlib import Path

import pytest

from api.feedback.categories.suggesting import CategoryModel, read_examples, shipped_model
from api.feedback.reports.code import ALPHABET, code_of, new_code
from api.feedback.reports.public_text import public_text

HELD_OUT = Path(__file__).with_name("held_out_examples.json")


def test_a_code_is_read_however_it_is_typed() -> None:
    code = new_code()

    signs = code.replace("-", "")[2:]
    for typed in (
        code,
        code.lower(),
        signs,
        f" lc {signs[:3]} {signs[3:]} ",
        code.replace("-", "–"),
    ):
        assert code_of(typed) == code


@pytest.mark.parametrize("round", range(20))
def test_every_wrong_sign_and_every_swap_is_found(round: int) -> None:
    signs = new_code().replace("-", "")[2:]

    for place, right in enumerate(signs):
        for wrong in set(ALPHABET) - {right}:
            assert code_of(signs[:place] + wrong + signs[place + 1 :]) is None
    for one, other in combinations(range(len(signs)), 2):
        swapped = list(signs)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        if swapped != list(signs):
            assert code_of("".join(swapped)) is None


@pytest.mark.parametrize("typed", ["", "LC", "LC-000-000", "LC-7K3-92Q4", "x" * 10_000])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert code_of(typed) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Gọi 0912345678 nhé", "Gọi ••• nhé"),
        ("+84 912 345 678", "•••"),
        ("0214-3.840.034", "•••"),
        ("0912–345–678, 0912\u2011345\u2011678", "•••, •••"),
        ("0912\u202f345\u2009678", "•••"),
        ("CCCD 010183904417!", "CCCD •••!"),
        ("CMND 063123456", "CMND •••"),
        ("mai.lo@example.com gửi", "••• gửi"),
        ("Nhà số 12, ngày 01/05/2026, 350.000đ", "Nhà số 12, ngày 01/05/2026, 350.000đ"),
        ("sâu 20 cm, rộng 150 cm", "sâu 20 cm, rộng 150 cm"),
    ],
)
def test_public_text(text: str, shown: str) -> None:
    assert public_text(text) == shown


def held_out() -> list[tuple[str, str]]:
    file: dict[str, list[str]] = json.loads(HELD_OUT.read_bytes())
    return [(category, text) for category, texts in file.items() for text in texts]


def test_nothing_held_out_was_learnt() -> None:
    learnt = {text for _, text in read_examples()}

    assert not learnt & {text for _, text in held_out()}


def test_the_share_of_right_suggestions_is_as_documented() -> None:
    found = [(category, shipped_model().suggest(text)) for category, text in held_out()]

    first = sum(bool(one) and one[0].category == category for category, one in found)
    among = sum(category in {one.category for one in some} for category, some in found)
    assert (first, among, len(found)) == (93, 96, 96)


def test_marks_make_no_difference() -> None:
    assert shipped_model().suggest("dây điện đứt") == shipped_model().suggest("day dien dut")


def test_a_text_of_which_nothing_is_known_suggests_nothing() -> None:
    model = CategoryModel([("waste", "rác"), ("power", "dây điện")])

    assert model.suggest("漢字") == []
    assert model.suggest("") == []
