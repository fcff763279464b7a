"""What a seed gives to development, and what hospitals are called where roles are given."""

from datetime import timedelta

import httpx

from api.accounts.caller import Scope, ScopeKind
from api.context import Services
from api.health.directory.facility import FacilityLibrary, shipped_facilities
from api.health.directory.names import FacilityNames
from api.health.directory.records import ServiceMode
from api.health.directory.repository import DirectoryRepository
from api.health.schedules.repository import HEALTH_SCHEDULES
from api.health.seeding import DAYS_MADE, samples, seed_samples
from api.health.slots.repository import HEALTH_SLOTS
from api.kit.jobs import JOBS
from api.kit.store import Store
from api.students.schools.names import SchoolNames
from api.students.schools.school import shipped_schools
from api.worker import runners_of
from locales import AVAILABLE
from tests.conftest import MovableClock
from tests.health.desks import nodes
from tests.health.places import FACILITY, a_clinic


async def seeded(services: Services, clock: MovableClock) -> int:
    """Seed two facilities."""
    known = shipped_facilities().facilities
    some = FacilityLibrary({one: known[one] for one in (FACILITY, "bv-phoi-yen-bai")})
    return await seed_samples(services.store, some, services.health.places.making, clock)


def test_every_facility_has_something_to_book(clock: MovableClock) -> None:
    made = list(samples(shipped_facilities(), clock))

    assert {it.service.facility_id for it in made} == set(shipped_facilities().facilities)
    assert sum(it.service.mode is ServiceMode.REMOTE for it in made) == 11
    assert all(set(it.service.names) == set(AVAILABLE) for it in made)
    assert all("mẫu" in it.practitioner.qualification for it in made)


async def test_a_seed_makes_places_that_are_found(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, store: Store
) -> None:
    added = await seeded(services, clock)

    assert added == 4
    found = await nodes(client, "FindSlots", {"specialty": "general", "first": 1})
    assert found[0]["start"] == "2026-05-04T00:00:00+00:00"
    (last,) = await store[HEALTH_SLOTS].find({}, sort=[("start", -1)], limit=1)
    assert last["start"] < clock() + timedelta(days=DAYS_MADE)
    assert await store[JOBS].count({"kind": "health.make_slots"}) == 4


async def test_seeding_again_adds_nothing_and_overwrites_nothing(
    services: Services, clock: MovableClock, store: Store
) -> None:
    await seeded(services, clock)
    directory = DirectoryRepository(store)
    (first, *_) = await directory.services_of(FACILITY)
    before = await store[HEALTH_SCHEDULES].find({}), await store[HEALTH_SLOTS].count({})

    assert await seeded(services, clock) == 0
    assert await directory.service(first.id) == first
    after = await store[HEALTH_SCHEDULES].find({}), await store[HEALTH_SLOTS].count({})
    assert after == before


def test_facilities_and_schools_have_names_where_roles_are_given() -> None:
    names = FacilityNames(shipped_facilities(), SchoolNames(shipped_schools()))

    told = [
        names.name_of(Scope(kind, one), "vi")
        for kind, one in (
            (ScopeKind.FACILITY, FACILITY),
            (ScopeKind.SCHOOL, "s07"),
            (ScopeKind.FACILITY, "nowhere"),
        )
    ]

    assert told == ["Bệnh viện đa khoa khu vực Sa Pa", "THPT số 1 Sa Pa", "nowhere"]


def test_facilities_and_schools_are_known_where_roles_are_given() -> None:
    names = FacilityNames(shipped_facilities(), SchoolNames(shipped_schools()))

    known = [
        names.is_known(Scope(kind, one))
        for kind, one in (
            (ScopeKind.FACILITY, FACILITY),
            (ScopeKind.FACILITY, "s07"),
            (ScopeKind.SCHOOL, "s07"),
            (ScopeKind.SCHOOL, FACILITY),
            (ScopeKind.MERCHANT, "may-cafe"),
        )
    ]

    assert known == [True, False, True, False, True]


async def test_places_are_made_in_a_lane_where_no_warning_waits(
    services: Services, clock: MovableClock
) -> None:
    clinic = await a_clinic(services.store)
    await services.health.places.making.begin(clinic.schedule)

    ran = [await runner.run_due() for runner in runners_of(services, clock)]

    *before, last = ran
    assert last == 1
    assert not any(before)
