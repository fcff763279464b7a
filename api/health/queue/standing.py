"""Where somebody stands in the queue: how many are before, and when to expect the call. Of nobody else."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.accounts.caller import Caller
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.repository import AppointmentRepository
from api.health.queue.line import Line, Lines
from api.health.queue.moves import CHANGES
from api.health.queue.pace import next_call, pace_of
from api.health.schedules.errors import SessionNotFound
from api.health.schedules.records import SessionState
from api.health.schedules.session_repository import SessionRepository
from api.kit.clock import Clock
from api.kit.events import Events

_STANDING = frozenset({AppointmentStatus.BOOKED, AppointmentStatus.CHECKED_IN})


@dataclass(frozen=True, slots=True)
class Standing:
    """`before`, `expected_at`: None for who does not wait: called, or over.

    `before` counts who is checked in and called earlier, and who is expected and would be.
    """

    appointment_id: str
    session_id: str
    number: int | None
    status: AppointmentStatus
    before: int | None
    expected_at: datetime | None
    called_at: datetime | None
    delay_minutes: int
    delay_reason: str | None
    is_session_open: bool


class Standings:
    def __init__(
        self,
        appointments: AppointmentRepository,
        sessions: SessionRepository,
        lines: Lines,
        events: Events,
        clock: Clock,
    ) -> None:
        self._appointments = appointments
        self._sessions = sessions
        self._lines = lines
        self._events = events
        self._clock = clock

    async def mine(self, caller: Caller, appointment_id: str) -> Standing:
        """Return where the caller's patient stands.

        Raises NotSignedIn, AppointmentNotFound, SessionNotFound.
        """
        appointment = await self._appointments.own(caller.person(), appointment_id)
        session = await self._sessions.get(appointment.session_id)
        if session is None:
            raise SessionNotFound
        line = await self._lines.of(session)
        return _standing(line, appointment, self._clock())

    async def of_session(self, session_id: str) -> list[Standing]:
        """Return where everybody stands who is checked in, the next first; for those who remind them."""
        session = await self._sessions.get(session_id)
        if session is None:
            return []
        line, now = await self._lines.of(session), self._clock()
        return [_standing(line, one, now) for one in line.waiting(now)]

    async def changes(self, caller: Caller, appointment_id: str) -> AsyncGenerator[Standing]:
        """Yield where the caller's patient stands now, and each time that it changes.

        Raises what `mine` raises.
        """
        last = await self.mine(caller, appointment_id)
        async with self._events.listening(CHANGES) as payloads:
            # Once more: what changed until now was told to nobody.
            last = await self.mine(caller, appointment_id)
            yield last
            async for payload in payloads:
                if payload["session_id"] != last.session_id:
                    continue
                standing = await self.mine(caller, appointment_id)
                if standing != last:
                    last = standing
                    yield standing


def _standing(line: Line, appointment: Appointment, now: datetime) -> Standing:
    declared = line.queue.declared
    before = _before(line, appointment, now)
    return Standing(
        appointment_id=appointment.id,
        session_id=line.session.id,
        number=appointment.queue_number,
        status=appointment.status,
        before=before,
        expected_at=None if before is None else _expected_at(line, appointment, before, now),
        called_at=appointment.called_at,
        delay_minutes=line.session.delay_minutes,
        delay_reason=declared.reason if declared else None,
        is_session_open=line.session.state is SessionState.OPEN,
    )


def _before(line: Line, appointment: Appointment, now: datetime) -> int | None:
    if appointment.status not in _STANDING:
        return None
    order = [one.id for one in line.with_expected(now, besides=appointment.id)]
    # The line was read after the appointment, which may have left it meanwhile.
    return order.index(appointment.id) if appointment.id in order else None


def _expected_at(line: Line, appointment: Appointment, before: int, now: datetime) -> datetime:
    """Return when the call is expected: by the pace of the last ones, and by what the desk said."""
    pace = pace_of(line.queue.calls, line.planned_pace)
    first = next_call(line.queue.calls, line.session.start, pace, now)
    expected = first + before * pace
    declared = line.queue.declared
    if declared is not None:
        expected = max(expected, appointment.start + timedelta(minutes=declared.minutes))
    if appointment.status is AppointmentStatus.BOOKED:
        expected = max(expected, appointment.start)
    return expected
