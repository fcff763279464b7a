"""Makes places 90 days ahead: a chain of jobs, a day after the other, for each schedule.

A change of a schedule takes what is outdated out of the searches at once, and begins the chain anew;
the jobs of an older version find that, and end. Every step may be done twice, or again after a crash.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import structlog

from api.health.directory.repository import DirectoryRepository
from api.health.schedules.differences import Differences, differences
from api.health.schedules.planning import DAYS_AHEAD, Offer, Plan, days_from, planned
from api.health.schedules.records import Schedule, SessionState
from api.health.schedules.repository import ScheduleRepository
from api.health.schedules.session_repository import SessionRepository
from api.health.slots.records import Slot
from api.health.slots.repository import SlotRepository
from api.kit.clock import Clock
from api.kit.formats import VIETNAM_TIME, day_in_vietnam
from api.kit.ids import derived_id, new_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.kit.transactions import transact
from api.tourism.opening.holidays import HolidayCalendar

MAKE_SLOTS: Final = "health.make_slots"
DAYS_AT_ONCE = 7
SLOTS_KEPT_DAYS, SESSIONS_KEPT_DAYS = 30, 400
"""So long they stay after their day. An appointment says itself when it was."""
_BEGINS = time(0, 20, tzinfo=VIETNAM_TIME)

log = structlog.get_logger()


class SlotMaking:
    def __init__(self, store: Store, holidays: HolidayCalendar, jobs: Jobs, clock: Clock) -> None:
        self._store = store
        self._schedules = ScheduleRepository(store)
        self._sessions = SessionRepository(store)
        self._slots = SlotRepository(store)
        self._directory = DirectoryRepository(store)
        self._holidays = holidays
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {MAKE_SLOTS: self._make}

    async def begin(self, schedule: Schedule) -> None:
        """Ask for the places of a new schedule; joins the open transaction."""
        await self._ask(schedule, day_in_vietnam(self._clock()), self._clock())

    async def replan(self, schedule: Schedule) -> int:
        """Close what is outdated of a schedule and ask for the rest; joins the open transaction.

        Returns how many patients have a place that is no longer in the plan.
        """
        today = day_in_vietnam(self._clock())
        found = await self._differences(schedule, days_from(today, DAYS_AHEAD))
        await self._slots.close(found.outdated)
        await self._ask(schedule, today, self._clock(), new_id())
        return found.affected

    async def affected(self, schedule: Schedule) -> list[Slot]:
        """Return the closed places to come that patients have, by time."""
        now = self._clock()
        there = await self._slots.of_schedule(schedule.id, now, _end_of_time(now))
        ended = await self._ended_sessions(there)
        return [
            slot
            for slot in there
            if not slot.is_open and slot.room < slot.capacity and slot.session_id not in ended
        ]

    async def make(self, schedule: Schedule, days: int = DAYS_AHEAD) -> bool:
        """Make what is missing from today on; False when the schedule has another version by now."""
        remaining = days_from(day_in_vietnam(self._clock()), days)
        while remaining:
            some, remaining = remaining[:DAYS_AT_ONCE], remaining[DAYS_AT_ONCE:]
            if not await self._make_some(schedule, some):
                return False
        return True

    async def _make(self, payload: Mapping[str, Any]) -> None:
        schedule = await self._schedules.get(payload["schedule"])
        if schedule is None or schedule.version != payload["version"]:
            return
        if not await self.make(schedule):
            return
        await self._forget_old(schedule)
        tomorrow = day_in_vietnam(self._clock()) + timedelta(days=1)
        if schedule.last_day is None or tomorrow <= schedule.last_day:
            await self._ask(schedule, tomorrow, datetime.combine(tomorrow, _BEGINS))

    async def _ask(self, schedule: Schedule, day: date, run_at: datetime, why: str = "") -> None:
        key = (schedule.id, str(schedule.version), day.isoformat(), why)
        payload = {"schedule": schedule.id, "version": schedule.version}
        await self._jobs.enqueue(
            MAKE_SLOTS,
            payload,
            id=derived_id(MAKE_SLOTS, *key),
            run_at=run_at.astimezone(UTC),
        )

    async def _make_some(self, schedule: Schedule, days: Sequence[date]) -> bool:
        return await transact(self._store, lambda: self._made(schedule, days))

    async def _made(self, schedule: Schedule, days: Sequence[date]) -> bool:
        if not await self._schedules.hold(schedule):
            return False
        offer = await self._offer(schedule)
        if offer is None:
            return False
        plan = planned(offer, days, self._holidays, self._clock())
        there = await self._there(schedule, days)
        found = differences(plan.slots, there, await self._ended_sessions(there))
        await self._make_sessions(schedule, plan, days)
        await self._apply(found)
        await self._remove_empty(schedule, plan, days)
        await self._schedules.note_made(schedule, days[-1])
        return True

    async def _apply(self, found: Differences) -> None:
        await self._slots.make(found.new)
        await self._slots.close(found.closed)
        for plan, capacity in found.reshaped:
            await self._slots.reshape(plan, capacity)
        for plan, was in found.resized:
            await self._slots.change_capacity(plan.id, was, plan.capacity)
        await self._slots.reopen([*found.reopened, *(plan.id for plan, _ in found.resized)])

    async def _differences(self, schedule: Schedule, days: Sequence[date]) -> Differences:
        offer = await self._offer(schedule)
        slots = planned(offer, days, self._holidays, self._clock()).slots if offer else ()
        there = await self._there(schedule, days)
        return differences(slots, there, await self._ended_sessions(there))

    async def _offer(self, schedule: Schedule) -> Offer | None:
        service = await self._directory.service(schedule.service_id)
        if service is None:
            return None
        if schedule.practitioner_id is None:
            return Offer(schedule, service, None)
        practitioner = await self._directory.practitioner(schedule.practitioner_id)
        return Offer(schedule, service, practitioner) if practitioner else None

    async def _there(self, schedule: Schedule, days: Sequence[date]) -> list[Slot]:
        """Return the places of some days that have not begun."""
        since, until = _span(days)
        now = self._clock()
        found = await self._slots.of_schedule(schedule.id, max(since, now), until)
        return [slot for slot in found if slot.start > now]

    async def _ended_sessions(self, slots: Sequence[Slot]) -> set[str]:
        sessions = await self._sessions.get_many([slot.session_id for slot in slots])
        return {it.id for it in sessions.values() if it.state is not SessionState.OPEN}

    async def _make_sessions(self, schedule: Schedule, plan: Plan, days: Sequence[date]) -> None:
        await self._sessions.make(plan.sessions)
        ends = {one.id: one.end for one in plan.sessions}
        for one in await self._sessions.of_schedule(schedule.id, *_span(days)):
            if one.id in ends and one.end != ends[one.id]:
                await self._sessions.move_end(one.id, ends[one.id])

    async def _remove_empty(self, schedule: Schedule, plan: Plan, days: Sequence[date]) -> None:
        """Remove the sessions that are not planned and that nobody comes to."""
        there = await self._there(schedule, days)
        used = {slot.session_id for slot in there if slot.room < slot.capacity}
        kept = used | {one.id for one in plan.sessions}
        since, until = _span(days)
        found = await self._sessions.of_schedule(schedule.id, max(since, self._clock()), until)
        await self._sessions.remove_unused([one.id for one in found if one.id not in kept])

    async def _forget_old(self, schedule: Schedule) -> None:
        now = self._clock()
        await self._slots.forget(schedule.id, now - timedelta(days=SLOTS_KEPT_DAYS))
        await self._sessions.forget(schedule.id, now - timedelta(days=SESSIONS_KEPT_DAYS))


def _span(days: Sequence[date]) -> tuple[datetime, datetime]:
    """Return when days in a row begin and end in Vietnam."""
    return _midnight(days[0]), _midnight(days[-1] + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM_TIME).astimezone(UTC)


def _end_of_time(now: datetime) -> datetime:
    return now + timedelta(days=DAYS_AHEAD + 366)
