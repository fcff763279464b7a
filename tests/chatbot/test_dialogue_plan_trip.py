"""A trip asked for piece by piece, read back with absolute times, planned, and refused in ways that go on."""

from typing import Any

import pytest
from dialogue.province import ProvinceUnreachable
from dialogue.saying import Shown, Step
from dialogue.state import State
from dialogue.tasks.places import PLACES
from dialogue.turn import Found

from tests.chatbot.dialogues import SA_PA, Dialogue, found
from tests.chatbot.fake_province import connection, place, text
from tests.chatbot.province_answers import (
    POINT,
    commune,
    named,
    place_named,
    remark,
    road,
    trip_item,
    trip_plan,
    trip_refusal,
)
from tests.chatbot.sent_documents import CheckedProvince

TOMORROW = found("date", "2026-12-01")
SA_PA_WARD = Found("commune", "03006", 13, 18, "Sa Pa")
"""As it stands in FROM_SA_PA."""
FROM_SA_PA = "a trip, from Sa Pa"
MARKETS = found("category", "market")
PLAN, COMMUNES = "guide/PlanTrip", "tourism/Communes"


@pytest.fixture
def talk() -> Dialogue:
    talk = Dialogue(PLACES, CheckedProvince())
    talk.province.answers |= {
        COMMUNES: commune("03006", "Sa Pa Ward"),
        PLAN: {"planTrip": trip_plan()},
        "tourism/Place": {"place": place_named()},
    }
    return talk


async def ready(talk: Dialogue, *more: Any) -> None:  # noqa: ANN401 - findings
    """Say everything at once, up to the read-back."""
    await talk.hear(
        "plan_trip", TOMORROW, SA_PA_WARD, MARKETS, *more, text="8 hours from Sa Pa tomorrow"
    )


def on_the_way(talk: Dialogue, *codes: str) -> None:
    """Have a plan that goes by these roads and no others."""
    way = trip_item("TRAVEL", "08:00", "08:40", roads=list(codes), place=place())
    day = {"date": "2026-12-01", "starts": "", "ends": "", "items": [way]}
    talk.province.answers[PLAN] = {"planTrip": trip_plan(days=[day])}


def sent(talk: Dialogue) -> list[dict[str, Any]]:
    return talk.province.inputs(PLAN)


async def test_what_is_missing_is_asked_for_one_by_one(talk: Dialogue) -> None:
    asked = []
    await talk.hear("plan_trip")
    asked.append(talk.words)
    await talk.tap(2)
    asked.append(talk.words)
    await talk.tap(2)
    asked.append(talk.words)
    await talk.tap(1)
    asked.append(talk.words)
    await talk.tap(2)

    assert asked == [
        "On which day does your trip begin?",
        "How many hours do you have?",
        "Where do you start from? Write the name of a commune, a ward or a place.",
        "What do you like to see most?",
    ]
    assert talk.words.replace("\u202f", " ") == (
        "Shall I plan this trip?\n"
        "Start: 12/1/26, 8:00 AM\n"
        "End: 12/1/26, 12:00 PM\n"
        "Starting from: Sa Pa Ward\n"
        "You like: Markets\n"
        "Travel times are those of a car. In the app you can also plan on foot, by motorbike or with a"
        " wheelchair."
    )
    assert sent(talk) == []


async def test_with_everything_said_at_once_only_a_yes_is_needed(talk: Dialogue) -> None:
    await ready(talk)
    await talk.hear("affirm")

    assert sent(talk) == [
        {
            "start": "2026-12-01T08:00:00+07:00",
            "end": "2026-12-01T16:00:00+07:00",
            "interests": ["MARKETS"],
            "withChildren": False,
            "must": [],
            "budget": None,
            "from": POINT,
            "to": None,
        }
    ]
    assert talk.words.replace("\u202f", " ") == (
        "Here is your plan.\n"
        "Tuesday, December 1, 2026:\n"
        "• 8:00 AM to 8:40 AM: on the way, by QL4D\n"
        "• 8:40 AM to 10:00 AM: Silver Waterfall\n"
        "• 11:30 AM to 12:30 PM: time to eat\n"
        "The pass is closed.\n"
        "No entrance fees are known.\n"
        "Ask me about roads and warnings before you leave. I do not keep this plan: the planner of the app can."
    )
    assert talk.state.shown == (Shown("place", "P024"),)
    assert [one["name"] for one in talk.said[0].points] == ["Silver Waterfall"]
    assert talk.state.form is None


