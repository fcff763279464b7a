"""A daughter books a doctor for her mother, moves the place, and the waitlist takes what was freed."""

import re
import uuid
from datetime import date, datetime, timedelta, timezone
from typing import Any

import httpx

from demo.checks import Checks
from demo.people import done, new_key, signed_in, staff, with_phone
from demo.phone import Phone
from demo.recorder import received_by, wait_until

HANOI = timezone(timedelta(hours=7))
HOSPITAL = "bvdk-khu-vuc-sa-pa"
SLOT_MINUTES = 20
PLACES_SECONDS, OFFER_SECONDS = 20.0, 20.0
_AHEAD = timedelta(hours=3)
"""Nobody is offered a place that begins in less than two hours."""


def a_doctor_without_the_queue(client: httpx.Client, checks: Checks) -> None:
    """Let a clinic have three places: two soon, one a day later."""
    run = uuid.uuid4().hex[:8]
    desk = staff(client, "The desk in Sa Pa", f"desk-{run}", ("CLERK",), ("FACILITY", HOSPITAL))
    lan = _patient(client, "Lan, for her mother", f"lan-{run}", "vi")
    hoa = _patient(client, "Hoa", f"hoa-{run}", "vi")
    minjun = _patient(client, "Min-jun, on the waitlist", f"minjun-{run}", "ko")
    soon = _begins(datetime.now(HANOI))
    doctor, service = _clinic(desk, soon)
    mother = _mother(lan)
    made = wait_until(lambda: len(_places(lan, doctor)) == 3, PLACES_SECONDS)
    checks.expect("The clinic's three places are made by the worker, and found", made)
    slots = _slots(lan, doctor)
    booked = _booked(lan, slots[0]["id"], mother)
    _booked(hoa, slots[1]["id"], None)
    checks.expect(
        "Lan's mother has the first place, with a number, and nobody else finds it",
        booked["patientId"] == mother
        and booked["queueNumber"] == 1
        and [slot["id"] for slot in _slots(hoa, doctor)] == [slots[2]["id"]],
    )
    day = soon.date().isoformat()
    wish = {"serviceId": service, "facilityId": HOSPITAL, "from": day, "to": day, **new_key()}
    done(minjun, "health/JoinWaitlist", wish)
    _moved(lan, booked["id"], slots[2]["id"], checks)
    _taken(client, minjun, slots[0], checks)


def _begins(now: datetime) -> datetime:
    """Return when the clinic opens: late enough to be offered, and on one day of the clock."""
    soon = (now + _AHEAD).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if soon.hour < 23:
        return soon
    return (now + timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)


def _patient(client: httpx.Client, owner: str, mailbox: str, language: str) -> Phone:
    """Return a person with a name who agreed to what booking keeps, and a phone that can be told."""
    phone = signed_in(client, owner, mailbox, language)
    with_phone(phone)
    phone.ask("accounts/UpdateProfile", {"input": {"name": owner.partition(",")[0]}})
    consent = {"purpose": "HEALTH", "version": 1, "language": language, **new_key()}
    phone.ask("accounts/GiveConsent", {"input": consent})
    return phone


def _mother(lan: Phone) -> str:
    """Let Lan act for her mother, who agrees too; return the mother's id."""
    asked = {"name": "Vàng Thị Mẩy", "bornOn": "1958-03-02", "relation": "PARENT", **new_key()}
    added = lan.ask("accounts/AddDependant", {"input": asked})["addDependant"]["dependant"]
    consent = {"purpose": "HEALTH", "version": 1, "language": "vi", "dependantId": added["id"]}
    agreed = {**consent, "dependantAgrees": True, **new_key()}
    lan.ask("accounts/GiveConsent", {"input": agreed})
    return str(added["id"])


