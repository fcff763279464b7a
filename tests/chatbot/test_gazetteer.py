"""What the gazetteer finds, in the product's Python: it needs no Rasa."""

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from gazetteer.entry import OVERLAPPING, Entry
from gazetteer.lookup import CHATBOT, build_lookup
from gazetteer.matching import Gazetteer, Match

CASES: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("gazetteer_cases.yml").read_text(encoding="utf-8")
)
FOUND = [case for cases in CASES["found"].values() for case in cases]
NOT_FOUND = [case for cases in CASES["not_found"].values() for case in cases]


@cache
def entries() -> list[Entry]:
    return [Entry(**entry) for entry in build_lookup()]


@cache
def gazetteer() -> Gazetteer:
    return Gazetteer(entries())


def found(text: str) -> list[tuple[str, str, str]]:
    return [
        (text[match.start : match.end], match.entry.entity, match.entry.value)
        for match in gazetteer().find(text)
    ]


@pytest.mark.parametrize(("text", "words", "kind", "value"), FOUND)
def test_it_finds(text: str, words: str, kind: str, value: str) -> None:
    assert (words, kind, value) in found(text)


@pytest.mark.parametrize(("text", "kind"), NOT_FOUND)
def test_it_does_not_find(text: str, kind: str) -> None:
    assert kind not in [match.entry.entity for match in gazetteer().find(text)]


def test_each_language_has_cases_of_its_own() -> None:
    assert min(map(len, CASES["found"].values())) >= 15
    assert min(map(len, CASES["not_found"].values())) >= 8


def test_one_stretch_of_text_has_one_meaning() -> None:
    for text, *_ in FOUND:
        meant = [m for m in gazetteer().find(text) if m.entry.entity not in OVERLAPPING]

        assert all(one.end <= other.start for one, other in pairwise(meant))


def test_a_pass_tells_its_road_too() -> None:
    (match,) = (m for m in gazetteer().find("Đèo Ô Quý Hồ") if m.entry.entity == "place")

    assert match.entry.road == "Đèo Ô Quý Hồ"


@pytest.mark.parametrize("kind", ["facility", "specialty", "card", "problem", "road"])
def test_every_value_is_one_of_the_product(kind: str) -> None:
    known = _known(kind)

    told = {entry.value for entry in entries() if entry.entity == kind}

    assert told <= known
    assert kind == "road" or told == known


def _known(kind: str) -> set[str]:
    from api.health.specialties import SPECIALTIES

    if kind == "specialty":
        return set(SPECIALTIES)
    file, key = {
        "facility": ("health/data/facilities", "id"),
        "card": ("tourist_cards/data/products", "id"),
        "problem": ("feedback/data/categories", "code"),
        "road": ("tourism/data/roads", "code"),
    }[kind]
    path = CHATBOT.parent / "api" / f"{file}.json"
    things = yaml.safe_load(path.read_text(encoding="utf-8"))[path.stem]
    return {thing[key] for thing in things}


HARMLESS = [
    "fire station opening hours",
    "first aid course",
    "is there a police station near the market",
    "my passport was stolen yesterday",
    "khoa cấp cứu ở đâu",
    "trạm cứu hoả mấy giờ mở cửa",
    "bị móc túi hôm qua, mất ví",
    "à l'aide de l'application",
    "au feu rouge à gauche",
    "ma carte a disparu",
    "le poste de police",
    "消防站几点开门",
    "手机被偷了",
    "骨折后康复看什么科",
    "소방서 위치",
    "나무가 쓰러졌어요",
    "앱이 깔렸어요",
    "집에 물이 안 나와요",
    "警察署はどこ",
    "木が倒れています",
    "骨折後のリハビリ",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_no_word_makes_a_harmless_message_an_emergency(text: str) -> None:
    assert not _certain(gazetteer().find(text))


CRIES = [
    "call an ambulance",
    "he is not breathing",
    "my son is missing",
    "gọi xe cấp cứu",
    "cấp cứu",
    "nhà tôi cháy rồi",
    "叫救护车",
    "朋友失踪了",
    "我被抢了",
    "appelez les pompiers",
    "mon fils a disparu",
    "mon fils est tombé dans la rivière",
    "ma fille est tombée dans la rivière",
    "mes enfants sont tombés dans le lac",
    "my daughter fell in the river",
    "my friend has fallen into a lake",
    "il ne répond plus à mes messages depuis qu'il est monté au Fansipan",
    "S O S",
    "s.o.s.",
    "엄마가 쓰러졌어요",
    "구급차 불러주세요",
    "人が倒れています",
    "救急車を呼んで",
]


@pytest.mark.parametrize("text", CRIES)
def test_a_cry_for_help_is_certain(text: str) -> None:
    assert _certain(gazetteer().find(text))


def test_no_certain_word_is_in_a_training_message_of_another_intent() -> None:
    certain = [
        (path.name, text)
        for path in sorted((CHATBOT / "data" / "nlu").glob("*.yml"))
        if not path.name.startswith("emergency.")
        for text in _examples(path)
        if _certain(_emergencies().find(text))
    ]

    assert certain == []


@cache
def _emergencies() -> Gazetteer:
    return Gazetteer(entry for entry in entries() if entry.entity == "emergency")


def _certain(matches: list[Match]) -> list[Match]:
    return [match for match in matches if match.entry.value.endswith("_certain")]


def _examples(path: Path) -> list[str]:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [
        line.removeprefix("- ").strip()
        for part in document["nlu"]
        for line in part.get("examples", "").splitlines()
    ]
