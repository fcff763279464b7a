"""Broken off behind any of its writes, a step has changed nothing; without the transaction it would have."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from api.accounts.caller import Caller
from api.context import Services
from api.health.appointments.records import Appointment
from api.health.appointments.repository import HEALTH_APPOINTMENTS, AppointmentRepository
from api.health.appointments.wiring import BookingServices
from api.health.schedules.session_repository import HEALTH_SESSIONS, SessionRepository
from api.health.slots.repository import HEALTH_SLOTS, SlotRepository
from api.kit import transactions
from api.kit.idempotency import IDEMPOTENCY_KEYS
from api.kit.jobs import JOBS, Jobs
from api.kit.store import Document, Store
from tests.accounts.people import new_key
from tests.health.killed_bookers import WISH
from tests.health.patients import a_person
from tests.health.places import MONDAY, Clinic, a_clinic

Step = Callable[[BookingServices, Caller, Appointment, Clinic], Awaitable[object]]


async def hold(booking: BookingServices, who: Caller, _: Appointment, clinic: Clinic) -> object:
    return await booking.holding.hold(who, clinic.slots[1].id, None, "vi", new_key())


async def book(booking: BookingServices, who: Caller, held: Appointment, _: Clinic) -> object:
    return await booking.booking.book(who, held.id, WISH, new_key())


async def release(booking: BookingServices, who: Caller, held: Appointment, _: Clinic) -> object:
    return await booking.holding.release(who, held.id, new_key())


async def move(booking: BookingServices, who: Caller, one: Appointment, clinic: Clinic) -> object:
    return await booking.rescheduling.reschedule(who, one.id, clinic.slots[2].id, new_key())


async def cancel(booking: BookingServices, who: Caller, one: Appointment, _: Clinic) -> object:
    return await booking.cancelling.cancel(who, one.id, new_key())


TAKE, GIVE = (SlotRepository, "take"), (SlotRepository, "give_back")
ADD, REPLACE = (AppointmentRepository, "add"), (AppointmentRepository, "replace")
NUMBER, ASK = (SessionRepository, "take_number"), (Jobs, "enqueue")
BROKEN: list[tuple[Step, bool, tuple[type, str]]] = [
    *((hold, False, write) for write in (TAKE, ASK, ADD)),
    *((book, False, write) for write in (NUMBER, REPLACE)),
    *((release, False, write) for write in (REPLACE, GIVE)),
    *((move, True, write) for write in (TAKE, NUMBER, REPLACE, GIVE, ADD)),
    *((cancel, True, write) for write in (REPLACE, GIVE)),
]
NAMES = [f"{step.__name__}-{write[1]}" for step, _, write in BROKEN]


class Killed(BaseException):
    """What a process that ends looks like from inside."""


async def broken_off(
    services: Services,
    patch: pytest.MonkeyPatch,
    step: Step,
    write: tuple[type, str],
    *,
    is_booked: bool,
) -> tuple[object, object]:
    """Let a step end behind one of its writes; return all that is kept, before and after."""
    booking = services.health.booking
    who = await a_person(services.store, services.sealer)
    clinic = await a_clinic(services.store, capacity=1)
    other_day = await a_clinic(services.store, start=MONDAY + timedelta(days=1))
    first = other_day.slots[0]
    one = await booking.holding.hold(who, first.id, None, "vi", new_key())
    if is_booked:
        one = await booking.booking.book(who, one.id, WISH, new_key())
    owner, name = write
    written = getattr(owner, name)

    async def and_no_more(*args: Any, **named: Any) -> object:  # noqa: ANN401
        await written(*args, **named)
        raise Killed

    before = await everything(services.store)
    patch.setattr(owner, name, and_no_more)
    with pytest.raises(Killed):
        await step(booking, who, one, clinic)
    return before, await everything(services.store)


async def everything(store: Store) -> list[list[Document]]:
    kept = (HEALTH_APPOINTMENTS, HEALTH_SLOTS, HEALTH_SESSIONS, JOBS, IDEMPOTENCY_KEYS)
    return [await store[spec].find({}) for spec in kept]


@pytest.mark.parametrize(("step", "is_booked", "write"), BROKEN, ids=NAMES)
async def test_broken_off_it_changed_nothing(
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
    step: Step,
    is_booked: bool,
    write: tuple[type, str],
) -> None:
    before, after = await broken_off(services, monkeypatch, step, write, is_booked=is_booked)

    assert before == after


async def test_without_a_transaction_half_of_it_would_be_there(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def once(_: Store, work: Callable[[], Awaitable[object]]) -> object:
        return await work()

    monkeypatch.setattr(transactions, "_once", once)

    before, after = await broken_off(services, monkeypatch, move, TAKE, is_booked=True)

    assert before != after
