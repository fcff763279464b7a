"""Answers of the health API, in the shapes of the published documents."""

from collections.abc import Sequence
from typing import Any

from dialogue.province import Answer

SA_PA_HOSPITAL, LAO_CAI_HOSPITAL = "bvdk-khu-vuc-sa-pa", "bvdk-tinh-lao-cai"
NAMES = {
    SA_PA_HOSPITAL: "Sa Pa Regional General Hospital",
    LAO_CAI_HOSPITAL: "Lao Cai Provincial General Hospital",
}


def connection(name: str, nodes: Sequence[Answer]) -> Answer:
    edges = [{"node": node} for node in nodes]
    return {name: {"edges": edges, "pageInfo": {"hasNextPage": False, "endCursor": None}}}


def slot(
    slot_id: str,
    start: str,
    facility: str = SA_PA_HOSPITAL,
    practitioner: str | None = None,
    distance: float | None = None,
) -> Answer:
    """Return a free place; `start` as "2026-12-01T08:30" on Vietnam's clocks."""
    return {
        "id": slot_id,
        "start": f"{start}:00+07:00",
        "end": f"{start}:00+07:00",
        "isRemote": False,
        "room": 1,
        "languages": ["vi"],
        "facility": {"id": facility, "name": {"text": NAMES[facility]}, "distance": distance},
        "service": {
            "id": f"service-{facility}",
            "name": {"text": "Dental check"},
            "specialty": {"code": "dentistry"},
            "payments": ["INSURANCE", "SELF_PAY"],
        },
        "practitioner": {"id": "p1", "name": practitioner} if practitioner else None,
    }


def slots(*free: Answer) -> Answer:
    return connection("findSlots", free)


def services(
    payments: Sequence[str] = ("INSURANCE", "SELF_PAY"),
    price: str | None = "₫150,000",
    facility: str = SA_PA_HOSPITAL,
) -> Answer:
    service = {
        "id": f"service-{facility}",
        "name": {"text": "Dental check"},
        "specialty": {"code": "dentistry", "name": "Dentistry"},
        "mode": "IN_PERSON",
        "payments": list(payments),
        "price": {"amount": 150_000, "text": price} if price else None,
        "preparation": None,
        "isActive": True,
        "version": 1,
    }
    return connection("facilityServices", [service])


def facility(facility_id: str = SA_PA_HOSPITAL) -> Answer:
    return {
        "facility": {
            "id": facility_id,
            "name": {"text": NAMES[facility_id], "language": "en"},
            "level": "REGIONAL",
            "address": "Thị trấn Sa Pa",
            "communeCode": "03006",
            "position": {"latitude": 22.34, "longitude": 103.84},
            "confidence": "HIGH",
            "isSample": True,
            "specialties": [{"code": "dentistry", "name": "Dentistry"}],
        }
    }


def facilities(*ids: str, distance: float | None = None) -> Answer:
    nodes = [
        {
            "id": one,
            "name": {"text": NAMES[one], "language": "en"},
            "level": "REGIONAL",
            "address": "Thị trấn Sa Pa",
            "distance": distance,
            "isSample": True,
        }
        for one in ids
    ]
    return connection("facilities", nodes)


def appointment(appointment_id: str = "a1", start: str = "2026-12-02T09:00", **also: Any) -> Answer:  # noqa: ANN401 - JSON values
    told = {
        "id": appointment_id,
        "slotId": "old",
        "sessionId": "s1",
        "patientId": None,
        "patientName": "Lan",
        "reason": None,
        "payment": "SELF_PAY",
        "language": "en",
        "start": f"{start}:00+07:00",
        "end": f"{start}:00+07:00",
        "status": "BOOKED",
        "heldUntil": None,
        "queueNumber": 7,
        "bookedAt": None,
        "cancelledBy": None,
        "movedTo": None,
        "facility": {"id": SA_PA_HOSPITAL, "name": {"text": NAMES[SA_PA_HOSPITAL]}},
        "service": {"id": f"service-{SA_PA_HOSPITAL}", "name": {"text": "Dental check"}},
        "practitioner": None,
    }
    return told | also


def appointments(*all_of: Answer) -> Answer:
    return connection("myAppointments", all_of)


def done(field: str, told: Answer) -> Answer:
    return {field: {"__typename": f"{field[0].upper()}{field[1:]}Success", "appointment": told}}


def refused(field: str, code: str, message: str) -> Answer:
    problem = {"code": code, "message": message, "field": None, "retryAfter": None}
    return {field: {"__typename": "HealthError", **problem}}


def family(*dependants: tuple[str, str, str]) -> Answer:
    """Return dependants by id, name and relation."""
    told = [
        {"id": one, "name": name, "bornOn": "1960-01-01", "relation": relation, "needs": []}
        for one, name, relation in dependants
    ]
    return {"me": {"dependants": told}}


def queue(**also: Any) -> Answer:  # noqa: ANN401 - JSON values
    told = {
        "appointmentId": "a1",
        "number": 7,
        "status": "CHECKED_IN",
        "before": 3,
        "expectedAt": "2026-11-30T09:20:00+07:00",
        "calledAt": None,
        "delayMinutes": 0,
        "delayReason": None,
        "isSessionOpen": True,
    }
    return {"myQueue": told | also}


def question(code: str, *, is_urgent: bool) -> Answer:
    told = {"question": code, "text": f"{code}?", "isRedFlag": is_urgent, "number": 1, "count": 3}
    return {"suggestSpecialties": {"__typename": "TriageQuestion", **told}}


def suggestion(urgency: str = "TODAY") -> Answer:
    department = {"code": "dentistry", "name": "Dentistry", "treats": "Teeth, gums and jaw."}
    return {
        "suggestSpecialties": {
            "__typename": "TriageSuggestion",
            "urgency": urgency,
            "urgencyText": "See a doctor today.",
            "specialties": [department],
            "whyText": "A dentist can look.",
            "ifWorseText": "If it gets worse, call 115.",
            "noDiagnosisText": "This is no diagnosis.",
        }
    }


QUESTIONNAIRE: Answer = {
    "triageQuestionnaire": {
        "version": "2026-11-28",
        "complaints": [
            {"code": "fever", "name": "Fever", "ageGroups": ["CHILD"], "isOfPregnancy": False},
            {"code": "tooth", "name": "Teeth", "ageGroups": ["CHILD"], "isOfPregnancy": False},
        ],
        "noDiagnosisText": "This is no diagnosis.",
    }
}
SPECIALTIES: Answer = {
    "specialties": {
        "specialties": [
            {"code": "general", "name": "General practice", "treats": "Whatever it is."},
            {"code": "dentistry", "name": "Dentistry", "treats": "Teeth."},
        ]
    }
}
