"""A schedule changes while patients take its places: each of them is told to the desk, none is lost."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import pytest

from api.context import Services
from api.health.schedules.differences import patients_of
from api.health.schedules.records import Schedule
from api.health.schedules.repository import ScheduleRepository
from api.health.slots import repository
from api.health.slots.errors import SlotNotFound, SlotTaken
from api.health.slots.repository import SlotRepository
from api.kit.formats import day_in_vietnam
from api.kit.store import Store
from api.kit.transactions import transact
from tests.health.places import MONDAY, Clinic, a_clinic

PATIENTS = 40


@contextmanager
def closed_places_can_be_taken() -> Generator[None]:
    with patch.object(repository, "FREE", {"room": {"$gt": 0}}):
        yield


async def raced(services: Services, store: Store) -> tuple[int, int, int]:
    """Return how many got a place while its day was taken out, were told of, and have it after."""
    clinic = await a_clinic(store, places=4, capacity=PATIENTS)
    tries = [_taken(store, clinic, number) for number in range(PATIENTS)]
    half = PATIENTS // 2

    *got, told = await asyncio.gather(*tries[:half], *tries[half:], _ended(services, store, clinic))

    slots = await SlotRepository(store).of_session(clinic.session.id)
    return sum(got), told, sum(map(patients_of, slots))


async def _taken(store: Store, clinic: Clinic, number: int) -> int:
    for _ in range(number % 7):
        await asyncio.sleep(0)
    try:
        await SlotRepository(store).take(clinic.slots[number % 4].id)
    except (SlotNotFound, SlotTaken):
        return 0
    return 1


async def _ended(services: Services, store: Store, clinic: Clinic) -> int:
    schedules = ScheduleRepository(store)
    day_before = day_in_vietnam(MONDAY).replace(day=3)
    ended: Schedule = replace(clinic.schedule, first_day=day_before, last_day=day_before)

    async def work() -> int:
        stored = await schedules.replace(ended)
        assert stored is not None
        return await services.health.places.making.replan(stored)

    return await transact(store, work)


async def test_whoever_has_a_place_is_told_of_when_it_leaves_the_plan(
    services: Services, store: Store
) -> None:
    got, told, have = await raced(services, store)

    assert got == told == have


async def test_without_the_guard_somebody_is_lost(services: Services, store: Store) -> None:
    with closed_places_can_be_taken():
        got, told, have = await raced(services, store)

    assert got == have == PATIENTS
    assert told < got


@pytest.mark.parametrize("places", [1, 2])
async def test_places_taken_at_once_are_never_more_than_there_are(
    store: Store, places: int
) -> None:
    clinic = await a_clinic(store, places=1, capacity=places)

    got = await asyncio.gather(*(_taken(store, clinic, 4 * number) for number in range(10)))

    (slot,) = await SlotRepository(store).of_session(clinic.session.id)
    assert (sum(got), slot.room) == (places, 0)