@pytest.mark.parametrize(
    ("named_in", "way"),
    [
        ("en", "on the way, by QL4D, O Quy Ho pass, Link to Sa Pa"),
        ("vi", "on the way, by QL4D"),
    ],
)
async def test_a_road_without_a_number_is_named_in_the_readers_language_or_not_at_all(
    talk: Dialogue, named_in: str, way: str
) -> None:
    roads = [road("Đèo Ô Quý Hồ", "O Quy Ho pass"), road("Nối CT.05 - Sa Pa", "Link to Sa Pa")]
    for one in roads:
        one["name"]["language"] = named_in
    talk.province.answers["tourism/Roads"] = {"roads": connection(*roads)}
    on_the_way(talk, "QL4D", "Đèo Ô Quý Hồ", "Nối CT.05 - Sa Pa")
    await ready(talk)
    await talk.hear("affirm")

    assert talk.words.replace("\u202f", " ").splitlines()[2] == f"• 8:00 AM to 8:40 AM: {way}"


async def test_a_plan_comes_also_where_no_names_of_roads_do(talk: Dialogue) -> None:
    on_the_way(talk, "Đèo Ô Quý Hồ")
    await ready(talk)
    await talk.hear("affirm")

    assert talk.phrases == ["utter_trip"]
    assert "on the way" not in talk.words


async def test_two_days_begin_and_end_as_whole_days(talk: Dialogue) -> None:
    await talk.hear("plan_trip", TOMORROW, SA_PA_WARD, MARKETS, text="2 days, from Sa Pa, markets")
    await talk.hear("affirm")

    (trip,) = sent(talk)
    assert (trip["start"], trip["end"]) == (
        "2026-12-01T08:00:00+07:00",
        "2026-12-02T18:00:00+07:00",
    )


async def test_a_weekend_that_was_tapped_is_two_days(talk: Dialogue) -> None:
    await talk.hear("plan_trip", SA_PA_WARD, MARKETS, text=FROM_SA_PA)
    await talk.tap(3)
    await talk.hear("affirm")

    (trip,) = sent(talk)
    assert (trip["start"][:10], trip["end"][:10]) == ("2026-12-05", "2026-12-06")


async def test_a_correction_of_the_day_is_read_back_anew(talk: Dialogue) -> None:
    await ready(talk)

    await talk.hear("inform", found("date", "2026-12-03"), text="no, thursday")
    read_back = talk.words.replace("\u202f", " ")
    await talk.hear("affirm")

    assert "Start: 12/3/26, 8:00 AM" in read_back
    (trip,) = sent(talk)
    assert trip["start"] == "2026-12-03T08:00:00+07:00"


async def test_no_tomorrow_afternoon_tells_hours_as_well(talk: Dialogue) -> None:
    await ready(talk)

    await talk.hear("inform", TOMORROW, found("time", "13:00/17:59"), text="no, tomorrow afternoon")
    await talk.hear("affirm")

    (trip,) = sent(talk)
    assert (trip["start"][11:16], trip["end"][11:16]) == ("13:00", "18:00")


async def test_a_trip_of_today_does_not_begin_in_the_past(talk: Dialogue) -> None:
    await talk.hear(
        "plan_trip", found("date", "2026-11-30"), SA_PA_WARD, MARKETS, text="4 hours from Sa Pa"
    )
    await talk.hear("affirm")

    (trip,) = sent(talk)
    assert trip["start"] == "2026-11-30T08:15:00+07:00"


@pytest.mark.parametrize(
    ("date", "objection"),
    [
        ("2026-11-29", "utter_trip_day_past"),
        ("2028-03-01", "utter_trip_day_far"),
        ("2026-12-01/2026-12-09", "utter_trip_too_long"),
    ],
)
async def test_days_that_do_not_do_are_told_before_they_are_asked_again(
    talk: Dialogue, date: str, objection: str
) -> None:
    await talk.hear("plan_trip", found("date", date))

    assert talk.phrases == [objection, "utter_trip_which_day"]


async def test_hours_may_be_typed_as_a_bare_number(talk: Dialogue) -> None:
    await talk.hear("plan_trip", TOMORROW, SA_PA_WARD, MARKETS, text=FROM_SA_PA)
    await talk.hear("inform", text="6")
    await talk.hear("affirm")

    (trip,) = sent(talk)
    assert trip["end"] == "2026-12-01T14:00:00+07:00"


async def test_hours_beyond_a_day_are_refused(talk: Dialogue) -> None:
    await talk.hear("plan_trip", TOMORROW, SA_PA_WARD, MARKETS, text=FROM_SA_PA)
    await talk.hear("inform", text="20")

    assert talk.phrases == ["utter_trip_hours_bounds", "utter_trip_how_long"]
    assert talk.words.startswith("A day of a trip takes from 2 to 14 hours.")


