"""What a guardian is told of a child's days at school: one day, one to come, or several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from dialogue import formats
from dialogue.moments import moment_of
from dialogue.province import Answer, Asked
from dialogue.saying import Line, Say, line
from dialogue.tasks.school.day_spans import Span
from dialogue.tasks.school.pupils import title

_NO_LESSONS = {"OUTSIDE_TERMS", "WEEKEND", "HOLIDAY", "DAY_OFF"}
_FIRST_MONTH = 8
"""A school year runs from 1 August to 31 July (docs/students.md)."""
_MOST = timedelta(days=61)
"""The API tells of so many days after the first."""
_CAME = ("PRESENT", "LATE", "LEFT")


async def told(asked: Asked, pupils: Sequence[Answer], span: Span) -> Say:
    """Return what the school knows of the days of these pupils."""
    starts, ends = _within_reach(span, asked.turn.now.date())
    if starts == ends:
        fields = {"day": formats.day(starts, asked.language)}
        return Say("utter_attendance", fields, [await _on(asked, one, starts) for one in pupils])
    fields = {
        "first": formats.day(starts, asked.language),
        "last": formats.day(ends, asked.language),
    }
    lines = [await _counted(asked, one, (starts, ends)) for one in pupils]
    return Say("utter_attendance_days", fields, lines)


def _within_reach(span: Span, today: date) -> Span:
    """Return of a long stretch, such as a year, the days up to today."""
    starts, ends = span
    last = min(ends, max(today, starts + _MOST))
    return max(starts, last - _MOST), last


async def _days(asked: Asked, pupil: Answer, span: Span) -> list[Answer]:
    starts, ends = (day.isoformat() for day in span)
    data = await asked.ask("students/Attendance", pupilId=pupil["id"], starts=starts, ends=ends)
    days: list[Answer] = data["attendance"]["days"]
    return days


async def _counted(asked: Asked, pupil: Answer, span: Span) -> Line:
    days = await _days(asked, pupil, span)
    states = Counter(one["state"] for one in days)
    counts = {
        "came": sum(states[one] for one in _CAME),
        "late": sum(one["isLate"] for one in days),
        "excused": states["EXCUSED"],
        "absent": states["ABSENT"],
    }
    fields = {name: str(count) for name, count in counts.items()}
    return line("line_pupil_days", name=title(pupil), **fields)


async def _on(asked: Asked, pupil: Answer, day: date) -> Line:
    text = day.isoformat()
    days = await _days(asked, pupil, (day, day))
    known = next((one for one in days if one["day"] == text), None)
    name = title(pupil)
    if known is None or known["state"] == "EXPECTED":
        return await _not_seen(asked, pupil, day)
    if known["state"] == "ABSENT":
        return line("line_pupil_absent", name=name)
    if known["state"] == "EXCUSED":
        return line("line_pupil_excused", name=name)
    return _came(known, name, asked.language)


def _came(known: Answer, name: str, language: str) -> Line:
    if known["state"] == "LEFT" and known["leftAt"]:
        left = formats.moment(moment_of(known["leftAt"]), language)
        return line("line_pupil_left", name=name, time=left)
    if not known["arrivedAt"]:
        return line("line_pupil_present", name=name)
    arrived = formats.moment(moment_of(known["arrivedAt"]), language)
    return line(
        "line_pupil_late" if known["isLate"] else "line_pupil_arrived", name=name, time=arrived
    )


async def _not_seen(asked: Asked, pupil: Answer, day: date) -> Line:
    """Say that a pupil was not seen, or of a day to come what the school's calendar has for it."""
    kind = await _kind_of(asked, pupil, day)
    if kind in _NO_LESSONS:
        return line("line_pupil_no_lessons", name=title(pupil))
    if day <= asked.turn.now.date():
        return line("line_pupil_not_seen", name=title(pupil))
    is_known = kind not in {None, "NO_CALENDAR"}
    return line("line_pupil_lessons" if is_known else "line_pupil_no_calendar", name=title(pupil))


async def _kind_of(asked: Asked, pupil: Answer, day: date) -> str | None:
    """Return what the school's calendar says of a day; None for a school that is not known."""
    year = day.year if day.month >= _FIRST_MONTH else day.year - 1
    school = (
        await asked.ask(
            "students/School", id=pupil["school"]["id"], year=year, date=day.isoformat()
        )
    )["school"]
    return str(school["day"]["kind"]) if school else None
