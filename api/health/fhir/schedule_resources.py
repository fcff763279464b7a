"""Schedules and places as resources: Schedule and Slot."""

from datetime import UTC, datetime, time, timedelta

from api.health.fhir.exchange import Resource
from api.health.fhir.terms import Terms, instant, reference, with_version
from api.health.schedules.records import Schedule
from api.health.slots.records import Slot
from api.kit.formats import VIETNAM_TIME


def schedule_of(terms: Terms, schedule: Schedule, specialty: str | None) -> Resource:
    """`specialty`: of its service, None when that is gone."""
    horizon = {"start": instant(_midnight(schedule, last=False))}
    if (schedule.last_day or schedule.made_until) is not None:
        horizon["end"] = instant(_midnight(schedule, last=True))
    concept = {} if specialty is None else _specialty(terms, specialty)
    return with_version(
        {
            "resourceType": "Schedule",
            "id": schedule.id,
            "active": True,
            **concept,
            "actor": [
                reference("Location", schedule.facility_id),
                reference("HealthcareService", schedule.service_id),
                *(
                    [reference("Practitioner", schedule.practitioner_id)]
                    if schedule.practitioner_id
                    else []
                ),
            ],
            "planningHorizon": horizon,
        }
    )


def slot_of(terms: Terms, slot: Slot) -> Resource:
    return with_version(
        {
            "resourceType": "Slot",
            "id": slot.id,
            **_specialty(terms, slot.specialty),
            "schedule": reference("Schedule", slot.schedule_id),
            "status": slot_status(slot),
            "start": instant(slot.start),
            "end": instant(slot.end),
        }
    )


def slot_status(slot: Slot) -> str:
    """`busy-unavailable`: its session was closed, or it was taken from the plan."""
    if not slot.is_open:
        return "busy-unavailable"
    return "free" if slot.room > 0 else "busy"


def planned_period(schedule: Schedule) -> tuple[datetime, datetime | None]:
    """Return from when and until when a schedule holds; None: until it is ended."""
    first = _midnight(schedule, last=False)
    return first, None if schedule.last_day is None else _midnight(schedule, last=True)


def _midnight(schedule: Schedule, *, last: bool) -> datetime:
    day = (schedule.last_day or schedule.made_until) if last else None
    begins = datetime.combine(day or schedule.first_day, time(), VIETNAM_TIME)
    return (begins + timedelta(days=1) if last else begins).astimezone(UTC)


def _specialty(terms: Terms, code: str) -> Resource:
    concept = terms.specialty(code)
    return {"serviceType": [concept], "specialty": [concept]}
