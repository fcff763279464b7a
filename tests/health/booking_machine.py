"""Random lives of places, step by step beside a model that knows no database."""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from typing_extensions import override

from api.accounts.caller import Caller
from api.collections import COLLECTIONS
from api.health.appointments.booking import Wish
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.repository import ALIVE, AppointmentRepository
from api.health.appointments.wiring import booking_on
from api.health.directory.records import Payment
from api.health.slots.records import Slot
from api.health.slots.repository import SlotRepository
from api.kit.errors import DomainError
from api.kit.formats import day_in_vietnam
from api.kit.job_runner import JobRunner
from api.kit.jobs import Jobs
from api.kit.sealing import KeyFile, Sealer
from api.kit.store.sqlite import SqliteStore
from tests.accounts.people import new_key
from tests.conftest import NOW, MovableClock
from tests.health.patients import a_person
from tests.health.places import ELSEWHERE, FACILITY, MONDAY, a_clinic

PEOPLE = 3
TOMORROW = MONDAY - timedelta(days=2)
HELD, BOOKED, GONE = (
    AppointmentStatus.PENDING,
    AppointmentStatus.BOOKED,
    AppointmentStatus.CANCELLED,
)
WISH = Wish("ho và sốt", Payment.INSURANCE, "vi")
_WHO, _PICK = st.integers(0, PEOPLE - 1), st.integers(0, 40)


@dataclass(slots=True)
class ModelAppointment:
    """What the model knows of one. `until`: of a hold."""

    id: str
    who: int
    slot: Slot
    status: AppointmentStatus
    until: datetime

    @property
    def is_alive(self) -> bool:
        return self.status is not GONE


