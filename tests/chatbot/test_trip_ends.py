"""Where a trip begins and where it leads, by the words beside the names, in the six languages."""

from dataclasses import replace

import pytest
from dialogue.tasks.places.trip_days import Hours
from dialogue.tasks.places.trip_ends import Ends, ends_in
from dialogue.turn import Found, Turn

from tests.chatbot.dialogues import NOW

SA_PA, BAC_HA, CHURCH = ("commune", "03006"), ("commune", "02839"), ("place", "P010")


def heard(text: str, **names: tuple[str, str]) -> Turn:
    """Return a message in which each name (`_` stands for room) is found with its kind and key."""
    said = {name.replace("_", " "): key for name, key in names.items()}
    found = [
        Found(*key, text.index(name), text.index(name) + len(name), name)
        for name, key in said.items()
    ]
    in_order = tuple(sorted(found, key=lambda one: one.start))
    return Turn(text, "en", (("plan_trip", 0.9),), NOW, in_order)


def ends_of(ends: Ends) -> tuple[str | None, str | None]:
    start, goal = ends.start, ends.goal
    return (start.value if start else None), (goal.value if goal else None)


@pytest.mark.parametrize(
    "text",
    [
        "plan a trip to Bac Ha this Sunday starting from Sa Pa, half a day",
        "from Sa Pa to Bac Ha",
        "we are in Sa Pa and want to see Bac Ha",
        "trip to Bac Ha, leaving Sa Pa at 7",
        "Sa Pa Bac Ha",
        "đi chơi Bac Ha chủ nhật này, xuất phát từ Sa Pa",
        "từ Sa Pa đi Bac Ha",
        "di choi Bac Ha, xuat phat tu Sa Pa",
        "mình đang ở Sa Pa muốn đi Bac Ha",
        "đi Bac Ha, ở Sa Pa",
        "une sortie à Bac Ha samedi au départ de Sa Pa",
        "visiter Bac Ha depuis Sa Pa",
        "de Sa Pa à Bac Ha",
        "从Sa Pa出发去Bac Ha",
        "去Bac Ha玩一天，Sa Pa出发",
        "Sa Pa에서 출발해서 Bac Ha로 여행",
        "Bac Ha에 가고 싶어요, Sa Pa에서 출발",
        "Sa Pa에서 Bac Ha까지",
        "Sa PaからBac Haへの旅行",
        "Bac Haに行きたい、Sa Pa発で",
    ],
)
def test_the_words_beside_the_names_tell_where_a_trip_begins(text: str) -> None:
    turn = heard(text, Sa_Pa=SA_PA, Bac_Ha=BAC_HA)

    assert ends_of(ends_in(turn)) == ("03006", "02839")


@pytest.mark.parametrize(
    "text",
    [
        "plan a trip to Bac Ha",
        "lên lịch đi Bac Ha",
        "len lich di Bac Ha",
        "une sortie à Bac Ha",
        "去Bac Ha旅游",
        "Bac Ha 여행 계획",
        "Bac Ha旅行の計画",
    ],
)
def test_a_lone_commune_is_where_the_trip_leads(text: str) -> None:
    assert ends_of(ends_in(heard(text, Bac_Ha=BAC_HA))) == (None, "02839")


@pytest.mark.parametrize(
    "text",
    [
        "two days in Sa Pa",
        "2 ngày ở Sa Pa",
        "2 ngay o Sa Pa",
        "deux jours autour de Sa Pa",
        "在Sa Pa玩两天",
        "Sa Pa에서 하루",
        "Sa Paで一日",
        "from Sa Pa",
        "từ Sa Pa",
        "tu Sa Pa",
        "depuis Sa Pa",
        "从Sa Pa",
        "Sa Pa부터",
        "Sa Paから",
    ],
)
def test_a_lone_commune_is_the_start_where_words_say_so_or_all_of_the_trip_is_in_it(
    text: str,
) -> None:
    assert ends_of(ends_in(heard(text, Sa_Pa=SA_PA))) == ("03006", None)


def test_a_weekday_is_no_word_of_starting() -> None:
    assert ends_of(ends_in(heard("thu tu Bac Ha", Bac_Ha=BAC_HA))) == (None, "02839")


def test_a_place_is_the_start_where_words_say_so() -> None:
    turn = heard("to Bac Ha, starting at the stone church", Bac_Ha=BAC_HA, stone_church=CHURCH)

    assert ends_of(ends_in(turn)) == ("P010", "02839")
    assert ends_of(ends_in(replace(turn, text="x" * 80))) == (None, "02839")


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        *[
            (text, True)
            for text in (
                "half a day",
                "a half-day trip",
                "nửa ngày",
                "nua ngay thoi",
                "une demi-journée",
                "半天",
                "반나절",
                "半日",
                "the whole day",
                "cả ngày",
                "ca ngay",
                "toute la journée",
                "一整天",
                "하루 종일",
                "丸一日",
            )
        ],
        ("cả ngày mai và ngày kia", False),
        ("tomorrow", False),
    ],
)
def test_parts_of_a_day_are_lengths_of_a_trip(text: str, is_said: bool) -> None:
    assert Hours().is_said_in(text) is is_said
