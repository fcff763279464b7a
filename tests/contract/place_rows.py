"""The rows of facilities, schedules and places: anybody may look for a place, the desk HERE writes."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.contract.rows import EVERYBODY, Row, Sight, Variables
from tests.contract.world import ABSENCE, HERE, Actor, World
from tests.health.places import Clinic

DESK = frozenset({Actor.CLERK_HERE})
Things = Callable[[Clinic], Mapping[str, Any]]
_SCHEDULE_VERBS = (
    "CreateSchedule",
    "UpdateSchedule",
    "EndSchedule",
    "AddAbsence",
    "RemoveAbsence",
)
_SESSION = {"weekday": "MONDAY", "opens": "07:00", "closes": "08:00", "slotMinutes": 15}


def for_anyone(operation: str, things: Things = lambda _: {}) -> Row:
    return Row(f"health/{operation}", EVERYBODY, variables=lambda world: things(world.clinic))


def of_the_desk(operation: str, number: int, things: Things = lambda _: {}) -> Row:
    """Return the row of what names the facility, whose desk alone may."""
    return _row(operation, "NOT_ALLOWED", lambda it: {"facilityId": HERE.id, **things(it)}, number)


def of_a_thing(operation: str, number: int, things: Things) -> Row:
    """Return the row of what is reached by an id, which is not there for another desk."""
    seen = {"expectedVersion": 1}
    return _row(operation, "NOT_FOUND", lambda it: {**things(it), **seen}, number)


def _row(operation: str, refusal: str, things: Things, number: int) -> Row:
    key = {"idempotencyKey": f"authorization-matrix-place-{number}"} if number else {}

    def variables(world: World) -> Variables:
        return {**things(world.clinic), **key}

    return Row(f"health/{operation}", DESK, refusal, "NOT_SIGNED_IN", variables)


PLACE_ROWS: dict[str, Row] = {
    "Query.specialties": for_anyone("Specialties"),
    "Query.facilities": for_anyone("Facilities"),
    "Query.facility": for_anyone("Facility", lambda _: {"id": HERE.id}),
    "Query.facilityServices": for_anyone("FacilityServices", lambda _: {"facilityId": HERE.id}),
    "Query.facilityPractitioners": for_anyone(
        "FacilityPractitioners", lambda _: {"facilityId": HERE.id}
    ),
    "Query.findSlots": for_anyone("FindSlots", lambda _: {"specialty": "general"}),
    "Query.facilitySchedules": of_the_desk("FacilitySchedules", 0),
    "Mutation.createService": of_the_desk(
        "CreateService",
        1,
        lambda _: {
            "specialty": "general",
            "names": [{"language": "vi", "text": "Khám bệnh"}],
            "mode": "IN_PERSON",
            "payments": ["SELF_PAY"],
        },
    ),
    "Mutation.createPractitioner": of_the_desk(
        "CreatePractitioner",
        2,
        lambda _: {
            "name": "BS. Lý Văn Mẫu",
            "qualification": "BSCKI",
            "specialties": ["general"],
            "languages": ["vi"],
        },
    ),
    "Mutation.createSchedule": of_the_desk(
        "CreateSchedule",
        3,
        lambda it: {
            "serviceId": it.service.id,
            "practitionerId": it.practitioner.id,
            "sessions": [_SESSION],
            "firstDay": "2026-06-01",
        },
    ),
    "Mutation.updateService": of_a_thing(
        "UpdateService", 4, lambda it: {"id": it.service.id, "price": 100_000}
    ),
    "Mutation.updatePractitioner": of_a_thing(
        "UpdatePractitioner", 5, lambda it: {"id": it.practitioner.id, "languages": ["vi"]}
    ),
    "Mutation.updateSchedule": of_a_thing(
        "UpdateSchedule", 6, lambda it: {"id": it.schedule.id, "worksOnHolidays": True}
    ),
    "Mutation.endSchedule": of_a_thing("EndSchedule", 7, lambda it: {"id": it.schedule.id}),
    "Mutation.addAbsence": of_a_thing(
        "AddAbsence",
        8,
        lambda it: {
            "scheduleId": it.schedule.id,
            "firstDay": "2026-06-01",
            "lastDay": "2026-06-02",
        },
    ),
    "Mutation.removeAbsence": of_a_thing(
        "RemoveAbsence", 9, lambda it: {"scheduleId": it.schedule.id, "absenceId": ABSENCE.id}
    ),
}

PLACE_TYPES: dict[str, tuple[Sight, str]] = {
    "AffectedSlot": (Sight.OWN, "slotId sessionId start end patients"),
    "CreatePractitionerSuccess": (Sight.PUBLIC, "practitioner"),
    "CreateServiceSuccess": (Sight.PUBLIC, "service"),
    "Facility": (
        Sight.PUBLIC,
        "id level address communeCode position confidence isSample distance name specialties",
    ),
    "FacilityConnection": (Sight.PUBLIC, "edges pageInfo"),
    "FacilityEdge": (Sight.PUBLIC, "node cursor"),
    "HealthError": (Sight.PUBLIC, "message code field retryAfter"),
    "HealthSchedule": (
        Sight.OWN,
        "id facilityId serviceId practitionerId sessions absences firstDay lastDay worksOnHolidays"
        " madeUntil version affectedSlots",
    ),
    "HealthScheduleConnection": (Sight.OWN, "edges pageInfo"),
    "HealthScheduleEdge": (Sight.OWN, "node cursor"),
    "HealthcareService": (
        Sight.PUBLIC,
        "id facilityId mode payments isActive version specialty name preparation price",
    ),
    "HealthcareServiceConnection": (Sight.PUBLIC, "edges pageInfo"),
    "HealthcareServiceEdge": (Sight.PUBLIC, "node cursor"),
    "Practitioner": (
        Sight.PUBLIC,
        "id facilityId name qualification languages isActive version specialties",
    ),
    "PractitionerConnection": (Sight.PUBLIC, "edges pageInfo"),
    "PractitionerEdge": (Sight.PUBLIC, "node cursor"),
    "ScheduleAbsence": (Sight.OWN, "id firstDay lastDay note"),
    **{f"{verb}Success": (Sight.OWN, "schedule affectedPatients") for verb in _SCHEDULE_VERBS},
    "Slot": (
        Sight.PUBLIC,
        "id start end isRemote languages room facility service practitioner",
    ),
    "SlotConnection": (Sight.PUBLIC, "edges pageInfo"),
    "SlotEdge": (Sight.PUBLIC, "node cursor"),
    "Specialties": (Sight.PUBLIC, "specialties"),
    "Specialty": (Sight.PUBLIC, "code name treats"),
    "UpdatePractitionerSuccess": (Sight.PUBLIC, "practitioner affectedPatients"),
    "UpdateServiceSuccess": (Sight.PUBLIC, "service affectedPatients"),
    "WeeklySession": (Sight.OWN, "weekday opens closes slotMinutes capacity overbooking"),
}
