"""Plans through the contract, over the province that the product ships."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.conditions.roads.road_event import RoadEventKind
from api.context import Services
from api.guide.planner.preparation import (
    HURRIED_SECONDS_AT_MOST,
    SECONDS_AT_MOST,
    Trip,
    prepared,
)
from api.guide.planner.road_graph import shipped_graph
from tests.accounts.people import MAI, SignedInPerson, signed_in
from tests.alerts.conftest import Door
from tests.alerts.messages import alert, area, info, polygon
from tests.conditions.test_roads import added as road_event
from tests.conftest import MovableClock
from tests.guide.planner.trips import (
    AT_BAC_HA,
    AT_SA_PA,
    SATURDAY,
    SUNDAY,
    a_trip,
    codes,
    places,
    planned,
    refused,
    replanned,
    roads,
    visits,
)
from tests.tourism.closures.ways_to_close import closed

pytestmark = pytest.mark.usefixtures("province")

ALL_OF_SA_PA = area(polygon("22.2,103.7 22.2,104.0 22.43,104.0 22.43,103.7 22.2,103.7"))


async def test_two_days_have_visits_meals_and_ways(client: httpx.AsyncClient) -> None:
    plan = await planned(client)

    assert [day["date"] for day in plan["days"]] == [SATURDAY, SUNDAY]
    for day in plan["days"]:
        kinds = [item["kind"] for item in day["items"]]
        assert kinds.count("VISIT") >= 2
        assert "MEAL" in kinds or any(item["includesMeal"] for item in day["items"])
    assert plan["leftOut"] == []
    assert plan["travelSource"] == "MODEL"
    assert codes(plan["notes"]) == ["TRAVEL_BY_MODEL"]


async def test_the_sunday_market_is_on_sunday_morning_and_the_plan_says_why(
    client: httpx.AsyncClient,
) -> None:
    from_bac_ha: dict[str, Any] = {"from": AT_BAC_HA}

    plan = await planned(client, must=["P055"], interests=["MARKETS"], **from_bac_ha)

    (market,) = [visit for visit in visits(plan) if visit["place"]["id"] == "P055"]
    assert market["starts"].startswith(f"{SUNDAY}T")
    assert market["ends"] <= f"{SUNDAY}T12:00:00+07:00"
    assert market["isMust"]
    assert [reason["text"] for reason in market["reasons"][:3]] == [
        "You want to see it.",
        "It suits what you like: Markets.",
        "It is market day there: Sunday, May 3, 2026.",
    ]


async def test_the_reasons_are_in_the_language_of_the_reader(client: httpx.AsyncClient) -> None:
    plan = await planned(client, language="vi", must=["P003"])

    (church,) = [visit for visit in visits(plan) if visit["place"]["id"] == "P003"]
    assert church["reasons"][0] == {"code": "YOUR_WISH", "text": "Bạn muốn xem nơi này."}


async def test_what_is_avoided_is_not_in_the_plan(client: httpx.AsyncClient) -> None:
    before = places(await planned(client))

    after = places(await planned(client, avoid=before))

    assert not set(before) & set(after)
    assert after


async def test_a_closed_road_is_not_used_and_the_plan_says_so(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    closure = await closed(client, editor, wayId="ĐT.152")

    plan = await planned(client)

    assert "ĐT.152" not in roads(plan)
    road, *left = plan["leftOut"]
    assert road["road"] == "ĐT.152"
    assert road["closureId"] == closure["id"]
    assert road["reason"] == {"code": "CLOSED", "text": "It is closed: Landslide."}
    assert {"P014"} <= {it["place"]["id"] for it in left}
    assert {it["reason"]["code"] for it in left} == {"ROAD_CLOSED"}


async def test_a_stretch_that_a_clerk_closed_is_not_used_and_the_plan_says_so(
    client: httpx.AsyncClient, services: Services
) -> None:
    graph = shipped_graph()
    stretch = next(it for it in graph.stretches if "ĐT.152" in it.roads)
    line = (graph.junctions[stretch.start].position, graph.junctions[stretch.end].position)
    event = await road_event(services, kind=RoadEventKind.CLOSURE, road="ĐT.152", line=line)

    plan = await planned(client)

    assert "ĐT.152" not in roads(plan)
    road = plan["leftOut"][0]
    assert (road["road"], road["roadEventId"], road["closureId"]) == ("ĐT.152", event.id, None)
    assert road["reason"]["code"] == "CLOSED"


async def test_a_closed_stretch_under_a_closure_is_said_once(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    closure = await closed(client, editor, wayId="ĐT.152")
    graph = shipped_graph()
    stretch = next(it for it in graph.stretches if "ĐT.152" in it.roads)
    line = (graph.junctions[stretch.start].position, graph.junctions[stretch.end].position)
    await road_event(services, kind=RoadEventKind.CLOSURE, road="ĐT.152", line=line)

    plan = await planned(client)

    left = [it for it in plan["leftOut"] if it["road"]]
    assert [it["closureId"] for it in left] == [closure["id"]]


async def test_a_must_behind_a_closed_road_is_refused_by_name_with_a_plan_of_the_rest(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    await closed(client, editor, wayId="ĐT.152")

    refusal = await refused(client, must=["P014", "P003"])

    assert refusal["code"] == "MUSTS_NOT_POSSIBLE"
    assert [(it["placeId"], it["reason"]["code"]) for it in refusal["unmet"]] == [
        ("P014", "ROAD_CLOSED")
    ]
    assert "P003" in places(refusal["nearest"]["plan"])


async def test_a_closed_place_is_left_out(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    await closed(client, editor, way="PLACE", wayId="P010")

    plan = await planned(client)

    assert "P010" not in places(plan)
    assert [(it["place"]["id"], it["reason"]["code"]) for it in plan["leftOut"]] == [
        ("P010", "CLOSED")
    ]


async def test_a_severe_warning_bars_its_area_until_it_ends(
    client: httpx.AsyncClient, door: Door
) -> None:
    block = info("en", areas=ALL_OF_SA_PA, expires=f"{SUNDAY}T06:00:00+07:00", headline="Flood")
    await door.accepts(alert(block))

    plan = await planned(client)

    saturday, sunday = plan["days"]
    assert [item for item in saturday["items"] if item["kind"] == "VISIT"] == []
    assert [item for item in sunday["items"] if item["kind"] == "VISIT"] != []
    assert plan["leftOut"][0]["reason"] == {
        "code": "UNDER_ALERT",
        "text": "A warning is in force there: Flood",
    }


async def test_a_moderate_warning_bars_nothing(client: httpx.AsyncClient, door: Door) -> None:
    await door.accepts(alert(info(areas=ALL_OF_SA_PA, severity="Moderate", expires=None)))

    plan = await planned(client)

    assert plan["leftOut"] == []


async def test_a_trip_wholly_under_a_warning_is_refused_with_when_it_ends(
    client: httpx.AsyncClient, door: Door
) -> None:
    await door.accepts(alert(info(areas=ALL_OF_SA_PA, expires="2026-05-04T06:00:00+07:00")))

    refusal = await refused(client)

    assert refusal["code"] == "NOTHING_POSSIBLE"
    assert datetime.fromisoformat(refusal["nearest"]["starts"]) == datetime(
        2026, 5, 3, 23, tzinfo=UTC
    )


async def test_a_place_that_is_closed_on_these_days_names_the_next_one(
    client: httpx.AsyncClient,
) -> None:
    refusal = await refused(client, must=["P060"])  # Cốc Ly: on Tuesdays

    (unmet,) = refusal["unmet"]
    assert unmet["reason"] == {
        "code": "CLOSED_THEN",
        "text": "It cannot be visited on these days.",
    }
    assert unmet["nextPossible"] == "2026-05-05T06:00:00+07:00"
    assert places(refusal["nearest"]["plan"])


async def test_two_markets_of_one_morning_exclude_each_other(client: httpx.AsyncClient) -> None:
    sunday = {"start": f"{SUNDAY}T05:00:00+07:00", "end": f"{SUNDAY}T18:00:00+07:00"}

    refusal = await refused(client, must=["P055", "P042"], **sunday)

    (unmet,) = refusal["unmet"]
    kept = {"P055", "P042"} - {unmet["placeId"]}
    assert unmet["reason"]["code"] == "EXCLUDED"
    assert set(unmet["excludedBy"]) == kept
    assert kept <= set(places(refusal["nearest"]["plan"]))


async def test_a_climb_of_two_days_takes_too_long(client: httpx.AsyncClient) -> None:
    refusal = await refused(client, must=["P033"])

    assert codes([it["reason"] for it in refusal["unmet"]]) == ["TAKES_TOO_LONG"]


async def test_a_walker_stays_near(client: httpx.AsyncClient) -> None:
    refusal = await refused(client, mobility="ON_FOOT", must=["P055"])

    assert codes([it["reason"] for it in refusal["unmet"]]) == ["OUT_OF_REACH"]


async def test_a_day_grows_for_a_must_in_the_evening(client: httpx.AsyncClient) -> None:
    plan = await planned(client, must=["P007"], end="2026-05-03T22:00:00+07:00")

    (market,) = [visit for visit in visits(plan) if visit["place"]["id"] == "P007"]
    assert market["starts"][10:] >= "T18:00:00+07:00"


async def test_a_wheelchair_meets_no_caves_and_is_told_what_is_not_known(
    client: httpx.AsyncClient,
) -> None:
    plan = await planned(client, mobility="WHEELCHAIR", interests=["NATURE"])

    assert not {"P001", "P022", "P024", "P025"} & set(places(plan))
    told = {it["place"]["id"]: "STEPS_UNKNOWN" in codes(it["notes"]) for it in visits(plan)}
    assert told
    assert {place_id for place_id, is_told in told.items() if not is_told} <= {"P006", "P027"}


async def test_a_village_on_steps_is_not_offered_to_a_wheelchair(
    client: httpx.AsyncClient,
) -> None:
    on_foot = await planned(client, interests=["VILLAGES"])

    plan = await planned(client, mobility="WHEELCHAIR", interests=["VILLAGES"])

    assert "P010" in places(on_foot)
    assert "P010" not in places(plan)


@pytest.mark.parametrize("steep", ["P001", "P010", "P025"])
async def test_a_must_with_steps_is_refused_to_a_wheelchair_by_name(
    client: httpx.AsyncClient, steep: str
) -> None:
    refusal = await refused(client, mobility="WHEELCHAIR", must=[steep, "P006"])

    assert [(it["placeId"], it["reason"]) for it in refusal["unmet"]] == [
        (steep, {"code": "HAS_STEPS", "text": "There are steps that a wheelchair cannot pass."})
    ]
    (lake,) = [it for it in visits(refusal["nearest"]["plan"]) if it["place"]["id"] == "P006"]
    assert "STEPS_UNKNOWN" not in codes(lake["notes"])


async def test_no_fees_are_known_and_the_plan_says_so(client: httpx.AsyncClient) -> None:
    plan = await planned(client, budget=200_000)

    assert plan["notes"][0]["code"] == "PRICES_UNKNOWN"
    assert "₫200,000" in plan["notes"][0]["text"]


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"start": "2026-05-02T08:00:00"}, "INVALID_MOMENT", "start"),
        ({"start": "2026-04-30T08:00:00+07:00"}, "STARTS_IN_PAST", "start"),
        ({"start": "0001-01-01T00:00:00+14:00"}, "STARTS_IN_PAST", "start"),
        ({"end": "2026-05-02T07:00:00+07:00"}, "ENDS_BEFORE_START", "end"),
        ({"end": "2026-05-09T18:00:00+07:00"}, "TRIP_TOO_LONG", "end"),
        ({"end": "9999-12-31T23:59:59-12:00"}, "TRIP_TOO_LONG", "end"),
        (
            {"start": "9999-12-31T00:00:00-12:00", "end": "9999-12-31T23:00:00-12:00"},
            "TRIP_TOO_FAR_AHEAD",
            "start",
        ),
        ({"start": "9999-12-31T23:59:59Z"}, "TRIP_TOO_FAR_AHEAD", "start"),
        ({"end": "2026-05-02T08:30:00+07:00"}, "TRIP_TOO_SHORT", "end"),
        ({"from": {"latitude": 21.03, "longitude": 105.85}}, "OUTSIDE_PROVINCE", "from"),
        ({"to": {"latitude": 21.03, "longitude": 105.85}}, "OUTSIDE_PROVINCE", "to"),
        ({"from": {"latitude": 91, "longitude": 0}}, "INVALID_POSITION", None),
        ({"budget": -1}, "INVALID_BUDGET", "budget"),
        ({"must": ["P003"], "avoid": ["P003"]}, "WANTED_AND_AVOIDED", "avoid"),
        ({"must": ["nowhere"]}, "UNKNOWN_PLACES", "must"),
        ({"must": [f"P{it:03}" for it in range(1, 22)]}, "TOO_MANY_PLACES", "must"),
        ({"avoid": ["x"] * 1 + [f"a{it}" for it in range(200)]}, "TOO_MANY_PLACES", "avoid"),
    ],
)
async def test_what_cannot_be_is_refused_by_name(
    client: httpx.AsyncClient, said: dict[str, Any], code: str, field: str | None
) -> None:
    refusal = await refused(client, **said)

    assert (refusal["code"], refusal["field"]) == (code, field)


async def test_outside_the_province_the_nearest_town_is_named(client: httpx.AsyncClient) -> None:
    from_outside: dict[str, Any] = {"from": {"latitude": 22.0, "longitude": 103.0}}

    refusal = await refused(client, language="vi", **from_outside)

    name = refusal["message"].removesuffix(".").rpartition(" là ")[2]
    assert refusal["message"].startswith("Vị trí này nằm ngoài tỉnh Lào Cai.")
    assert name
    assert refusal["nearest"]["position"] is not None


async def test_a_late_visitor_gets_the_rest_of_the_day_near_to_the_old_plan(
    client: httpx.AsyncClient, clock: MovableClock
) -> None:
    old = await planned(client)
    first, *rest = places(old)
    clock.now = datetime(2026, 5, 2, 4, tzinfo=UTC)  # 11:00 in the province
    values = {"trip": a_trip(), "position": AT_SA_PA, "planned": rest, "done": [first]}

    new = await replanned(client, values | {"skip": rest[-1:]})

    assert new["__typename"] == "TripPlan", new
    assert first not in places(new)
    assert rest[-1] not in places(new)
    assert min(item["starts"] for day in new["days"] for item in day["items"]) >= (
        f"{SATURDAY}T11:00:00+07:00"
    )
    assert len(set(places(new)) & set(rest)) >= len(rest) - 2
    assert any("KEPT" in codes(visit["reasons"]) for visit in visits(new))


async def test_a_trip_that_is_over_is_not_replanned(
    client: httpx.AsyncClient, clock: MovableClock
) -> None:
    clock.now = datetime(2026, 5, 4, tzinfo=UTC)

    answer = await replanned(client, {"trip": a_trip(), "position": AT_SA_PA, "planned": []})

    assert (answer["code"], answer["field"]) == ("NOT_DURING_TRIP", "now")


async def test_a_trip_is_not_replanned_at_the_end_of_all_calendars(
    client: httpx.AsyncClient,
) -> None:
    values: dict[str, Any] = {"trip": a_trip(), "position": AT_SA_PA, "planned": []}

    answer = await replanned(client, values | {"now": "9999-12-31T23:59:59Z"})

    assert (answer["code"], answer["field"]) == ("TRIP_TOO_FAR_AHEAD", "start")


async def test_the_same_question_gets_the_same_plan(client: httpx.AsyncClient) -> None:
    first = await planned(client, interests=["VILLAGES"])

    second = await planned(client, interests=["VILLAGES"])

    assert first == second


async def test_who_comes_while_many_plan_is_told_when_to_come_again(
    client: httpx.AsyncClient, services: Services
) -> None:
    async with AsyncExitStack() as others:
        for number in range(9):
            asker = f"somebody {number}"
            await others.enter_async_context(services.guide.planner.solvers.admitted(asker))

        refusal = await refused(client, language="fr")

    assert (refusal["code"], refusal["retryAfter"]) == ("PLANNER_BUSY", 5)
    assert refusal["message"] == (
        "Beaucoup de personnes planifient en ce moment. Réessayez dans 5 secondes."
    )


async def test_who_has_two_plans_made_waits_and_others_do_not(
    client: httpx.AsyncClient, services: Services, app: FastAPI
) -> None:
    person = await signed_in(client, services, MAI)
    async with AsyncExitStack() as own:
        for _ in range(2):
            await own.enter_async_context(
                services.guide.planner.solvers.admitted("address 127.0.0.1")
            )

        refusal = await refused(client)
        client.headers.update(person.headers)
        of_the_person = await planned(client)

    assert (refusal["code"], refusal["retryAfter"]) == ("TOO_MANY_AT_ONCE", 5)
    assert refusal["message"] == (
        "2 plans are being made for you already. Please try again in 5 seconds."
    )
    assert places(of_the_person)


async def test_all_addresses_of_one_line_are_one_asker(services: Services, app: FastAPI) -> None:
    async with AsyncExitStack() as own:
        for _ in range(2):
            asker = "address 2001:db8:1:2::/64"
            await own.enter_async_context(services.guide.planner.solvers.admitted(asker))
        transport = httpx.ASGITransport(app, client=("2001:db8:1:2::77", 1234))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as neighbour:
            refusal = await refused(neighbour)

    assert refusal["code"] == "TOO_MANY_AT_ONCE"


async def test_many_who_plan_at_once_keep_one_thread_busy_and_not_all(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work, most = 0, 0

    def watched(*asked: Any) -> Trip:  # noqa: ANN401 - as `prepared` takes it
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        trip = prepared(*asked)
        at_work -= 1
        return trip

    monkeypatch.setattr("api.guide.planner.service.prepared", watched)
    phones = [
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app, client=(f"192.0.2.{number}", 1234)),
            base_url="http://test",
        )
        for number in range(4)
    ]

    await asyncio.gather(*(planned(it) for it in phones))

    assert most == 1


async def test_a_plan_in_a_chat_is_searched_for_less_long(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds: list[float] = []

    def watched(*asked: Any) -> Trip:  # noqa: ANN401 - as `prepared` takes it
        trip = prepared(*asked)
        seconds.append(trip.whole.seconds_at_most)
        return trip

    monkeypatch.setattr("api.guide.planner.service.prepared", watched)
    ticket = services.tickets.issue("a-conversation", timedelta(minutes=2))

    await planned(client)
    client.headers["authorization"] = f"Bearer {ticket}"
    await planned(client)

    assert seconds == [SECONDS_AT_MOST, HURRIED_SECONDS_AT_MOST]
