"""kill -9 before every write: no place is lost or had twice, and nothing is said twice or forgotten."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from api.accounts.caller import Grant, Role, Scope, ScopeKind
from api.accounts.people.repository import Account, AccountRepository, Profile
from api.accounts.sign_in.ways_in import WayKind
from api.context import Services
from api.kit.store import Store
from tests.conftest import NOW, MovableClock
from tests.health.killed_waiting import CLERK, is_whole
from tests.health.places import FACILITY, Clinic, a_clinic
from tests.health.waiting import a_patient, a_phone, a_way, book, cancel, join, work
from tests.killing import killed

pytestmark = pytest.mark.own_file

PROCESS = "tests.health.killed_waiting"

Results = list[dict[str, dict[str, Any]]]


@pytest.fixture
async def clinic(services: Services) -> Clinic:
    return await a_clinic(services.store, places=2)


async def left_in(store: Store, folder: Path) -> Path:
    await store.scrub()
    shutil.copy(folder / "test.db", folder / "left.db")
    return folder


async def two_who_wait(services: Services, clock: MovableClock) -> tuple[str, str]:
    """Return the ids of two who wait, with phones, in order."""
    callers = [await a_patient(services, f"Waits {number}") for number in range(2)]
    for caller in callers:
        await a_phone(services, caller)
        await join(services, caller)
        clock.advance(seconds=1)
    first, second = callers
    return first.person(), second.person()


async def test_a_freed_place_comes_to_who_waits_whenever_it_is_killed(
    services: Services, store: Store, clock: MovableClock, clinic: Clinic, tmp_path: Path
) -> None:
    first, _ = await two_who_wait(services, clock)
    await book(services, await a_patient(services, "Holder"), clinic.slots[0])

    results = await killed(PROCESS, await left_in(store, tmp_path), "pass on")

    assert len(results) >= 15
    assert all(is_whole(it["found"]) for it in results)
    for it in results:
        assert is_whole(it["done"])
        assert it["done"]["offered"] == [first]
        assert (it["done"]["kept"], it["done"]["told"]) == (0, 1)


async def test_an_offer_that_ends_comes_to_the_next_whenever_it_is_killed(
    services: Services, store: Store, clock: MovableClock, clinic: Clinic, tmp_path: Path
) -> None:
    first, second = await two_who_wait(services, clock)
    holder = await a_patient(services, "Holder")
    booked = await book(services, holder, clinic.slots[0])
    clock.now = NOW
    await cancel(services, holder, booked)
    await work(services, clock)

    results = await killed(PROCESS, await left_in(store, tmp_path), "expire")

    assert len(results) >= 12
    assert all(is_whole(it["found"]) for it in results)
    assert all(it["found"]["offered"] in ([first], [], [second]) for it in results)
    for it in results:
        assert it["done"]["offered"] == [second]
        assert (it["done"]["kept"], it["done"]["told"]) == (0, 2)


async def test_a_cancelled_session_ends_for_all_and_each_hears_it_once(
    services: Services, store: Store, clinic: Clinic, tmp_path: Path
) -> None:
    scope = Scope(ScopeKind.FACILITY, FACILITY)
    clerk = Account(CLERK, "vi", Profile(), frozenset({Grant(Role.CLERK, scope)}), NOW)
    await AccountRepository(store, services.sealer).add(clerk)
    for number, slot in enumerate(clinic.slots):
        patient = await a_patient(services, f"Patient {number}")
        await a_phone(services, patient)
        await book(services, patient, slot)

    results = await killed(PROCESS, await left_in(store, tmp_path), "cancel session")

    assert len(results) >= 25
    assert all(is_whole(it["found"]) for it in results)
    for it in results:
        assert (it["done"]["alive"], it["done"]["room"], it["done"]["told"]) == (0, 2, 2)


async def test_a_reminder_is_said_once_whenever_it_is_killed(
    services: Services, store: Store, clinic: Clinic, tmp_path: Path
) -> None:
    reached_by_sms, reached_by_push = [await a_patient(services) for _ in range(2)]
    await a_way(services, reached_by_sms, WayKind.PHONE, "+84912000417")
    await a_phone(services, reached_by_push)
    for patient, slot in zip((reached_by_sms, reached_by_push), clinic.slots, strict=True):
        await book(services, patient, slot)

    results = await killed(PROCESS, await left_in(store, tmp_path), "remind")

    assert len(results) >= 8
    said = [(it["done"]["told"], it["done"]["texts"]) for it in results]
    assert said == [(1, 1)] * len(results)


async def test_control_without_transactions_a_place_is_lost_or_had_twice(
    services: Services, store: Store, clock: MovableClock, clinic: Clinic, tmp_path: Path
) -> None:
    await two_who_wait(services, clock)
    await book(services, await a_patient(services, "Holder"), clinic.slots[0])

    results = await killed(PROCESS, await left_in(store, tmp_path), "pass on", "unguarded")

    assert not all(is_whole(it["found"]) for it in results)