def _clinic(desk: Phone, soon: datetime) -> tuple[str, str]:
    """Open a clinic of two places at `soon` and one a day later; return its doctor and service."""
    names = [
        {"language": "vi", "text": "Khám nội buổi thử"},
        {"language": "en", "text": "Internal medicine, a trial clinic"},
    ]
    service = done(
        desk,
        "health/CreateService",
        {
            "facilityId": HOSPITAL,
            "specialty": "internal",
            "names": names,
            "mode": "IN_PERSON",
            "payments": ["INSURANCE", "SELF_PAY"],
            **new_key(),
        },
    )["service"]
    doctor = done(
        desk,
        "health/CreatePractitioner",
        {
            "facilityId": HOSPITAL,
            "name": "BS. Giàng A Páo",
            "qualification": "Bác sĩ chuyên khoa I",
            "specialties": ["internal"],
            "languages": ["vi", "hmn"],
            **new_key(),
        },
    )["practitioner"]
    later = soon + timedelta(days=1)
    sessions = [_session(soon, places=2), _session(later, places=1)]
    planned = {
        "facilityId": HOSPITAL,
        "serviceId": service["id"],
        "practitionerId": doctor["id"],
        "sessions": sessions,
        "firstDay": soon.date().isoformat(),
        "lastDay": later.date().isoformat(),
        "worksOnHolidays": True,
    }
    done(desk, "health/CreateSchedule", {**planned, **new_key()})
    return str(doctor["id"]), str(service["id"])


def _session(opens: datetime, *, places: int) -> dict[str, Any]:
    closes = opens + timedelta(minutes=places * SLOT_MINUTES)
    return {
        "weekday": _weekday(opens.date()),
        "opens": f"{opens:%H:%M}",
        "closes": f"{closes:%H:%M}",
        "slotMinutes": SLOT_MINUTES,
    }


def _weekday(day: date) -> str:
    names = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
    return names[day.weekday()]


def _slots(phone: Phone, doctor: str) -> list[dict[str, Any]]:
    found = phone.send("health/FindSlots", {"practitionerId": doctor, "first": 10})["findSlots"]
    return [edge["node"] for edge in found["edges"]]


def _places(phone: Phone, doctor: str) -> list[Any]:
    asked = {"practitionerId": doctor, "first": 10}
    return list(phone.ask("health/FindSlots", asked)["findSlots"]["edges"])


def _booked(phone: Phone, slot: str, patient: str | None) -> dict[str, Any]:
    held = done(phone, "health/HoldSlot", {"slotId": slot, "patientId": patient, **new_key()})
    booking = {
        "appointmentId": held["appointment"]["id"],
        "reason": "Đau khớp gối",
        "payment": "INSURANCE",
        **new_key(),
    }
    appointment: dict[str, Any] = done(phone, "health/BookAppointment", booking)["appointment"]
    return appointment


def _moved(lan: Phone, appointment: str, slot: str, checks: Checks) -> None:
    asked = {"appointmentId": appointment, "newSlotId": slot, **new_key()}
    moved = done(lan, "health/RescheduleAppointment", asked)["appointment"]
    checks.expect(
        "Lan moves her mother's visit to the next day in one step",
        moved["status"] == "BOOKED" and moved["slotId"] == slot,
    )


def _taken(client: httpx.Client, minjun: Phone, freed: dict[str, Any], checks: Checks) -> None:
    told = wait_until(lambda: bool(received_by(client, minjun)), OFFER_SECONDS)
    bodies = [f"{push['title']} / {push['body']}" for push in received_by(client, minjun)]
    print(f"\nOn the phone of {minjun.owner}:\n  {bodies}")
    checks.expect(
        "The freed place is offered to whoever waits for it, in Korean",
        told and all(re.search("[가-힣]", body) for body in bodies),
    )
    (entry,) = minjun.send("health/MyWaitlist", {})["myWaitlist"]["entries"]
    taking = {"appointmentId": entry["offer"]["id"], "payment": "SELF_PAY", **new_key()}
    taken = done(minjun, "health/TakeOffer", taking)["appointment"]
    checks.expect(
        "… and is taken with one tap: booked, at the freed hour",
        taken["status"] == "BOOKED" and taken["start"] == freed["start"],
    )
