"""Moving an appointment and giving it up: only those of the person's own account are ever offered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from typing_extensions import override

from dialogue.form import Form, NotThis, Slot, Slots, Taken, Took
from dialogue.province import Answer, Asked
from dialogue.saying import Choice, Say, Shown, choice, line
from dialogue.state import OpenForm
from dialogue.tasks.health.appointments import fields_of, meant, shown, to_come
from dialogue.tasks.health.booking import once, service_of
from dialogue.tasks.health.places import CHOICES_AT_MOST, FreePlace
from dialogue.tasks.health.wishes import Day, PartOfDay, Place
from dialogue.tasks.health.wording import when

_YES_NO = [choice("yes", "choice_yes"), choice("no", "choice_no")]


class Which(Slot):
    """The id of an appointment. `kinds` tell which: by its hospital, its day, its patient."""

    name = "appointment"
    kinds: ClassVar[tuple[str, ...]] = ("facility", "person")
    clears = ("wish", "specialty", "facility", "payment", "place")

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        ahead = (await to_come(asked))[:CHOICES_AT_MOST]
        choices = [_choice(one, asked.language) for one in ahead]
        return Say("utter_which_appointment", choices=choices, shows=shown(ahead))

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        if not slots and (pointed := _pointed_to(asked)):
            is_theirs = pointed in {one["id"] for one in await to_come(asked)}
            return Took(pointed) if is_theirs else NotThis(Say("utter_appointment_gone"))
        if not any(asked.turn.all_of(*self.kinds)):
            return None
        ahead = await to_come(asked)
        hits = await meant(asked, ahead, *self.kinds)
        if len(hits) == 1:
            return Took(hits[0]["id"])
        return None if hits else NotThis(Say("utter_no_such_appointment"))

    @override
    async def known(self, asked: Asked, slots: Slots) -> Taken:
        ahead = await to_come(asked)
        return Took(ahead[0]["id"]) if len(ahead) == 1 else None


class WhichToGiveUp(Which):
    """A date names the appointment here; in a move it names the new day."""

    kinds = ("facility", "person", "date")


def _pointed_to(asked: Asked) -> str | None:
    """Return what "it" or "the second" means of the appointments that were shown."""
    listed = [one for one in asked.state.shown if one.kind == "appointment"]
    if len(listed) == 1 or asked.turn.value("ordinal"):
        pointed = asked.thing("appointment")
        return pointed.value if pointed else None
    return None


def _choice(appointment: Answer, language: str) -> Choice:
    return choice(appointment["id"], "choice_appointment", **fields_of(appointment, language))


async def _one_of(asked: Asked, slots: Slots) -> Answer | None:
    ahead = await to_come(asked)
    return next((one for one in ahead if one["id"] == slots["appointment"]), None)


class Wish(Slot):
    """What the appointment is for: a move stays in its specialty, at its hospital, and with its payment."""

    name = "wish"

    @override
    async def known(self, asked: Asked, slots: Slots) -> Taken:
        appointment = await _one_of(asked, slots)
        if appointment is None:
            return Took("gone")
        facility = appointment["facility"]["id"]
        place = FreePlace("", asked.turn.now, facility, appointment["service"]["id"])
        service = await service_of(asked, place)
        wish = {"facility": facility, "payment": appointment["payment"]}
        if service:
            wish["specialty"] = service["specialty"]["code"]
        return Took("same", also=wish)


class _OfOneAppointment(Form):
    needs_person = True

    @override
    async def begin(self, asked: Asked, form: OpenForm) -> OpenForm | Sequence[Say]:
        if await to_come(asked):
            return form
        book = choice("book_appointment", "title_book_appointment")
        return [Say("utter_no_appointment", choices=[book])]


class CancelAppointment(_OfOneAppointment):
    intent, title = "cancel_appointment", "title_cancel_appointment"
    slots = (WhichToGiveUp(),)

    @override
    async def read_back(self, asked: Asked, slots: Slots) -> Say:
        appointment = await _one_of(asked, slots)
        if appointment is None:
            return Say("utter_appointment_gone")
        fields = fields_of(appointment, asked.language)
        return Say("utter_cancel_this", fields, choices=_YES_NO)

    @override
    async def commit(self, asked: Asked, form: OpenForm) -> Sequence[Say]:
        appointment_id = form.slots["appointment"]
        done = await asked.do(
            "health/CancelAppointment",
            appointmentId=appointment_id,
            idempotencyKey=once("cancel", form, appointment_id),
        )
        return [Say("utter_cancelled", fields_of(done["appointment"], asked.language))]

    @override
    def settles(self, form: OpenForm, waiting: OpenForm) -> bool:
        """Tell so of a move of the appointment that was given up."""
        return bool(waiting.slots.get("appointment") == form.slots["appointment"])


class RescheduleAppointment(_OfOneAppointment):
    intent, title = "reschedule_appointment", "title_reschedule_appointment"
    slots = (Which(), Wish(), Day(), PartOfDay(), Place())

    @override
    async def read_back(self, asked: Asked, slots: Slots) -> Say:
        appointment = await _one_of(asked, slots)
        if appointment is None:
            return Say("utter_appointment_gone")
        new = when(FreePlace.of_kept(slots["place"]).start, asked.language)
        fields = fields_of(appointment, asked.language)
        fields |= {"new_day": new["day"], "new_time": new["time"]}
        return Say("utter_move_this", fields, choices=_YES_NO)

    @override
    async def commit(self, asked: Asked, form: OpenForm) -> Sequence[Say]:
        appointment_id = form.slots["appointment"]
        place = FreePlace.of_kept(form.slots["place"])
        attempt = str(form.slots.get("attempt", 0))
        done = await asked.do(
            "health/RescheduleAppointment",
            appointmentId=appointment_id,
            newSlotId=place.id,
            idempotencyKey=once("move", form, appointment_id, place.id, attempt),
        )
        return [_moved(done["appointment"], asked.language)]

    @override
    def after_refusal(self, code: str, form: OpenForm) -> OpenForm | None:
        if code in {"SLOT_TAKEN", "OTHER_SPECIALTY", "PAYMENT_NOT_OFFERED"}:
            attempt = form.slots.get("attempt", 0) + 1
            return form.without("place").with_slots(attempt=attempt)
        return form.without("day", "place") if code == "BOOKING_RESTRICTED" else None


def _moved(appointment: Answer, language: str) -> Say:
    number = appointment["queueNumber"]
    lines = [] if number is None else [line("line_queue_number", number=str(number))]
    shows = (Shown("appointment", appointment["id"]),)
    return Say("utter_moved", fields_of(appointment, language), lines, shows=shows)
