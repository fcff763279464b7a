"""Whether places are open, now or on a day that is named."""

from typing import Any

import pytest
from dialogue.tasks.places import PLACES
from dialogue.tasks.places.opening import asks_open

from tests.chatbot.dialogues import NOW, SA_PA, Dialogue, found
from tests.chatbot.fake_province import connection, place
from tests.chatbot.province_answers import named, place_named
from tests.chatbot.sent_documents import CheckedProvince

CHURCH = named("place", "P010", "the stone church")
OPENING = "tourism/PlaceOpening"


@pytest.fixture
def talk() -> Dialogue:
    talk = Dialogue(PLACES, CheckedProvince())
    talk.province.answers |= {
        "tourism/Place": {"place": place_named(id="P010")},
        OPENING: open_until("Open until 5:00 PM."),
    }
    return talk


def open_until(text: str | None) -> dict[str, Any]:
    return {"place": {"opening": text and {"isOpen": True, "text": text}}}


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        *[
            (text, True)
            for text in (
                "is the church open right now?",
                "when does it close? is it closed on mondays",
                "nhà thờ có mở cửa không",
                "bay gio con mo khong",
                "l'église est-elle ouverte ?",
                "c'est fermé le lundi ?",
                "教堂现在开放吗",
                "现在还开着吗",
                "지금 열려 있나요?",
                "영업 시간이 어떻게 되나요",
                "今開いていますか",
                "営業していますか",
            )
        ],
        ("what is near the church?", False),
        ("có gì gần đây không", False),
    ],
)
def test_what_is_open_is_asked_for_in_six_languages(text: str, is_asked: bool) -> None:
    assert asks_open(text) is is_asked


async def test_a_place_is_told_with_whether_it_is_open_now(talk: Dialogue) -> None:
    await talk.hear("place_info", CHURCH, text="is the stone church open?")

    assert talk.words.startswith("About Fansipan summit:\nNow: Open until 5:00 PM.\nWhere: ")
    assert talk.province.asked[-1] == (OPENING, {"id": "P010", "at": None})


async def test_without_the_question_nothing_is_asked_of_its_hours(talk: Dialogue) -> None:
    await talk.hear("place_info", CHURCH, text="what is the stone church")

    assert [name for name, _ in talk.province.asked] == ["tourism/Place"]


async def test_a_named_day_is_asked_for_at_noon(talk: Dialogue) -> None:
    await talk.hear("place_info", CHURCH, found("date", "2026-12-01"), text="open tomorrow?")

    assert "\n12/1/26, 12:00 PM: Open until 5:00 PM.\n" in talk.words.replace("\u202f", " ")
    assert talk.province.asked[-1] == (OPENING, {"id": "P010", "at": "2026-12-01T12:00:00+07:00"})


async def test_a_named_hour_is_asked_for_itself(talk: Dialogue) -> None:
    await talk.hear("place_info", CHURCH, found("time", "18:00/21:59"), text="open tonight?")

    assert talk.province.asked[-1] == (OPENING, {"id": "P010", "at": "2026-11-30T18:00:00+07:00"})


@pytest.mark.parametrize("answer", [open_until(None), {"place": None}])
async def test_hours_that_nobody_knows_are_not_known(
    talk: Dialogue, answer: dict[str, Any]
) -> None:
    talk.province.answers[OPENING] = answer

    await talk.hear("place_info", CHURCH, text="is it open?")

    assert "\nNow: opening hours not known\n" in talk.words


async def test_itself_is_the_place_that_was_told_of(talk: Dialogue) -> None:
    talk.province.answers["tourism/Places"] = {"places": connection(place(distance=1.0))}
    await talk.hear("find_nearby", CHURCH)

    await talk.hear("place_info", text="is the church itself open?")

    assert talk.province.asked[-1] == (OPENING, {"id": "P010", "at": None})


async def test_a_question_is_no_name_to_search_for(talk: Dialogue) -> None:
    await talk.hear("place_info", text="is it open?")

    assert talk.phrases == ["utter_which_place"]
    assert talk.province.asked == []


async def test_what_is_open_near_comes_first_and_each_with_its_opening(talk: Dialogue) -> None:
    talk.position = SA_PA
    near, far = place("P024", distance=100.0), place("P030", "Lake", distance=900.0)
    talk.province.answers |= {
        "tourism/Places": [{"places": connection(near, far)}, {"places": connection(far)}],
        OPENING: [open_until("Open until 5:00 PM."), open_until(None)],
    }

    await talk.hear("find_nearby", text="what is open near me right now?")

    assert talk.words == (
        "Near you:\n"
        "• Lake: 900 m\n"
        "Now: Open until 5:00 PM.\n"
        "• Silver Waterfall: 100 m\n"
        "Now: opening hours not known"
    )
    assert talk.province.asked[1][1]["openAt"] == NOW.isoformat()