async def test_named_places_are_seen_in_any_case_and_children_make_days_shorter(
    talk: Dialogue,
) -> None:
    wishes = (named("place", "P001", "Fansipan"), found("person", "2:child"))
    await ready(talk, *wishes, found("amount", "500000"))
    read_back = talk.words.replace("\xa0", " ")
    await talk.hear("affirm")

    assert "To see in any case: Fansipan summit\n" in read_back
    assert "Children come along: shorter days and more rests.\n" in read_back
    assert "Money for entrance fees: ₫500,000\n" in read_back
    (trip,) = sent(talk)
    assert (trip["must"], trip["withChildren"], trip["budget"]) == (["P001"], True, 500_000)


async def test_a_place_just_shown_is_meant_by_its_number(talk: Dialogue) -> None:
    talk.province.answers["tourism/Places"] = {"places": connection(place(), place("P030", "Lake"))}
    await talk.hear("find_nearby")

    await ready(talk, found("ordinal", "2"))
    await talk.hear("affirm")

    assert sent(talk)[0]["must"] == ["P030"]


async def test_a_place_is_where_it_starts_when_that_was_asked(talk: Dialogue) -> None:
    await talk.hear("plan_trip", TOMORROW, MARKETS, text="8 hours")
    await talk.hear("inform", named("place", "P001", "Fansipan"))
    await talk.hear("affirm")

    (trip,) = sent(talk)
    assert trip["must"] == []
    assert trip["from"] == place()["position"]


async def test_the_second_commune_is_where_it_ends(talk: Dialogue) -> None:
    both = {
        "communes": connection(
            {"code": "03006", "name": text("Sa Pa Ward"), "position": POINT},
            {"code": "02839", "name": text("Bac Ha Commune"), "position": SA_PA},
        )
    }
    talk.province.answers[COMMUNES] = both

    await ready(talk, named("commune", "02839", "Bắc Hà"))
    read_back = talk.words
    await talk.hear("affirm")

    assert "Starting from: Sa Pa Ward\nEnding at: Bac Ha Commune\n" in read_back
    assert sent(talk)[0]["to"] == SA_PA


async def test_from_here_uses_the_position_without_keeping_it(talk: Dialogue) -> None:
    talk.position = SA_PA
    await talk.hear("plan_trip", TOMORROW, MARKETS, text="8 hours")
    await talk.tap(1)
    read_back = talk.words
    kept = talk.state.to_json()
    await talk.hear("affirm")

    assert "Starting from: where you are" in read_back
    assert "22.336" not in kept
    assert sent(talk)[0]["from"] == SA_PA


async def test_a_position_that_is_not_shared_any_more_is_asked_for_again(talk: Dialogue) -> None:
    talk.position = SA_PA
    await talk.hear("plan_trip", TOMORROW, MARKETS, text="8 hours")
    await talk.tap(1)
    talk.position = None

    await talk.hear("affirm")

    assert talk.phrases == ["utter_refused", "utter_trip_from_where"]
    assert "Your position is not shared any more." in talk.words
    assert talk.said[1].steps == [Step.SHARE_POSITION]
    assert sent(talk) == []


async def test_a_commune_that_is_not_ours_is_asked_for_again(talk: Dialogue) -> None:
    await talk.hear("plan_trip", TOMORROW, MARKETS, text="8 hours")
    await talk.hear("inform", named("commune", "99999", "Hà Nội"))

    assert talk.phrases == ["utter_place_unknown", "utter_trip_from_where"]


async def test_everything_alike_by_a_no(talk: Dialogue) -> None:
    await talk.hear("plan_trip", TOMORROW, SA_PA_WARD, text="8 hours from Sa Pa")
    await talk.hear("deny", text="no preference")
    await talk.hear("affirm")

    assert sent(talk)[0]["interests"] == []


async def test_outside_the_province_only_the_start_is_asked_again(talk: Dialogue) -> None:
    refusal = trip_refusal("OUTSIDE_PROVINCE", "This position is outside the province.")
    talk.province.answers[PLAN] = {"planTrip": refusal}
    await ready(talk)

    await talk.hear("affirm")

    assert talk.phrases == ["utter_refused", "utter_trip_from_where"]
    assert talk.said[0].lines == [{"content": "This position is outside the province."}]


async def test_a_busy_planner_is_asked_again_by_another_yes(talk: Dialogue) -> None:
    busy = {"planTrip": trip_refusal("PLANNER_BUSY", "Many people are planning right now.")}
    talk.province.answers[PLAN] = [busy, {"planTrip": trip_plan()}]
    await ready(talk)
    await talk.hear("affirm")
    refused = talk.phrases

    await talk.hear("affirm")

    assert refused == ["utter_refused", "utter_trip_read_back"]
    assert talk.phrases == ["utter_trip"]
    first, second = sent(talk)
    assert first == second


