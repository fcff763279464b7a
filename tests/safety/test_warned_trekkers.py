"""Whoever is on a trip is warned of what happens on its way, wherever the phone was last seen."""

from datetime import timedelta

import httpx
import pytest

from api.context import Services
from api.kit.geo import Position
from api.safety.trips import repository
from api.safety.trips.repository import TRIPS
from tests.accounts.families import caller_of
from tests.accounts.people import SignedInPerson, new_key, signed_in
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import BAC_HA, SA_PA, alert, info, reference
from tests.alerts.stays.staying import a_phone_far_away
from tests.alerts.test_newcomers import comes, warned
from tests.conftest import MovableClock
from tests.contract.safety_world import a_trek
from tests.safety.rescue import a_point, do

LATER = "2026-05-01T16:10:00+07:00"
WEST_OF_SA_PA = Position(22.34, 103.70)
NEXT_TO_IT = Position(22.34, 103.795)
"""Half a kilometre outside the area."""
DAYS_LATER = info(expires="2026-05-06T22:00:00+07:00")


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


@pytest.fixture
async def phone(client: httpx.AsyncClient, mai: SignedInPerson) -> str:
    return await a_phone_far_away(client, mai, "phone-of-a-trekker")


@pytest.fixture
def due_at(clock: MovableClock) -> str:
    return (clock() + timedelta(hours=9)).isoformat()


async def plan(
    client: httpx.AsyncClient, person: SignedInPerson, due_at: str, *way: Position
) -> str:
    """Plan a trip and return its id."""
    points = [{"latitude": it.latitude, "longitude": it.longitude} for it in way]
    planned = await do(client, "PlanTrek", {**a_trek(due_at), "points": points}, person)
    trek_id: str = planned["trek"]["id"]
    return trek_id


async def warnings(phones: Phones, name: str) -> list[str]:
    """Deliver what is due, and return the identifiers' kinds of what a phone got of warnings."""
    await phones.deliver()
    sent = [one.notice for one in phones.sender.sent if one.device.id == name]
    return [one.data["type"] for one in sent if one.data["type"].startswith("alert")]


@pytest.mark.parametrize(
    ("way", "is_told"),
    [
        ((SA_PA,), True),
        ((WEST_OF_SA_PA, BAC_HA), True),
        ((NEXT_TO_IT,), True),
        ((WEST_OF_SA_PA,), False),
        ((BAC_HA,), False),
    ],
    ids=["there", "across", "just beside", "far beside", "elsewhere"],
)
async def test_a_trekker_is_warned_of_what_is_on_the_way(
    client: httpx.AsyncClient,
    door: Door,
    phones: Phones,
    mai: SignedInPerson,
    phone: str,
    due_at: str,
    way: tuple[Position, ...],
    is_told: bool,
) -> None:
    await plan(client, mai, due_at, *way)

    await door.accepts(alert())

    assert await warnings(phones, phone) == (["alert"] if is_told else [])


@pytest.mark.parametrize(
    ("way", "is_told"),
    [((WEST_OF_SA_PA, BAC_HA), True), ((WEST_OF_SA_PA,), False)],
    ids=["across", "far beside"],
)
async def test_a_trip_that_is_planned_while_a_warning_holds_is_answered_by_it_once(
    client: httpx.AsyncClient,
    door: Door,
    phones: Phones,
    mai: SignedInPerson,
    phone: str,
    due_at: str,
    way: tuple[Position, ...],
    is_told: bool,
) -> None:
    await door.accepts(alert())
    await phones.deliver()
    phones.clock.advance(minutes=5)
    await phones.deliver()

    await plan(client, mai, due_at, *way)
    for _ in range(2):
        phones.clock.advance(seconds=30)
        await phones.deliver()

    assert await warnings(phones, phone) == (["alert"] if is_told else [])


async def test_whoever_checked_in_from_there_is_warned(
    client: httpx.AsyncClient,
    door: Door,
    phones: Phones,
    services: Services,
    mai: SignedInPerson,
    phone: str,
    due_at: str,
) -> None:
    trek_id = await plan(client, mai, due_at, BAC_HA)
    caller = await caller_of(services, mai)
    point = a_point(position=SA_PA)
    await services.safety.trips.check_in(caller, trek_id, point, new_key())

    await door.accepts(alert())

    assert await warnings(phones, phone) == ["alert"]


async def looked_twice(phones: Phones) -> None:
    for _ in range(2):
        phones.clock.advance(seconds=30)
        await phones.deliver()


@pytest.mark.parametrize(("at", "is_told"), [(SA_PA, True), (BAC_HA, False)])
async def test_whoever_checks_in_from_there_while_a_warning_holds_is_told_once(
    client: httpx.AsyncClient,
    door: Door,
    phones: Phones,
    services: Services,
    mai: SignedInPerson,
    phone: str,
    due_at: str,
    at: Position,
    is_told: bool,
) -> None:
    trek_id = await plan(client, mai, due_at, BAC_HA)
    await warned(door, phones)
    caller = await caller_of(services, mai)

    await services.safety.trips.check_in(caller, trek_id, a_point(position=at), new_key())
    await looked_twice(phones)

    assert await warnings(phones, phone) == (["alert"] if is_told else [])


