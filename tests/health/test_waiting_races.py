"""People and workers who meet: one has it, the others do not, and everybody hears it once."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from unittest.mock import patch

import pytest

from api.accounts.sign_in.ways_in import WayKind
from api.context import Services
from api.health.appointments.records import Appointment
from api.health.moving.errors import NotCancelledByFacility
from api.health.reminders import texts as texts_of_reminders
from api.health.reminders.service import REMIND
from api.health.slots.errors import SlotTaken
from api.health.waitlist.offering import OFFER_PLACE, Offering
from api.kit.ids import new_id
from api.kit.jobs import JOBS
from tests.accounts.exporting import run_jobs
from tests.conftest import MovableClock
from tests.health.places import Clinic, a_clinic
from tests.health.test_moving import AWAY, a_clerk
from tests.health.waiting import (
    a_key,
    a_patient,
    a_phone,
    a_way,
    bodies,
    book,
    cancel,
    hold,
    join,
    kept_back,
    monday_at,
    offered,
    room,
    texts,
)

SEARCHERS = 12


@pytest.fixture
async def clinic(services: Services) -> Clinic:
    return await a_clinic(services.store, places=1)


@contextmanager
def places_are_not_kept_back() -> Generator[None]:
    async def nothing(*_: object) -> None:
        pass

    with patch.object(Offering, "place_freed", nothing):
        yield


@contextmanager
def each_run_says_another_thing() -> Generator[None]:
    def another_id(*_: object) -> str:
        return new_id()

    with patch.object(texts_of_reminders, "reminder_id", another_id):
        yield


async def snatched(services: Services, clinic: Clinic) -> int:
    """Return how many of those who search got a place that somebody waited for."""
    holder, waits = await a_patient(services, "Holder"), await a_patient(services, "Waits")
    booked = await book(services, holder, clinic.slots[0])
    await join(services, waits)
    searching = [await a_patient(services, f"Searches {number}") for number in range(SEARCHERS)]

    answers = await asyncio.gather(
        cancel(services, holder, booked),
        *(hold(services, caller, clinic.slots[0]) for caller in searching),
        return_exceptions=True,
    )

    refused = [it for it in answers[1:] if isinstance(it, SlotTaken)]
    return SEARCHERS - len(refused)


async def test_nobody_who_searches_gets_what_somebody_waits_for(
    services: Services, clock: MovableClock, clinic: Clinic
) -> None:
    assert await snatched(services, clinic) == 0
    assert await kept_back(services) == 1


async def test_control_a_place_that_is_not_kept_back_goes_to_who_searches(
    services: Services, clinic: Clinic
) -> None:
    with places_are_not_kept_back():
        assert await snatched(services, clinic) == 1


async def test_workers_who_run_the_same_jobs_make_one_offer(
    services: Services, clock: MovableClock, clinic: Clinic
) -> None:
    holder = await a_patient(services, "Holder")
    booked = await book(services, holder, clinic.slots[0])
    waiting = [await a_patient(services, f"Waits {number}") for number in range(4)]
    for caller in waiting:
        await a_phone(services, caller)
        await join(services, caller)
        clock.advance(seconds=1)
    await cancel(services, holder, booked)
    (job,) = await services.store[JOBS].find({"kind": OFFER_PLACE})
    offer = services.health.waiting.handlers()[OFFER_PLACE]

    await asyncio.gather(*(offer(job["payload"]) for _ in range(6)))
    await asyncio.gather(*(run_jobs(services, clock) for _ in range(3)))

    held = [await offered(services, caller) for caller in waiting]
    assert [it is not None for it in held] == [True, False, False, False]
    assert await room(services, clinic.slots[0]) == 0
    assert len(await bodies(services)) == 1


async def reminded_by_many(services: Services, clock: MovableClock, clinic: Clinic) -> int:
    """Return how often a reminder is said that several workers say, and a phone comes in between."""
    patient = await a_patient(services)
    await a_way(services, patient, WayKind.PHONE, "+84912000417")
    await book(services, patient, clinic.slots[0])
    jobs = await services.store[JOBS].find({"kind": REMIND})
    (job,) = [it for it in jobs if it["payload"]["kind"] == "day_before"]
    clock.now = job["due_at"]
    remind = services.health.waiting.handlers()[REMIND]
    await asyncio.gather(*(remind(job["payload"]) for _ in range(4)))
    await a_phone(services, patient)
    await asyncio.gather(*(remind(job["payload"]) for _ in range(4)))
    return len(await bodies(services)) + len(await texts(services))


async def test_what_many_workers_say_is_said_once(
    services: Services, clock: MovableClock, clinic: Clinic
) -> None:
    assert await reminded_by_many(services, clock, clinic) == 1


async def test_control_under_an_id_of_each_run_it_is_said_again_and_again(
    services: Services, clock: MovableClock, clinic: Clinic
) -> None:
    with each_run_says_another_thing():
        assert await reminded_by_many(services, clock, clinic) == 8


async def test_one_lost_place_is_replaced_once_however_many_are_tapped(
    services: Services, clock: MovableClock, clinic: Clinic
) -> None:
    patient, clerk = await a_patient(services), await a_clerk(services)
    lost = await book(services, patient, clinic.slots[0])
    cancelling = services.health.waiting.cancelling
    await cancelling.cancel_session(clerk, clinic.session.id, AWAY, a_key())
    await run_jobs(services, clock)
    there = [
        await a_clinic(services.store, places=1, start=monday_at(24 * day + 9))
        for day in range(1, 5)
    ]
    replacing = services.health.waiting.replacing

    answers = await asyncio.gather(
        *(replacing.take(patient, lost.id, it.slots[0].id, a_key()) for it in there),
        return_exceptions=True,
    )

    assert sum(isinstance(it, Appointment) for it in answers) == 1
    assert sum(isinstance(it, NotCancelledByFacility) for it in answers) == 3
    assert sorted([await room(services, it.slots[0]) for it in there]) == [0, 1, 1, 1]


async def test_a_session_that_two_desks_cancel_is_cancelled_once(
    services: Services, clock: MovableClock, clinic: Clinic
) -> None:
    patient = await a_patient(services)
    await a_phone(services, patient)
    await book(services, patient, clinic.slots[0])
    cancelling = services.health.waiting.cancelling
    clerks = [await a_clerk(services) for _ in range(2)]

    answers = await asyncio.gather(
        *(cancelling.cancel_session(clerk, clinic.session.id, AWAY, new_id()) for clerk in clerks)
    )
    await asyncio.gather(*(run_jobs(services, clock) for _ in range(3)))

    assert sorted(it.affected for it in answers) == [0, 1]
    assert len(await bodies(services)) == 1
    assert await room(services, clinic.slots[0]) == 1