async def test_a_wish_that_cannot_be_met_comes_with_the_nearest_plan(talk: Dialogue) -> None:
    why = {"placeId": "P001", "reason": remark("CLOSED", "The cable car is closed on Tuesday.")}
    refusal = trip_refusal(
        "MUSTS_NOT_POSSIBLE",
        "Not everything that you want to see is possible on this trip.",
        unmet=[why],
        nearest={"plan": trip_plan(), "without": ["P001"]},
    )
    talk.province.answers[PLAN] = {"planTrip": refusal}
    await ready(talk, named("place", "P001", "Fansipan"))

    await talk.hear("affirm")

    assert talk.phrases == ["utter_trip_not_all", "utter_trip_nearest"]
    assert "The cable car is closed on Tuesday." in talk.words
    assert "Silver Waterfall" in talk.words


async def test_an_empty_day_is_said_to_be_empty(talk: Dialogue) -> None:
    empty = [{"date": "2026-12-01", "starts": "", "ends": "", "items": []}]
    talk.province.answers[PLAN] = {"planTrip": trip_plan(days=empty, leftOut=[], notes=[])}
    await ready(talk)

    await talk.hear("affirm")

    assert "Tuesday, December 1, 2026:\nNothing can be visited on this day.\n" in talk.words


async def test_a_planner_that_cannot_be_reached_keeps_the_trip(talk: Dialogue) -> None:
    talk.province.answers[PLAN] = [ProvinceUnreachable(), {"planTrip": trip_plan()}]
    await ready(talk)
    await talk.hear("affirm")
    unreachable = talk.phrases

    await talk.hear("affirm")

    assert unreachable == ["utter_trip_slow"]
    assert talk.phrases == ["utter_trip"]


async def test_nobody_has_to_sign_in_and_no_word_is_kept(talk: Dialogue) -> None:
    talk.is_signed_in = False
    await ready(talk)
    kept = State.from_json(talk.state.to_json())

    assert kept.form is not None
    assert kept.form.slots == {
        "day": "2026-12-01",
        "hours": 8,
        "from": "commune:03006",
        "interests": "MARKETS",
    }


def two_communes(talk: Dialogue) -> None:
    talk.province.answers[COMMUNES] = {
        "communes": connection(
            {"code": "03006", "name": text("Sa Pa Ward"), "position": POINT},
            {"code": "02839", "name": text("Bac Ha Commune"), "position": SA_PA},
        )
    }


async def test_a_trip_to_one_commune_begins_at_the_other(talk: Dialogue) -> None:
    two_communes(talk)
    words = "a trip to Bac Ha starting from Sa Pa, half a day"
    goal = Found("commune", "02839", 10, 16, "Bắc Hà")
    start = Found("commune", "03006", 31, 36, "Sa Pa")

    await talk.hear("plan_trip", TOMORROW, goal, start, MARKETS, text=words)

    assert "Starting from: Sa Pa Ward\nEnding at: Bac Ha Commune\n" in talk.words
    assert talk.state.form is not None
    assert talk.state.form.slots["hours"] == 4


async def test_where_a_trip_leads_is_kept_when_its_start_is_told_later(talk: Dialogue) -> None:
    two_communes(talk)
    goal = Found("commune", "02839", 15, 21, "Bắc Hà")
    await talk.hear("plan_trip", TOMORROW, goal, MARKETS, text="plan a trip to Bac Ha, all day")

    await talk.hear("inform", Found("commune", "03006", 5, 10, "Sa Pa"), text="from Sa Pa")

    assert "Starting from: Sa Pa Ward\nEnding at: Bac Ha Commune\n" in talk.words


async def test_a_trip_from_and_to_one_commune_names_it_once(talk: Dialogue) -> None:
    goal = Found("commune", "03006", 15, 20, "Sa Pa")
    await talk.hear("plan_trip", TOMORROW, goal, MARKETS, text="plan a trip to Sa Pa, all day")

    await talk.hear("inform", found("commune", "03006"), text="Sa Pa")

    assert "Starting from: Sa Pa Ward\nYou like" in talk.words


async def test_a_start_that_was_read_back_is_corrected_by_a_name(talk: Dialogue) -> None:
    two_communes(talk)
    await ready(talk)

    await talk.hear("inform", Found("commune", "02839", 4, 10, "Bắc Hà"), text="no, Bac Ha")

    assert "Starting from: Bac Ha Commune\nYou like" in talk.words


async def test_a_second_hour_is_when_the_trip_ends(talk: Dialogue) -> None:
    hours = (found("time", "07:00"), found("time", "17:00"))

    await talk.hear(
        "plan_trip",
        TOMORROW,
        SA_PA_WARD,
        MARKETS,
        *hours,
        text="a trip, from Sa Pa 7 giờ về 17 giờ",
    )

    assert talk.words.replace("\u202f", " ").startswith(
        "Shall I plan this trip?\nStart: 12/1/26, 7:00 AM\nEnd: 12/1/26, 5:00 PM\n"
    )
