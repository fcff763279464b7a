"""What a desk writes about services, people and schedules, and what becomes of the places."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from api.accounts.caller import Caller, Grant, Role
from api.accounts.errors import NotAllowed
from api.context import Services
from api.health.directory import editing
from api.health.directory.facility import clerk_scope
from api.health.schedules.repository import HEALTH_SCHEDULES
from api.health.schedules.session_repository import HEALTH_SESSIONS, SessionRepository
from api.health.slots.repository import HEALTH_SLOTS, SlotRepository
from api.kit.audit_log import AUDIT_ROWS
from tests.accounts.exporting import run_jobs
from tests.accounts.families import caller_of
from tests.accounts.people import Answer, SignedInPerson, new_key
from tests.conftest import MovableClock
from tests.health.desks import a_clerk, ask, do, nodes, refused
from tests.health.places import ELSEWHERE, FACILITY, a_service

A_SERVICE: Answer = {
    "facilityId": FACILITY,
    "specialty": "general",
    "names": [{"language": "vi", "text": "Khám bệnh"}, {"language": "en", "text": "Check-up"}],
    "mode": "IN_PERSON",
    "payments": ["INSURANCE", "SELF_PAY"],
    "price": 150_000,
}
A_DOCTOR: Answer = {
    "facilityId": FACILITY,
    "name": "BS. Trần Thị Mẫu",
    "qualification": "BSCKI",
    "specialties": ["general"],
    "languages": ["vi", "en"],
}
AN_HOUR: Answer = {
    "weekday": "MONDAY",
    "opens": "07:00",
    "closes": "08:00",
    "slotMinutes": 15,
    "capacity": 2,
}
MONDAY = datetime(2026, 5, 4, tzinfo=UTC)
_, SCOPE = clerk_scope(FACILITY)
MONDAYS = 13
"""From tests.conftest.NOW on, within 90 days."""


@pytest.fixture
async def clerk(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await a_clerk(client, services)


async def a_schedule(
    client: httpx.AsyncClient,
    clerk: SignedInPerson,
    **changes: Any,  # noqa: ANN401
) -> Answer:
    """Have a service, a doctor and a schedule; return it, its places not made yet."""
    service = (await do(client, "CreateService", A_SERVICE, clerk))["service"]
    doctor = (await do(client, "CreatePractitioner", A_DOCTOR, clerk))["practitioner"]
    values = {
        "facilityId": FACILITY,
        "serviceId": service["id"],
        "practitionerId": doctor["id"],
        "sessions": [AN_HOUR],
        "firstDay": "2026-05-02",
        **changes,
    }
    result = await do(client, "CreateSchedule", values, clerk)
    assert result["__typename"] == "CreateScheduleSuccess", result
    return {**result["schedule"], "service": service, "doctor": doctor}


async def places(services: Services) -> list[Answer]:
    """Return all places by time."""
    return await services.store[HEALTH_SLOTS].find({}, sort=[("start", 1)])


def shape(slots: list[Answer]) -> list[tuple[str, int, int, bool]]:
    """Return time, capacity, room and whether they are open, of the first Monday."""
    return [
        (f"{it['start']:%H:%M}", it["capacity"], it["room"], it["is_open"])
        for it in slots
        if it["start"] < MONDAY + timedelta(days=1)
    ]


async def test_a_schedule_makes_places_for_ninety_days(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, clerk: SignedInPerson
) -> None:
    await a_schedule(client, clerk)

    await run_jobs(services, clock)

    made = await places(services)
    assert len(made) == 4 * MONDAYS
    assert (made[0]["start"], made[-1]["end"]) == (
        MONDAY,
        MONDAY + timedelta(weeks=MONDAYS - 1, hours=1),
    )
    (kept,) = await nodes(client, "FacilitySchedules", {"facilityId": FACILITY}, clerk)
    assert (kept["madeUntil"], kept["affectedSlots"]) == ("2026-07-29", [])
    assert await services.store[HEALTH_SESSIONS].count({}) == MONDAYS


async def test_each_night_the_worker_adds_what_comes_into_reach(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, clerk: SignedInPerson
) -> None:
    await a_schedule(client, clerk)
    await run_jobs(services, clock)

    for _ in range(7):
        clock.advance(days=1)
        await run_jobs(services, clock)

    made = await places(services)
    assert len(made) == 4 * (MONDAYS + 1)
    assert made[-1]["start"] > MONDAY + timedelta(weeks=MONDAYS)


async def test_making_again_changes_nothing(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, clerk: SignedInPerson
) -> None:
    schedule = await a_schedule(client, clerk)
    await run_jobs(services, clock)
    made = await places(services)
    await SlotRepository(services.store).take(made[0]["_id"])

    own = await services.health.places.schedules.own(
        await caller_of(services, clerk), schedule["id"]
    )
    await services.health.places.making.make(own)

    assert await places(services) == [{**made[0], "room": 1}, *made[1:]]


async def test_old_places_are_forgotten(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, clerk: SignedInPerson
) -> None:
    await a_schedule(client, clerk)
    await run_jobs(services, clock)

    clock.advance(days=40)
    await run_jobs(services, clock)

    first = (await places(services))[0]
    assert first["start"] == MONDAY + timedelta(weeks=2)


async def test_a_changed_schedule_follows_but_for_what_patients_have(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, clerk: SignedInPerson
) -> None:
    schedule = await a_schedule(client, clerk)
    await run_jobs(services, clock)
    slots = SlotRepository(services.store)
    first, second = (await places(services))[:2]
    await slots.take(first["_id"])
    await slots.take(second["_id"])

    changed = await do(
        client,
        "UpdateSchedule",
        {
            "id": schedule["id"],
            "expectedVersion": 1,
            "sessions": [{**AN_HOUR, "slotMinutes": 20, "capacity": 1}],
        },
        clerk,
    )

    assert (changed["affectedPatients"], changed["schedule"]["version"]) == (1, 2)
    assert not any(it["is_open"] for it in await places(services))
    await run_jobs(services, clock)
    assert shape(await places(services)) == [
        ("00:00", 1, 0, True),
        ("00:15", 2, 1, False),
        ("00:20", 1, 1, True),
        ("00:30", 2, 2, False),
        ("00:40", 1, 1, True),
        ("00:45", 2, 2, False),
    ]
    (kept,) = await nodes(client, "FacilitySchedules", {"facilityId": FACILITY}, clerk)
    assert kept["affectedSlots"] == [
        {"slotId": second["_id"], "start": "2026-05-04T00:15:00+00:00", "patients": 1}
    ]


async def test_capacity_shrinks_as_patients_go(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, clerk: SignedInPerson
) -> None:
    schedule = await a_schedule(client, clerk)
    await run_jobs(services, clock)
    slots = SlotRepository(services.store)
    first = (await places(services))[0]["_id"]
    await slots.take(first)
    await slots.take(first)

    values = {
        "id": schedule["id"],
        "expectedVersion": 1,
        "sessions": [{**AN_HOUR, "capacity": 1}],
    }
    changed = await do(client, "UpdateSchedule", values, clerk)
    await run_jobs(services, clock)

    assert changed["affectedPatients"] == 1
    assert shape(await places(services))[0] == ("00:00", 2, 0, False)
    await slots.give_back(first)
    clock.advance(days=1)
    await run_jobs(services, clock)
    assert shape(await places(services))[0] == ("00:00", 1, 0, True)


async def test_an_absence_takes_days_out_and_puts_them_back(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, clerk: SignedInPerson
) -> None:
    schedule = await a_schedule(client, clerk)
    await run_jobs(services, clock)
    days = {"firstDay": "2026-05-04", "lastDay": "2026-05-10", "note": "Nghỉ phép"}

    taken = await do(
        client,
        "AddAbsence",
        {"scheduleId": schedule["id"], "expectedVersion": 1, **days},
        clerk,
    )
    await run_jobs(services, clock)

    (absence,) = taken["schedule"]["absences"]
    assert taken["affectedPatients"] == 0
    assert {open_ for *_, open_ in shape(await places(services))} == {False}
    assert await services.store[HEALTH_SESSIONS].count({}) == MONDAYS - 1

    values = {"scheduleId": schedule["id"], "expectedVersion": 2, "absenceId": absence["id"]}
    back = await do(client, "RemoveAbsence", values, clerk)
    await run_jobs(services, clock)

    assert back["schedule"]["absences"] == []
    assert {open_ for *_, open_ in shape(await places(services))} == {True}
    assert await services.store[HEALTH_SESSIONS].count({}) == MONDAYS
    again = await do(client, "RemoveAbsence", {**values, "expectedVersion": 3}, clerk)
    assert (again["code"], again["field"]) == ("NOT_FOUND", "absenceId")


async def test_an_ended_schedule_offers_nothing_more(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, clerk: SignedInPerson
) -> None:
    schedule = await a_schedule(client, clerk)
    await run_jobs(services, clock)

    values = {"id": schedule["id"], "expectedVersion": 1, "lastDay": "2026-05-10"}
    ended = await do(client, "EndSchedule", values, clerk)
    await run_jobs(services, clock)

    assert ended["schedule"]["lastDay"] == "2026-05-10"
    open_ones = [it["start"] for it in await places(services) if it["is_open"]]
    assert len(open_ones) == 4
    assert max(open_ones) < MONDAY + timedelta(days=1)


async def test_a_session_that_the_desk_ended_stays_ended(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, clerk: SignedInPerson
) -> None:
    await a_schedule(client, clerk)
    await run_jobs(services, clock)
    sessions, slots = SessionRepository(services.store), SlotRepository(services.store)
    session = await sessions.get((await places(services))[0]["session_id"])
    assert session is not None
    await sessions.change(session, close=True)
    await slots.close_session(session.id)

    clock.advance(days=1)
    await run_jobs(services, clock)

    assert {open_ for *_, open_ in shape(await places(services))} == {False}


@pytest.mark.parametrize("operation", ["UpdateService", "UpdatePractitioner"])
async def test_who_or_what_is_there_no_more_has_no_places(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    clerk: SignedInPerson,
    operation: str,
) -> None:
    schedule = await a_schedule(client, clerk)
    await run_jobs(services, clock)
    thing = schedule["service" if operation == "UpdateService" else "doctor"]
    await SlotRepository(services.store).take((await places(services))[0]["_id"])

    values = {"id": thing["id"], "expectedVersion": 1, "isActive": False}
    changed = await do(client, operation, values, clerk)

    assert changed["affectedPatients"] == 1
    assert not any(it["is_open"] for it in await places(services))
    await do(client, operation, {**values, "expectedVersion": 2, "isActive": True}, clerk)
    await run_jobs(services, clock)
    assert all(it["is_open"] for it in await places(services))


async def test_new_languages_reach_the_places_that_are_free(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, clerk: SignedInPerson
) -> None:
    schedule = await a_schedule(client, clerk)
    await run_jobs(services, clock)

    values = {"id": schedule["doctor"]["id"], "expectedVersion": 1, "languages": ["vi", "fr"]}
    await do(client, "UpdatePractitioner", values, clerk)
    await run_jobs(services, clock)

    assert {tuple(it["languages"]) for it in await places(services)} == {("vi", "fr")}
    assert all(it["is_open"] for it in await places(services))


async def test_one_key_creates_once(
    client: httpx.AsyncClient, services: Services, clerk: SignedInPerson
) -> None:
    key = new_key()

    once = await do(client, "CreateService", A_SERVICE, clerk, key=key)
    twice = await do(client, "CreateService", A_SERVICE, clerk, key=key)
    other = await do(client, "CreateService", {**A_SERVICE, "price": 1}, clerk, key=key)

    assert once == twice
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"
    (kept,) = await nodes(client, "FacilityServices", {"facilityId": FACILITY})
    assert kept["price"]["amount"] == 150_000


async def test_one_key_changes_once(
    client: httpx.AsyncClient, services: Services, clerk: SignedInPerson
) -> None:
    schedule, key = await a_schedule(client, clerk), new_key()
    values = {"id": schedule["id"], "expectedVersion": 1, "lastDay": "2026-06-01"}

    once = await do(client, "EndSchedule", values, clerk, key=key)
    twice = await do(client, "EndSchedule", values, clerk, key=key)

    assert once == twice
    assert once["schedule"]["version"] == 2


async def test_whoever_changes_an_older_version_looks_again(
    client: httpx.AsyncClient, services: Services, clerk: SignedInPerson
) -> None:
    schedule = await a_schedule(client, clerk)
    service = schedule["service"]["id"]

    results = await asyncio.gather(
        *(
            do(client, "UpdateService", {"id": service, "expectedVersion": 1, "price": it}, clerk)
            for it in (1, 2)
        )
    )
    late = await do(
        client,
        "UpdateSchedule",
        {"id": schedule["id"], "expectedVersion": 7, "worksOnHolidays": True},
        clerk,
    )

    assert sorted(it.get("code", "") for it in results) == ["", "CHANGED_MEANWHILE"]
    assert (late["code"], late["field"]) == ("CHANGED_MEANWHILE", "expectedVersion")
    (kept,) = await services.store[HEALTH_SCHEDULES].find({})
    assert (kept["version"], kept["works_on_holidays"]) == (1, False)


@pytest.mark.parametrize(
    ("operation", "values", "field"),
    [
        ("CreateService", {"specialty": "magic"}, "specialty"),
        ("CreateService", {"names": [{"language": "en", "text": "Check-up"}]}, "names"),
        ("CreateService", {"names": [{"language": "vi", "text": "x" * 121}]}, "names"),
        ("CreateService", {"names": [{"language": "vi", "text": "a"}] * 2}, "names"),
        ("CreateService", {"preparation": [{"language": "xx", "text": "a"}]}, "preparation"),
        ("CreateService", {"payments": []}, "payments"),
        ("CreateService", {"payments": ["SELF_PAY"] * 2}, "payments"),
        ("CreateService", {"price": -1}, "price"),
        ("CreatePractitioner", {"name": " "}, "name"),
        ("CreatePractitioner", {"name": "Ly\nPáo"}, "name"),
        ("CreatePractitioner", {"qualification": "x" * 121}, "qualification"),
        ("CreatePractitioner", {"specialties": []}, "specialties"),
        ("CreatePractitioner", {"specialties": ["magic"]}, "specialties"),
        ("CreatePractitioner", {"languages": ["Tiếng Việt"]}, "languages"),
        ("CreatePractitioner", {"languages": ["vi", "vi"]}, "languages"),
    ],
)
async def test_what_cannot_be_names_its_field_and_is_not_kept(
    client: httpx.AsyncClient,
    clerk: SignedInPerson,
    operation: str,
    values: Answer,
    field: str,
) -> None:
    base = A_SERVICE if operation == "CreateService" else A_DOCTOR

    result = await do(client, operation, {**base, **values}, clerk)

    assert (result["__typename"], result["field"]) == ("HealthError", field)
    assert await nodes(client, "FacilityServices", {"facilityId": FACILITY}) == []
    assert await nodes(client, "FacilityPractitioners", {"facilityId": FACILITY}) == []


async def test_a_schedule_is_of_what_the_facility_has(
    client: httpx.AsyncClient, services: Services, clerk: SignedInPerson
) -> None:
    schedule = await a_schedule(client, clerk)
    there = await a_clerk(client, services, ELSEWHERE, "there@example.com")
    theirs = {**A_SERVICE, "facilityId": ELSEWHERE}
    foreign = (await do(client, "CreateService", theirs, there))["service"]
    eyes = await do(client, "CreateService", {**A_SERVICE, "specialty": "ophthalmology"}, clerk)
    values = {"facilityId": FACILITY, "sessions": [AN_HOUR], "firstDay": "2026-05-02"}
    doctor = schedule["doctor"]["id"]

    results = [
        await do(client, "CreateSchedule", {**values, **more}, clerk)
        for more in (
            {"serviceId": foreign["id"]},
            {"serviceId": "nothing"},
            {"serviceId": schedule["service"]["id"], "practitionerId": "nobody"},
            {"serviceId": eyes["service"]["id"], "practitionerId": doctor},
        )
    ]

    assert [(it["code"], it["field"]) for it in results] == [
        ("NOT_FOUND", "serviceId"),
        ("NOT_FOUND", "serviceId"),
        ("NOT_FOUND", "practitionerId"),
        ("INVALID_SCHEDULE", "practitionerId"),
    ]
    assert await services.store[HEALTH_SCHEDULES].count({}) == 1


@pytest.mark.parametrize(
    ("operation", "values", "most"),
    [
        ("CreateService", A_SERVICE, "SERVICES_AT_MOST"),
        ("CreatePractitioner", A_DOCTOR, "PRACTITIONERS_AT_MOST"),
    ],
)
async def test_a_facility_has_so_many_at_most(
    client: httpx.AsyncClient,
    clerk: SignedInPerson,
    monkeypatch: pytest.MonkeyPatch,
    operation: str,
    values: Answer,
    most: str,
) -> None:
    monkeypatch.setattr(editing, most, 1)
    await do(client, operation, values, clerk)

    result = await do(client, operation, values, clerk)

    assert (result["code"], result["message"]) == ("LIMIT_REACHED", "There can be 1 at most.")


async def test_people_of_a_facility_are_listed_by_page(
    client: httpx.AsyncClient, clerk: SignedInPerson
) -> None:
    for name in ("BS. A", "BS. B", "BS. C"):
        await do(client, "CreatePractitioner", {**A_DOCTOR, "name": name}, clerk)

    first = await ask(client, "FacilityPractitioners", {"facilityId": FACILITY, "first": 2})
    after = {"facilityId": FACILITY, "first": 2, "after": first["pageInfo"]["endCursor"]}
    second = await ask(client, "FacilityPractitioners", after)

    names = [edge["node"]["name"] for page in (first, second) for edge in page["edges"]]
    assert sorted(names) == ["BS. A", "BS. B", "BS. C"]
    assert second["pageInfo"]["hasNextPage"] is False
    assert await refused(client, "FacilityPractitioners", {"facilityId": "nowhere"}) == "NOT_FOUND"


async def test_another_desk_changes_nothing(
    client: httpx.AsyncClient, services: Services, clerk: SignedInPerson
) -> None:
    schedule = await a_schedule(client, clerk)
    there = await a_clerk(client, services, ELSEWHERE, "there@example.com")
    before = await services.store[HEALTH_SCHEDULES].find({})
    of_it = {"id": schedule["id"], "expectedVersion": 1}

    results = [
        await do(client, "UpdateSchedule", {**of_it, "worksOnHolidays": True}, there),
        await do(client, "EndSchedule", of_it, there),
        await do(
            client,
            "UpdateService",
            {"id": schedule["service"]["id"], "expectedVersion": 1, "price": 0},
            there,
        ),
        await do(
            client,
            "UpdatePractitioner",
            {"id": schedule["doctor"]["id"], "expectedVersion": 1, "name": "Ai"},
            there,
        ),
        await do(client, "CreateService", A_SERVICE, there),
    ]

    assert [it["code"] for it in results] == [*["NOT_FOUND"] * 4, "NOT_ALLOWED"]
    assert await services.store[HEALTH_SCHEDULES].find({}) == before
    assert await refused(client, "FacilitySchedules", {"facilityId": FACILITY}, there) == (
        "NOT_ALLOWED"
    )


async def test_whose_role_was_taken_back_writes_nothing(
    client: httpx.AsyncClient, services: Services
) -> None:
    caller = Caller("former-clerk", "session", frozenset({Grant(Role.CLERK, SCOPE)}))
    service = a_service()

    with pytest.raises(NotAllowed):
        await services.health.places.editing.create_service(caller, service, new_key())

    assert await nodes(client, "FacilityServices", {"facilityId": FACILITY}) == []


async def test_what_the_desk_writes_is_audited(
    client: httpx.AsyncClient, services: Services, clerk: SignedInPerson
) -> None:
    schedule = await a_schedule(client, clerk)

    rows = await services.store[AUDIT_ROWS].find({"subject": schedule["id"]})

    (row,) = rows
    assert "health.schedule.create" in str(row)
    assert f"facility:{FACILITY}" in str(row)
    assert "Trần" not in str(await services.store[AUDIT_ROWS].find({}))


async def test_specialties_are_told_in_the_reader_s_language(client: httpx.AsyncClient) -> None:
    found = (await ask(client, "Specialties"))["specialties"]

    assert len(found) == 32
    assert found[0] == {
        "code": "general",
        "name": "General practice",
        "treats": "Whatever it is, when you do not know where to go; check-ups.",
    }


async def test_the_library_is_whole(client: httpx.AsyncClient) -> None:
    everything = await nodes(client, "Facilities")
    nearest = await nodes(
        client,
        "Facilities",
        {
            "near": {"latitude": 22.3364, "longitude": 103.8438},
            "specialty": "dentistry",
            "first": 2,
        },
    )

    assert len(everything) == 28
    assert [it["id"] for it in nearest] == [FACILITY, "bvdk-tinh-lao-cai"]
    assert nearest[0]["distance"] == pytest.approx(891, abs=1)
    one = await ask(client, "Facility", {"id": "bv-phoi-yen-bai"}, language="vi")
    assert one["name"] == {"text": "Bệnh viện Phổi tỉnh Yên Bái", "language": "vi"}
    assert one["isSample"] is True
    assert await ask(client, "Facility", {"id": "nowhere"}) is None
