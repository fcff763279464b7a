"""What a plan says of its places and meals is true, and does not contradict itself."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.guide.planner.road_graph import shipped_graph
from api.guide.planner.routing_problem import NO_RESTS, Day, Meal, RoutingProblem, Stop
from api.guide.planner.timetable import ItemKind, laid_out
from api.guide.planner.trip_plan import TripPlan
from api.guide.planner.trip_request import TripRequest
from api.kit.geo import Position
from api.tourism.place_lists import PlaceFound
from tests.guide.planner.test_properties import BAC_HA, FRIDAY, Province, answered
from tests.guide.planner.trips import codes, planned, refused, visits
from tests.tourism.content import SA_PA, a_place

MU_CANG_CHAI = Position(21.850, 104.087)
ON_SATURDAY = FRIDAY + timedelta(days=1, hours=8)


def two_neighbours_at_bac_ha(*musts: str) -> TripPlan:
    """Return a plan from Sa Pa to two places two and a half hours away, and back."""
    beside = Position(BAC_HA.latitude + 0.01, BAC_HA.longitude)
    found = [
        PlaceFound(a_place(place_id, position=at, opening_hours="24/7"), None, None, ())
        for place_id, at in (("P1", BAC_HA), ("P2", beside))
    ]
    ends = ON_SATURDAY + timedelta(hours=10)
    request = TripRequest(ON_SATURDAY, ends, SA_PA, SA_PA, SA_PA, musts=musts)
    plan = asyncio.run(answered(Province(tuple(found), ()), request))
    assert isinstance(plan, TripPlan)
    return plan


def on_the_way(plan: TripPlan) -> list[str]:
    return [
        visit.place.place.id
        for visit in plan.visits
        if visit.place and "ON_THE_WAY" in {reason.code.name for reason in visit.reasons}
    ]


def test_a_wish_is_what_the_way_is_made_for() -> None:
    assert on_the_way(two_neighbours_at_bac_ha("P1", "P2")) == []


def test_of_two_neighbours_far_away_one_is_not_on_the_way() -> None:
    plan = two_neighbours_at_bac_ha()

    assert len(plan.visits) == 2
    assert len(on_the_way(plan)) == 1


@pytest.mark.usefixtures("province")
async def test_uncertain_hours_are_not_told_as_if_they_were_known(
    client: httpx.AsyncClient,
) -> None:
    plan = await planned(client, must=["P003"])

    told = {it["place"]["id"]: (codes(it["reasons"]), codes(it["notes"])) for it in visits(plan)}
    assert "HOURS_UNCERTAIN" in told["P003"][1]
    for reasons, notes in told.values():
        assert not ("OPEN_THEN" in reasons and "HOURS_UNCERTAIN" in notes)


def a_drive(starts: int) -> RoutingProblem:
    """Return a day with lunch from 11:00 to 12:30 that begins with three hours on the road."""
    day = Day(starts, 1200, 0, 1, 0, (Meal(660, 750, 60),))
    stop = Stop(1, 60, ((480, 1200),), 100, is_must=False, holds_meal=False)
    return RoutingProblem((stop,), (day,), (((0, 180), (180, 0)),), 0, 60, 3.0)


@pytest.mark.parametrize(
    ("starts", "kinds"),
    [
        (570, ["TRAVEL", "MEAL", "VISIT"]),
        (600, ["TRAVEL", "MEAL", "TRAVEL", "VISIT"]),
        (630, ["MEAL", "TRAVEL", "VISIT"]),
    ],
)
def test_people_eat_before_or_after_a_long_way_rather_than_on_it(
    starts: int, kinds: list[str]
) -> None:
    problem = a_drive(starts)

    items = laid_out(problem, problem.days[0], (0,), NO_RESTS)

    assert items is not None
    assert [item.kind.name for item in items][: len(kinds)] == kinds


def a_market_and_a_village(market_closes: int, village_opens: int) -> RoutingProblem:
    """Return a day with lunch from 11:00 to 12:30, whose visits are a quarter of an hour apart."""
    day = Day(600, 1200, 0, 0, 0, (Meal(660, 750, 60),))
    market = Stop(1, 90, ((360, market_closes),), 100, is_must=True, holds_meal=False)
    village = Stop(2, 60, ((village_opens, 1200),), 100, is_must=True, holds_meal=False)
    minutes = ((0, 15, 15), (15, 0, 15), (15, 15, 0))
    return RoutingProblem((market, village), (day,), (minutes,), 0, 60, 3.0)


@pytest.mark.parametrize(
    ("market_closes", "village_opens", "eaten_at"), [(720, 480, 2), (780, 480, 1), (720, 840, 1)]
)
def test_people_eat_where_it_is_open_if_they_can(
    market_closes: int, village_opens: int, eaten_at: int
) -> None:
    problem = a_market_and_a_village(market_closes, village_opens)

    items = laid_out(problem, problem.days[0], (0, 1), NO_RESTS)

    assert items is not None
    (meal,) = [item for item in items if item.kind is ItemKind.MEAL]
    assert (meal.start_point, meal.end_point) == (eaten_at, eaten_at)


def test_nobody_is_told_to_eat_at_a_place_that_is_closed_then() -> None:
    market = a_place("P1", position=BAC_HA, opening_hours="06:00-12:00")
    starts, ends = ON_SATURDAY + timedelta(hours=1), ON_SATURDAY + timedelta(hours=10)
    request = TripRequest(starts, ends, SA_PA, SA_PA, SA_PA, musts=("P1",))
    province = Province((PlaceFound(market, None, None, ()),), ())

    plan = asyncio.run(answered(province, request))

    assert isinstance(plan, TripPlan)
    (day,) = plan.days
    (meal,) = [item for item in day.items if item.kind is ItemKind.MEAL]
    assert meal.ends > ON_SATURDAY.replace(hour=5, minute=0)
    assert meal.place is None
    assert [str(note.values["town"]) for note in meal.notes] == ["Bắc Hà"]


def test_who_eats_on_the_way_is_told_in_which_town() -> None:
    terraces = a_place("P1", position=MU_CANG_CHAI, opening_hours="24/7")
    starts, ends = ON_SATURDAY + timedelta(hours=1), ON_SATURDAY + timedelta(hours=10)
    request = TripRequest(starts, ends, SA_PA, SA_PA, MU_CANG_CHAI, musts=("P1",))
    province = Province((PlaceFound(terraces, None, None, ()),), ())

    plan = asyncio.run(answered(province, request))

    assert isinstance(plan, TripPlan)
    (day,) = plan.days
    (meal,) = [item for item in day.items if item.kind is ItemKind.MEAL]
    (note,) = meal.notes
    assert note.code.name == "MEAL_ON_THE_WAY"
    assert str(note.values["town"]) == "Văn Bàn"
    in_language = {it: note.text(str, it) for it in ("vi", "en", "zh-Hans", "fr", "ko", "ja")}
    assert in_language == {
        "vi": "Stop on your way to eat, in or near Văn Bàn.",
        "en": "Stop on your way to eat, in or near Van Ban.",
        "zh-Hans": "Stop on your way to eat, in or near 文磐.",
        "fr": "Stop on your way to eat, in or near Van Ban.",
        "ko": "Stop on your way to eat, in or near 반반.",
        "ja": "Stop on your way to eat, in or near ヴァンバン.",
    }


def test_every_town_has_a_name_in_the_letters_of_the_reader() -> None:
    towns = [it for it in shipped_graph().junctions.values() if it.is_town]

    unnamed = [it.id for it in towns if not {"vi", "en", "fr", "ko", "ja"} <= set(it.names)]

    assert unnamed == []


@pytest.mark.usefixtures("province")
@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("en", "The nearest place to begin from is Lung Po flag tower."),
        ("vi", "là Cột cờ Lũng Pô."),
    ],
)
async def test_outside_the_province_the_nearest_place_is_named_in_the_language_of_the_reader(
    client: httpx.AsyncClient, language: str, message: str
) -> None:
    from_outside: dict[str, Any] = {"from": {"latitude": 22.85, "longitude": 103.6}}

    refusal = await refused(client, language=language, **from_outside)

    assert refusal["code"] == "OUTSIDE_PROVINCE"
    assert refusal["message"].endswith(message)


@pytest.mark.usefixtures("province")
@pytest.mark.parametrize("language", ["en", "fr", "ko", "ja", "zh-Hans"])
async def test_no_pass_is_a_place_to_begin_from(client: httpx.AsyncClient, language: str) -> None:
    near_the_pass: dict[str, Any] = {"from": {"latitude": 21.25, "longitude": 104.55}}

    refusal = await refused(client, language=language, **near_the_pass)

    assert refusal["code"] == "OUTSIDE_PROVINCE"
    assert "Đèo" not in refusal["message"]
