"""An appointment by chat: a free place is held and booked with the one yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from typing_extensions import override

from dialogue.form import Form, Slot, Slots, Taken, Took
from dialogue.moments import moment_of
from dialogue.province import Answer, Asked, nodes
from dialogue.saying import Line, Say, Shown, choice, digest, line
from dialogue.state import OpenForm
from dialogue.tasks.health.departments import Facility, Specialty
from dialogue.tasks.health.patients import ME, Patient, name_of
from dialogue.tasks.health.places import FreePlace
from dialogue.tasks.health.wishes import Day, Near, PartOfDay, Place
from dialogue.tasks.health.wording import when
from dialogue.tasks.telltale_words import payment_in, payment_told_in, says_insured

_FREE_FOR_OTHERS = frozenset({"SLOT_TAKEN", "HOLD_OVER", "NOT_FOUND"})
_TO_BE_MENDED_IN_THE_APP = frozenset({"CONSENT_MISSING", "NAME_MISSING"})


async def service_of(asked: Asked, place: FreePlace) -> Answer | None:
    """Return what is booked with a place: its name, how it is paid, its price; None when it is not listed."""
    found = await asked.ask("health/FacilityServices", facilityId=place.facility_id)
    services = nodes(found["facilityServices"])
    return next((one for one in services if one["id"] == place.service_id), None)


class Paying(Slot):
    """Also taken before its turn, when insurance is spoken of and not asked about."""

    name = "payment"

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        said = (payment_in if is_awaited else payment_told_in)(asked.turn.text)
        return Took(said) if said else None

    @override
    def is_said_in(self, text: str) -> bool:
        return says_insured(text)

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        service = await service_of(asked, FreePlace.of_kept(slots["place"]))
        choices = [choice("INSURANCE", "choice_insurance"), choice("SELF_PAY", "choice_self_pay")]
        return Say("utter_how_paid", lines=[price_line(service)], choices=choices)

    @override
    async def known(self, asked: Asked, slots: Slots) -> Taken:
        service = await service_of(asked, FreePlace.of_kept(slots["place"]))
        offered = service["payments"] if service else []
        return Took(offered[0]) if len(offered) == 1 else None


def price_line(service: Answer | None) -> Line:
    """Return the price without insurance, exactly as the facility gives it."""
    if service is None or service["price"] is None:
        return line("line_price_unknown")
    return line("line_price", price=service["price"]["text"])


def once(purpose: str, form: OpenForm, *meant: str) -> str:
    """Return the idempotency key of one step for what is meant: another choice has another key."""
    return f"chat-{purpose}-{form.key}-{digest('-'.join(meant))}"


class BookAppointment(Form):
    intent, title, needs_person = "book_appointment", "title_book_appointment", True
    stopped_by = frozenset({"cancel_appointment"})
    corrected_by = frozenset({"reschedule_appointment"})
    slots = (
        Specialty(),
        Facility(),
        Near(),
        Day(),
        PartOfDay(),
        Place(),
        Patient(),
        Paying(),
    )

    @override
    async def read_back(self, asked: Asked, slots: Slots) -> Say:
        place = FreePlace.of_kept(slots["place"])
        service = await service_of(asked, place)
        fields: dict[str, Any] = when(place.start, asked.language)
        fields["facility"] = await _facility_name(asked, place)
        fields["service"] = service["name"]["text"] if service else line("part_appointment")
        fields["patient"] = await name_of(asked, slots["patient"])
        choices = [choice("yes", "choice_yes"), choice("no", "choice_no")]
        return Say("utter_book_this", fields, _paid(slots, service), choices=choices)

    @override
    async def commit(self, asked: Asked, form: OpenForm) -> Sequence[Say]:
        place, patient = FreePlace.of_kept(form.slots["place"]), form.slots["patient"]
        attempt = str(form.slots.get("attempt", 0))
        held = await asked.do(
            "health/HoldSlot",
            slotId=place.id,
            patientId=None if patient == ME else patient,
            idempotencyKey=once("hold", form, place.id, patient, attempt),
        )
        payment, held_id = form.slots["payment"], held["appointment"]["id"]
        booked = await asked.do(
            "health/BookAppointment",
            appointmentId=held_id,
            payment=payment,
            language=asked.language,
            idempotencyKey=once("book", form, held_id, payment),
        )
        return [_booked(booked["appointment"], asked.language)]

    @override
    def after_refusal(self, code: str, form: OpenForm) -> OpenForm | None:
        if code in _FREE_FOR_OTHERS:
            attempt = form.slots.get("attempt", 0) + 1
            return form.without("place").with_slots(attempt=attempt)
        if code == "BOOKING_RESTRICTED":
            return form.without("day", "place")
        if code == "PAYMENT_NOT_OFFERED":
            return form.without("payment")
        return replace(form) if code in _TO_BE_MENDED_IN_THE_APP else None


async def _facility_name(asked: Asked, place: FreePlace) -> str | Line:
    facility = (await asked.ask("health/Facility", id=place.facility_id))["facility"]
    return facility["name"]["text"] if facility else line("part_facility")


def _paid(slots: Slots, service: Answer | None) -> list[Line]:
    if slots["payment"] == "INSURANCE":
        return [line("line_paid_by_insurance")]
    return [line("line_paid_by_oneself"), price_line(service)]


def _booked(appointment: Answer, language: str) -> Say:
    fields = when(moment_of(appointment["start"]), language)
    fields["facility"] = appointment["facility"]["name"]["text"]
    fields["service"] = appointment["service"]["name"]["text"]
    lines = [line("line_check_in_there")]
    if appointment["queueNumber"] is not None:
        lines.insert(0, line("line_queue_number", number=str(appointment["queueNumber"])))
    if appointment["practitioner"]:
        lines.insert(0, line("line_practitioner", name=appointment["practitioner"]["name"]))
    shows = (Shown("appointment", appointment["id"]),)
    return Say("utter_booked", fields, lines, shows=shows)
