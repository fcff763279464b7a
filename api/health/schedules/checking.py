"""What a schedule may be made of."""

import itertools
from collections.abc import Sequence
from datetime import timedelta

from api.health.directory.checking import is_plain
from api.health.schedules.errors import InvalidSchedule
from api.health.schedules.planning import slot_count
from api.health.schedules.records import Absence, Schedule, WeeklySession

SESSIONS_AT_MOST = 28
ABSENCES_AT_MOST = 60
SLOT_MINUTES_AT_LEAST, SLOT_MINUTES_AT_MOST = 5, 240
CAPACITY_AT_MOST = 50
NOTE_CHARACTERS_AT_MOST = 200
ABSENCE_AT_MOST = timedelta(days=366)


def check_schedule(schedule: Schedule) -> None:
    """Raise InvalidSchedule, which names the first part that cannot be."""
    if not 1 <= len(schedule.sessions) <= SESSIONS_AT_MOST:
        raise InvalidSchedule("sessions")
    if not all(map(_is_sound, schedule.sessions)) or _do_overlap(schedule.sessions):
        raise InvalidSchedule("sessions")
    if schedule.last_day is not None and schedule.last_day < schedule.first_day:
        raise InvalidSchedule("lastDay")
    if len(schedule.absences) > ABSENCES_AT_MOST:
        raise InvalidSchedule("absences")
    for absence in schedule.absences:
        _check_absence(absence)


def _check_absence(absence: Absence) -> None:
    if not timedelta() <= absence.last - absence.first <= ABSENCE_AT_MOST:
        raise InvalidSchedule("lastDay")
    if absence.note and not is_plain(absence.note, NOTE_CHARACTERS_AT_MOST):
        raise InvalidSchedule("note")


def _is_sound(session: WeeklySession) -> bool:
    return (
        1 <= session.weekday <= 7
        and session.opens < session.closes
        and session.opens.second == session.closes.second == 0
        and SLOT_MINUTES_AT_LEAST <= session.slot_minutes <= SLOT_MINUTES_AT_MOST
        and slot_count(session) >= 1
        and 1 <= session.capacity <= CAPACITY_AT_MOST
        and 0 <= session.overbooking <= session.capacity
    )


def _do_overlap(sessions: Sequence[WeeklySession]) -> bool:
    ordered = sorted(sessions, key=lambda it: (it.weekday, it.opens))
    return any(
        later.weekday == sooner.weekday and later.opens < sooner.closes
        for sooner, later in itertools.pairwise(ordered)
    )
