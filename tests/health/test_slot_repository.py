from dataclasses import replace
from datetime import timedelta

import pytest

from api.health.schedules.errors import SessionClosed, SessionNotFound
from api.health.schedules.session_repository import SessionRepository
from api.health.slots.errors import SlotNotFound, SlotTaken
from api.health.slots.repository import SlotRepository
from api.kit.store import Store
from tests.health.places import FACILITY, MONDAY, a_clinic

WEEK = timedelta(days=7)


@pytest.fixture
def slots(store: Store) -> SlotRepository:
    return SlotRepository(store)


async def test_a_place_is_taken_as_often_as_it_has_room(
    store: Store, slots: SlotRepository
) -> None:
    clinic = await a_clinic(store, capacity=2)
    slot = clinic.slots[0]

    rooms = [(await slots.take(slot.id)).room for _ in range(2)]

    assert rooms == [1, 0]
    with pytest.raises(SlotTaken):
        await slots.take(slot.id)
    assert await slots.get(slot.id) == replace(slot, room=0)


async def test_what_is_given_back_can_be_taken_again(store: Store, slots: SlotRepository) -> None:
    slot = (await a_clinic(store)).slots[0]
    await slots.take(slot.id)

    given = await slots.give_back(slot.id)

    assert given == slot
    assert await slots.take(slot.id) == replace(slot, room=0)


async def test_closed_places_cannot_be_taken(store: Store, slots: SlotRepository) -> None:
    clinic = await a_clinic(store)

    closed = await slots.close_session(clinic.session.id)

    assert closed == 4
    with pytest.raises(SlotNotFound):
        await slots.take(clinic.slots[0].id)
    with pytest.raises(SlotNotFound):
        await slots.take("no such place")


async def test_making_twice_makes_once_and_leaves_what_is_had(
    store: Store, slots: SlotRepository
) -> None:
    clinic = await a_clinic(store)
    await slots.take(clinic.slots[0].id)

    made = await slots.make(clinic.slots)

    assert made == 0
    assert [slot.room for slot in await slots.of_session(clinic.session.id)] == [0, 1, 1, 1]


async def test_a_search_sees_only_what_can_be_had(store: Store, slots: SlotRepository) -> None:
    clinic = await a_clinic(store)
    had, closed, *left = clinic.slots
    await slots.take(had.id)
    await slots.close([closed.id])
    stream = {"facility_id": FACILITY, "specialty": "general", "is_remote": False}

    found = await slots.free(stream, MONDAY, MONDAY + WEEK, limit=10)

    assert found == left
    page = await slots.free(
        stream, MONDAY, MONDAY + WEEK, limit=10, after=(left[0].start, left[0].id)
    )
    assert page == left[1:]


@pytest.mark.parametrize(("capacity", "room"), [(4, 2), (3, 1), (2, 0)])
async def test_capacity_changes_as_far_as_patients_allow(
    store: Store, slots: SlotRepository, capacity: int, room: int
) -> None:
    slot = (await a_clinic(store, capacity=3)).slots[0]
    await slots.take(slot.id)
    await slots.take(slot.id)

    changed = await slots.change_capacity(slot.id, 3, capacity)

    assert changed == replace(slot, capacity=capacity, room=room)


@pytest.mark.parametrize(("was", "capacity"), [(3, 1), (2, 5)])
async def test_capacity_stays_when_more_have_the_place_or_it_was_another(
    store: Store, slots: SlotRepository, was: int, capacity: int
) -> None:
    slot = (await a_clinic(store, capacity=3)).slots[0]
    await slots.take(slot.id)
    await slots.take(slot.id)

    assert await slots.change_capacity(slot.id, was, capacity) is None
    assert await slots.get(slot.id) == replace(slot, room=1)


async def test_numbers_of_a_queue_go_up_until_it_is_closed(store: Store) -> None:
    sessions = SessionRepository(store)
    session = (await a_clinic(store)).session

    numbers = [await sessions.take_number(session.id) for _ in range(3)]
    current = await sessions.get(session.id)
    assert current is not None
    closed = await sessions.change(current, close=True)

    assert numbers == [1, 2, 3]
    assert closed is not None
    assert closed.next_number == 4
    with pytest.raises(SessionClosed):
        await sessions.take_number(session.id)
    with pytest.raises(SessionNotFound):
        await sessions.take_number("no such session")


async def test_only_sessions_without_a_number_are_removed(store: Store) -> None:
    sessions = SessionRepository(store)
    used, unused = (await a_clinic(store)).session, (await a_clinic(store)).session
    await sessions.take_number(used.id)

    removed = await sessions.remove_unused([used.id, unused.id])

    assert removed == 1
    assert set(await sessions.get_many([used.id, unused.id])) == {used.id}