class BookingMachine(RuleBasedStateMachine):
    """Each step does one thing in the product and in the model, which must agree."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp(prefix="booking-"))
        self.clock = MovableClock(NOW)
        self.mine: list[ModelAppointment] = []
        self.runner.run(self.begin())

    async def begin(self) -> None:
        self.store = SqliteStore(self.folder / "test.db", self.clock)
        await self.store.open(COLLECTIONS)
        self.sealer = Sealer(KeyFile(self.folder / "keys.json", self.clock))
        jobs = Jobs(self.store, self.clock)
        self.booking = booking_on(self.store, self.sealer, jobs, self.clock)
        self.jobs = JobRunner(self.store, self.clock, self.booking.handlers())
        self.people: list[Caller] = [await a_person(self.store, self.sealer) for _ in range(PEOPLE)]
        narrow = await a_clinic(self.store, FACILITY, places=3, capacity=1, start=TOMORROW)
        wide = await a_clinic(self.store, ELSEWHERE, places=2, capacity=2, start=TOMORROW)
        later = await a_clinic(self.store, FACILITY, places=3, capacity=1, start=MONDAY)
        self.slots = [*narrow.slots, *wide.slots, *later.slots]

    @override
    def teardown(self) -> None:
        self.runner.run(self.store.close())
        self.runner.close()
        shutil.rmtree(self.folder)

    @rule(who=_WHO, pick=_PICK)
    def hold(self, who: int, pick: int) -> None:
        slot = self.slots[pick % len(self.slots)]
        self.let_go()
        expected = self.may_have(who, slot)
        asked = self.booking.holding.hold(self.people[who], slot.id, None, "vi", new_key())
        held = self.run(asked)
        assert (held is not None) == expected
        if held is not None:
            until = self.clock() + timedelta(minutes=5)
            assert (held.status, held.held_until) == (HELD, until)
            self.mine.append(ModelAppointment(held.id, who, slot, HELD, until))

    @rule(pick=_PICK, stranger=st.sampled_from([0, 0, 0, 1]))
    def book(self, pick: int, stranger: int) -> None:
        if one := self.picked(pick):
            who = (one.who + stranger) % PEOPLE
            self.let_go()
            expected = one.status is HELD and one.who == who
            asked = self.booking.booking.book(self.people[who], one.id, WISH, new_key())
            assert (self.run(asked) is not None) == expected
            if expected:
                one.status = BOOKED

    @rule(pick=_PICK)
    def release(self, pick: int) -> None:
        if one := self.picked(pick):
            self.let_go()
            expected = one.status is HELD
            asked = self.booking.holding.release(self.people[one.who], one.id, new_key())
            assert (self.run(asked) is not None) == expected
            if expected:
                one.status = GONE

    @rule(pick=_PICK, place=_PICK)
    def reschedule(self, pick: int, place: int) -> None:
        if one := self.picked(pick):
            slot = self.slots[place % len(self.slots)]
            self.let_go()
            expected = self.may_move(one, slot)
            asked = self.booking.rescheduling.reschedule(
                self.people[one.who], one.id, slot.id, new_key()
            )
            moved = self.run(asked)
            assert (moved is not None) == expected
            if moved is not None:
                one.status = GONE
                self.mine.append(ModelAppointment(moved.id, one.who, slot, BOOKED, NOW))

    @rule(pick=_PICK)
    def cancel(self, pick: int) -> None:
        if one := self.picked(pick):
            expected = one.status is BOOKED and one.slot.start > self.clock()
            asked = self.booking.cancelling.cancel(self.people[one.who], one.id, new_key())
            assert (self.run(asked) is not None) == expected
            if expected:
                one.status = GONE

    @rule(minutes=st.sampled_from([1, 5, 60, 1_200]))
    def wait(self, minutes: int) -> None:
        """Time goes on; the worker is down."""
        self.clock.advance(minutes=minutes)

    @rule()
    def work(self) -> None:
        """The worker runs what is due, and nothing is held any more whose time is over."""
        self.runner.run(self.jobs.run_due())
        self.let_go()
        held = self.runner.run(self.kept()).values()
        assert all(it.held_until is None or it.held_until > self.clock() for it in held)

    @invariant()
    def every_place_is_had_or_to_be_had(self) -> None:
        """Room and living appointments make the capacity, at any moment."""

        async def rooms() -> list[int]:
            slots = await SlotRepository(self.store).get_many([it.id for it in self.slots])
            return [slots[it.id].room for it in self.slots]

        alive = Counter(
            it.slot_id for it in self.runner.run(self.kept()).values() if it.status in ALIVE
        )
        assert self.runner.run(rooms()) == [it.capacity - alive[it.id] for it in self.slots]

    @invariant()
    def all_is_as_the_model_says(self) -> None:
        kept = self.runner.run(self.kept())
        for one in self.mine:
            is_due = one.status is HELD and one.until <= self.clock()
            assert kept[one.id].status is one.status or (is_due and kept[one.id].status is GONE)
        numbers = [(it.session_id, it.queue_number) for it in kept.values() if it.queue_number]
        assert len(numbers) == len(set(numbers))

    def let_go(self) -> None:
        for one in self.mine:
            if one.status is HELD and one.until <= self.clock():
                one.status = GONE

    def may_have(self, who: int, slot: Slot) -> bool:
        ahead = self.ahead(who)
        holds = sum(it.status is HELD for it in ahead)
        return holds < 3 and len(ahead) < 6 and self.fits(ahead, slot)

    def may_move(self, one: ModelAppointment, slot: Slot) -> bool:
        is_ahead = one.status is BOOKED and one.slot.start > self.clock()
        others = [it for it in self.ahead(one.who) if it is not one]
        return is_ahead and slot is not one.slot and len(others) < 6 and self.fits(others, slot)

    def fits(self, ahead: list[ModelAppointment], slot: Slot) -> bool:
        had = sum(it.is_alive and it.slot is slot for it in self.mine)
        that_day = [it for it in ahead if _day(it.slot) == _day(slot)]
        here = [it for it in that_day if it.slot.facility_id == slot.facility_id]
        is_to_come = slot.start > self.clock()
        return is_to_come and had < slot.capacity and len(that_day) < 3 and not here

    def ahead(self, who: int) -> list[ModelAppointment]:
        return [
            it for it in self.mine if it.who == who and it.is_alive and it.slot.start > self.clock()
        ]

    def picked(self, pick: int) -> ModelAppointment | None:
        return self.mine[pick % len(self.mine)] if self.mine else None

    async def kept(self) -> dict[str, Appointment]:
        appointments = AppointmentRepository(self.store, self.sealer)
        return await appointments.get_many([it.id for it in self.mine])

    def run(self, asked: Awaitable[Appointment]) -> Appointment | None:
        """Return what was answered, None for a refusal."""

        async def answered() -> Appointment | None:
            try:
                return await asked
            except DomainError:
                return None

        return self.runner.run(answered())


def _day(slot: Slot) -> object:
    return day_in_vietnam(slot.start)
