"""What somebody has booked, and where they stand in the queue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from typing_extensions import override

from dialogue import formats
from dialogue.moments import moment_of
from dialogue.province import Answer, Asked, nodes
from dialogue.saying import Line, Say, Shown, choice, content, line
from dialogue.task import Answering
from dialogue.tasks.health.patients import ME, related
from dialogue.tasks.health.places import days_of
from dialogue.tasks.health.wording import when

LIVING = frozenset({"BOOKED", "CHECKED_IN"})
_NOT_OVER = LIVING | {"PENDING", "ARRIVED"}
_BOOK = choice("book_appointment", "title_book_appointment")
_SHOWN_AT_MOST = 6
_QUEUES_AT_MOST = 3


async def booked(asked: Asked) -> list[Answer]:
    """Return everything that was booked and has not ended, the soonest first."""
    found = await asked.ask("health/MyAppointments", first=50)
    living = [one for one in nodes(found["myAppointments"]) if one["status"] in _NOT_OVER]
    return sorted(living, key=lambda one: moment_of(one["start"]))


async def to_come(asked: Asked) -> list[Answer]:
    """Return what can still be moved or given up."""
    return [
        one
        for one in await booked(asked)
        if one["status"] in LIVING and moment_of(one["start"]) > asked.turn.now
    ]


async def meant(asked: Asked, all_of: list[Answer], *kinds: str) -> list[Answer]:
    """Return those that a message can mean by facility, date and person; all, when it names none of `kinds`."""
    kept = all_of
    if "facility" in kinds and (facility := asked.turn.value("facility")):
        kept = [one for one in kept if one["facility"]["id"] == facility]
    if "date" in kinds and (days := asked.turn.value("date")):
        kept = [one for one in kept if is_on(one, days)]
    if "person" in kinds and (person := asked.turn.value("person")):
        ids = {None} if person == ME else {one["id"] for one in await related(asked, person)}
        kept = [one for one in kept if one["patientId"] in ids]
    return kept


def is_on(appointment: Answer, days: str) -> bool:
    first, last = days_of(days)
    return first <= moment_of(appointment["start"]).date() <= last


def described(phrase: str, appointment: Answer, language: str) -> Line:
    """Return a line, or the title of a choice, that names an appointment."""
    return line(phrase, **fields_of(appointment, language))


def fields_of(appointment: Answer, language: str) -> dict[str, str]:
    return {
        **when(moment_of(appointment["start"]), language),
        "service": appointment["service"]["name"]["text"],
        "facility": appointment["facility"]["name"]["text"],
        "patient": appointment["patientName"],
    }


def shown(appointments: Sequence[Answer]) -> tuple[Shown, ...]:
    return tuple(Shown("appointment", one["id"]) for one in appointments)


class MyAppointments(Answering):
    intent, title = "my_appointments", "title_my_appointments"
    needs_person: ClassVar[bool] = True

    @override
    async def answers(self, asked: Asked) -> Sequence[Say]:
        ahead = [
            one
            for one in await booked(asked)
            if moment_of(one["end"]) > asked.turn.now or one["status"] == "ARRIVED"
        ]
        if not ahead:
            return [Say("utter_no_appointment", choices=[_BOOK])]
        wanted = await meant(asked, ahead, "facility", "date", "person")
        told = (wanted or ahead)[:_SHOWN_AT_MOST]
        lines = [_line_of(one, asked.language) for one in told]
        phrase = "utter_your_appointments" if wanted else "utter_none_like_that_but"
        if len(wanted or ahead) > _SHOWN_AT_MOST:
            lines.append(line("line_more"))
        return [Say(phrase, lines=lines, shows=shown(told))]


def _line_of(appointment: Answer, language: str) -> Line:
    if appointment["status"] == "PENDING":
        held = described("line_held", appointment, language)
        until = appointment["heldUntil"]
        held["fields"]["until"] = formats.clock(moment_of(until), language) if until else "–"
        return held
    if appointment["queueNumber"] is None:
        return described("line_appointment", appointment, language)
    numbered = described("line_appointment_numbered", appointment, language)
    numbered["fields"]["number"] = str(appointment["queueNumber"])
    return numbered


class QueueStatus(Answering):
    intent, title = "queue_status", "title_queue_status"
    needs_person: ClassVar[bool] = True

    @override
    async def answers(self, asked: Asked) -> Sequence[Say]:
        mine = [one for one in await booked(asked) if one["status"] != "PENDING"]
        today = [one for one in mine if is_on(one, asked.turn.now.date().isoformat())]
        wanted = await meant(asked, today, "facility", "person") or today
        if not wanted:
            return [_not_today(asked, mine)]
        return [await _standing(asked, one) for one in wanted[:_QUEUES_AT_MOST]]


def _not_today(asked: Asked, mine: list[Answer]) -> Say:
    ahead = [one for one in mine if moment_of(one["start"]) > asked.turn.now]
    if not ahead:
        return Say("utter_no_queue")
    return Say("utter_no_queue_today", fields_of(ahead[0], asked.language), shows=shown(ahead[:1]))


async def _standing(asked: Asked, appointment: Answer) -> Say:
    queue = (await asked.ask("health/MyQueue", appointmentId=appointment["id"]))["myQueue"]
    fields = fields_of(appointment, asked.language)
    phrase = "utter_you_are_called" if queue["status"] == "ARRIVED" else "utter_queue"
    lines = _queue_lines(queue, asked.language)
    return Say(phrase, fields, lines, shows=shown([appointment]))


def _queue_lines(queue: Answer, language: str) -> list[Line]:
    lines = []
    if queue["number"] is not None:
        lines.append(line("line_queue_number", number=str(queue["number"])))
    if queue["before"] is not None:
        lines.append(line("line_before_you", count=formats.number(queue["before"], language)))
    if queue["expectedAt"]:
        lines.append(
            line("line_expected_at", time=formats.clock(moment_of(queue["expectedAt"]), language))
        )
    if queue["delayMinutes"]:
        minutes = formats.number(queue["delayMinutes"], language)
        lines.append(line("line_delay", minutes=minutes))
    if queue["delayReason"]:
        lines.append(content(queue["delayReason"]))
    if queue["status"] == "BOOKED":
        lines.append(line("line_not_checked_in"))
    return lines
