"""Whether a child has arrived, and telling the school why it does not come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from typing_extensions import override

from dialogue import formats
from dialogue.form import Form, Slots
from dialogue.province import Asked
from dialogue.saying import YES_NO, Line, Say, line
from dialogue.state import OpenForm
from dialogue.tasks.school.absence import Days, Reason, note_for_school, reason_line
from dialogue.tasks.school.absence_words import is_absence_told
from dialogue.tasks.school.day_spans import Span, spans_of, spans_told
from dialogue.tasks.school.days_at_school import told
from dialogue.tasks.school.pupils import SHOWN_AT_MOST, Child, followed, name_of, named_in

_SPANS_AT_MOST = 3


class Attendance(Form):
    """A question about days is answered at once; an absence to be told becomes a form."""

    intent, title, needs_person = "attendance", "title_attendance", True
    corrected_by = frozenset({"reschedule_appointment"})
    slots = (Child(), Days(), Reason())

    @override
    async def begin(self, asked: Asked, form: OpenForm) -> OpenForm | Sequence[Say]:
        pupils = await followed(asked)
        if not pupils:
            return [Say("utter_no_pupils")]
        today = asked.turn.now.date()
        spans = spans_told(asked.turn) or [(today, today)]
        if is_absence_told(asked.turn.text, is_coming=spans[-1][1] > today):
            return form
        meant = (named_in(asked, pupils) or pupils)[:SHOWN_AT_MOST]
        *says, last = [await told(asked, meant, span) for span in spans[:_SPANS_AT_MOST]]
        return [*says, replace(last, lines=[*last.lines, line("line_absence_hint")])]

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
        (starts, ends), *_ = spans_of(form.slots["days"].split())
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


def _of_days(phrase: str, days: str, fields: Slots, language: str) -> Say:
    """Return a phrase of one day or its form of several, and below it what is left out of days apart."""
    (starts, ends), *later = spans_of(days.split())
    first, last = formats.day(starts, language), formats.day(ends, language)
    lines = [_left_out(span, language) for span in later]
    if starts == ends:
        return Say(phrase, {**fields, "day": first}, lines)
    return Say(f"{phrase}_days", {**fields, "first": first, "last": last}, lines)


def _left_out(span: Span, language: str) -> Line:
    starts, ends = (formats.day(day, language) for day in span)
    if starts == ends:
        return line("line_absence_left_out", day=starts)
    return line("line_absence_left_out_days", first=starts, last=ends)