async def test_whoever_extends_a_trip_that_was_given_up_is_told(
    client: httpx.AsyncClient,
    door: Door,
    phones: Phones,
    services: Services,
    mai: SignedInPerson,
    phone: str,
    due_at: str,
) -> None:
    trek_id = await plan(client, mai, due_at, SA_PA)
    caller = await caller_of(services, mai)
    phones.clock.advance(hours=9 + 72)
    await warned(door, phones, alert(DAYS_LATER))
    before = await warnings(phones, phone)

    later = phones.clock() + timedelta(hours=5)
    await services.safety.trips.extend(caller, trek_id, later, new_key())
    await looked_twice(phones)

    assert before == []
    assert await warnings(phones, phone) == ["alert"]


async def test_a_trip_that_was_kept_before_it_said_when_is_met_by_when_it_was_planned(
    client: httpx.AsyncClient,
    door: Door,
    phones: Phones,
    mai: SignedInPerson,
    phone: str,
    due_at: str,
) -> None:
    await warned(door, phones)
    trek_id = await plan(client, mai, due_at, SA_PA)
    await phones.store[TRIPS].update_one({"_id": trek_id}, {"$unset": {"said_at": None}})

    await looked_twice(phones)

    assert await warnings(phones, phone) == ["alert"]


async def breaks(phones: Phones, trek_id: str) -> None:
    """Let the content of a trip be something that does not open."""
    await phones.store[TRIPS].update_one({"_id": trek_id}, {"$set": {"content": "no.such.key"}})


@pytest.mark.parametrize(("way", "is_told"), [(SA_PA, True), (BAC_HA, False)])
async def test_a_trip_that_does_not_open_is_where_its_commune_is_and_keeps_no_other_back(
    client: httpx.AsyncClient,
    services: Services,
    door: Door,
    phones: Phones,
    mai: SignedInPerson,
    phone: str,
    due_at: str,
    way: Position,
    is_told: bool,
) -> None:
    await breaks(phones, await plan(client, mai, due_at, way))
    other = await signed_in(client, services, "other@example.com")
    other_phone = await a_phone_far_away(client, other, "phone-of-another-trekker")
    await plan(client, other, due_at, SA_PA)

    await door.accepts(alert())

    assert await warnings(phones, phone) == (["alert"] if is_told else [])
    assert await warnings(phones, other_phone) == ["alert"]


async def test_a_trip_that_does_not_open_keeps_no_newcomer_back(
    client: httpx.AsyncClient,
    door: Door,
    phones: Phones,
    mai: SignedInPerson,
    phone: str,
    due_at: str,
) -> None:
    await warned(door, phones)

    await breaks(phones, await plan(client, mai, due_at, BAC_HA))
    await comes(phones, "traveller", SA_PA)
    phones.clock.advance(seconds=30)
    await phones.deliver()
    phones.clock.advance(seconds=30)
    await phones.deliver()

    assert await warnings(phones, phone) == []
    assert await warnings(phones, "traveller") == ["alert"]


async def test_whoever_is_back_is_not_but_hears_that_it_is_over(
    client: httpx.AsyncClient,
    door: Door,
    phones: Phones,
    mai: SignedInPerson,
    phone: str,
    due_at: str,
) -> None:
    trek_id = await plan(client, mai, due_at, SA_PA)
    await door.accepts(alert())
    await phones.deliver()
    await do(client, "CloseTrek", {"id": trek_id}, mai)

    await door.accepts(alert(identifier="flood-2", sent=LATER))
    over = info(response_type="AllClear")
    following = {"msg_type": "Update", "references": reference(), "sent": LATER}
    await door.accepts(alert(over, identifier="flood-3", **following))

    assert await warnings(phones, phone) == ["alert", "alert"]


@pytest.mark.parametrize(("hours", "is_told"), [(9 + 71, True), (9 + 72, False)])
async def test_whoever_has_long_been_overdue_is_not(
    client: httpx.AsyncClient,
    door: Door,
    phones: Phones,
    mai: SignedInPerson,
    phone: str,
    due_at: str,
    clock: MovableClock,
    hours: int,
    is_told: bool,
) -> None:
    await plan(client, mai, due_at, SA_PA)

    clock.advance(hours=hours)
    await door.accepts(alert(DAYS_LATER))

    assert await warnings(phones, phone) == (["alert"] if is_told else [])


async def test_planning_says_that_warnings_come(
    client: httpx.AsyncClient, mai: SignedInPerson, due_at: str
) -> None:
    planned = await do(client, "PlanTrek", a_trek(due_at), mai)

    assert planned["warningsNote"].startswith("Until you close this trip, warnings ")


async def test_trekkers_are_read_a_page_at_a_time_and_told_once(
    client: httpx.AsyncClient,
    services: Services,
    door: Door,
    phones: Phones,
    due_at: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(repository, "_READ_AT_ONCE", 2)
    expected: list[str] = []
    for number in range(3):
        trekker = await signed_in(client, services, f"trekker{number}@example.com")
        expected.append(await a_phone_far_away(client, trekker, f"phone-of-a-trekker-{number}"))
        for _ in range(3):
            await plan(client, trekker, due_at, SA_PA)

    await door.accepts(alert())

    assert [await warnings(phones, name) for name in expected] == [["alert"]] * 3
