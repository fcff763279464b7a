"""Whether a child has arrived, and telling the school why it does not come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from typing_extensions import override

from dialogue import formats
from dialogue.form import Form, Slots
from dialogue.moments import moment_of
from dialogue.province import Answer, Asked
from dialogue.saying import YES_NO, Line, Say, line
from dialogue.state import OpenForm
from dialogue.tasks.school.absence import Days, Reason, note_for_school, reason_line
from dialogue.tasks.school.pupils import SHOWN_AT_MOST, Child, followed, name_of, title
from dialogue.tasks.telltale_words import tells_absence

_NO_LESSONS = {"OUTSIDE_TERMS", "WEEKEND", "HOLIDAY", "DAY_OFF"}
_FIRST_MONTH = 8
"""A school year runs from 1 August to 31 July (docs/students.md)."""


class Attendance(Form):
    """A question about a day is answered at once; an absence to be told becomes a form."""

    intent, title, needs_person = "attendance", "title_attendance", True
    corrected_by = frozenset({"reschedule_appointment"})
    slots = (Child(), Days(), Reason())

    @override
    async def begin(self, asked: Asked, form: OpenForm) -> OpenForm | Sequence[Say]:
        pupils = await followed(asked)
        if not pupils:
            return [Say("utter_no_pupils")]
        day = _day_asked(asked)
        if tells_absence(asked.turn.text) or day > asked.turn.now.date():
            return form
        lines = [await _on(asked, pupil, day) for pupil in pupils[:SHOWN_AT_MOST]]
        fields = {"day": formats.day(day, asked.language)}
        return [Say("utter_attendance", fields, [*lines, line("line_absence_hint")])]

    @override
    async def read_back(self, asked: Asked, slots: Slots) -> Say:
        name = await name_of(asked, slots["child"])
        if not name:
            return Say("utter_no_such_pupil")
        fields = {"name": name, "reason": reason_line(slots["reason"])}
        told = _of_days("utter_absence_read_back", slots["days"], fields, asked.language)
        return replace(told, choices=[*YES_NO])

    @override
    async def commit(self, asked: Asked, form: OpenForm) -> Sequence[Say]:
        starts, ends = _ends_of(form.slots["days"])
        await asked.do(
            "students/ExplainAbsence",
            pupilId=form.slots["child"],
            starts=starts.isoformat(),
            ends=ends.isoformat(),
            note=note_for_school(form.slots["reason"]),
            idempotencyKey=form.key,
        )
        fields = {"name": await name_of(asked, form.slots["child"])}
        return [_of_days("utter_absence_told", form.slots["days"], fields, asked.language)]

    @override
    def after_refusal(self, code: str, form: OpenForm) -> OpenForm | None:
        if code == "INVALID_PERIOD":
            return form.without("days")
        return form.without("reason") if code == "INVALID_NOTE" else None


def _ends_of(days: str) -> tuple[date, date]:
    first, _, last = days.partition("/")
    return date.fromisoformat(first), date.fromisoformat(last or first)


def _of_days(phrase: str, days: str, fields: Slots, language: str) -> Say:
    """Return a phrase of one day, or its form of several."""
    starts, ends = _ends_of(days)
    first, last = formats.day(starts, language), formats.day(ends, language)
    if starts == ends:
        return Say(phrase, {**fields, "day": first})
    return Say(f"{phrase}_days", {**fields, "first": first, "last": last})


def _day_asked(asked: Asked) -> date:
    named = asked.turn.value("date")
    return _ends_of(named)[0] if named else asked.turn.now.date()


async def _on(asked: Asked, pupil: Answer, day: date) -> Line:
    text = day.isoformat()
    data = await asked.ask("students/Attendance", pupilId=pupil["id"], starts=text, ends=text)
    known = next((one for one in data["attendance"]["days"] if one["day"] == text), None)
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
    """Say that a pupil was not seen, and that there are no lessons if the school's calendar says so."""
    year = day.year if day.month >= _FIRST_MONTH else day.year - 1
    school = (
        await asked.ask(
            "students/School", id=pupil["school"]["id"], year=year, date=day.isoformat()
        )
    )["school"]
    if school and school["day"]["kind"] in _NO_LESSONS:
        return line("line_pupil_no_lessons", name=title(pupil))
    return line("line_pupil_not_seen", name=title(pupil))
