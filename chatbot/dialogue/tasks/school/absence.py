"""What the school is told of an absence: which days, and why."""

from __future__ import annotations

from datetime import date, timedelta

from typing_extensions import override

from dialogue import formats
from dialogue.form import NotThis, Slot, Slots, Taken, Took
from dialogue.province import Asked
from dialogue.saying import Choice, Line, Say, choice, choice_of, line
from dialogue.tasks.school.absence_words import reason_in
from dialogue.tasks.school.day_spans import spans_told, text_of
from dialogue.tasks.telltale_words import says_ill
from dialogue.titles import worded

_REASONS = {
    "ill": "part_absence_ill",
    "doctor": "part_absence_doctor",
    "family": "part_absence_family",
    "way": "part_absence_way",
}
_DAYS_AT_MOST, _DAYS_BACK, _DAYS_AHEAD = 31, 30, 90
_LANGUAGE_OF_SCHOOLS = "vi"


class Days(Slot):
    """As found dates with room between them: the first is told, what does not follow it is left out."""

    name, kinds = "days", ("date",)

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        today = asked.turn.now.date()
        return Say(
            "utter_absence_days", choices=[_offer(day, asked.language) for day in _soon(today)]
        )

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        spans = spans_told(asked.turn)
        if not spans:
            return None
        if not _is_told_in_time(*spans[0], asked):
            return NotThis(_out_of_reach())
        return Took(" ".join(map(text_of, spans)))


class Reason(Slot):
    """One of a few: what somebody writes of a child's health is not kept in a chat."""

    name = "reason"

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        choices = [choice(value, f"choice_absence_{value}") for value in _REASONS]
        return Say("utter_absence_reason", choices=choices)

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        if says_ill(asked.turn.text):
            return Took("ill")
        reason = "doctor" if asked.turn.first("specialty", "facility") else None
        reason = reason or reason_in(asked.turn.text)
        return Took(reason) if reason else None


def reason_line(reason: str) -> Line:
    return line(_REASONS[reason])


def note_for_school(reason: str) -> str:
    """Return the reason in the language in which a school's office reads it."""
    return worded(reason_line(reason), _LANGUAGE_OF_SCHOOLS)


def _soon(today: date) -> tuple[date, date]:
    return today, today + timedelta(days=1)


def _offer(day: date, language: str) -> Choice:
    return choice_of(day.isoformat(), formats.day(day, language))


def _is_told_in_time(starts: date, ends: date, asked: Asked) -> bool:
    today = asked.turn.now.date()
    is_short = (ends - starts).days < _DAYS_AT_MOST
    is_near = today - timedelta(days=_DAYS_BACK) <= starts
    return is_short and is_near and ends <= today + timedelta(days=_DAYS_AHEAD)


def _out_of_reach() -> Say:
    return Say(
        "utter_absence_too_far",
        {"most": str(_DAYS_AT_MOST), "back": str(_DAYS_BACK), "ahead": str(_DAYS_AHEAD)},
    )
