"""The rows of api/health/record and api/health/triage: a record is for whose it is, and for nobody else."""

from collections.abc import Callable, Mapping
from typing import Any

from api.health.triage.shipped_rules import shipped_rules
from tests.contract.rows import EVERYBODY, Row, Sight, Variables
from tests.contract.world import HERE, Actor, World

OWNER = frozenset({Actor.OWNER})
DESK = frozenset({Actor.CLERK_HERE})
Things = Callable[[World], Mapping[str, Any]]


def _of_the_owner(operation: str, things: Things) -> Row:
    return Row(f"health/{operation}", OWNER, "NOT_FOUND", "NOT_SIGNED_IN", things)


def _of_the_dependant(operation: str, things: Things = lambda _: {}) -> Row:
    def variables(world: World) -> Variables:
        return {"patientId": world.dependant_id, **things(world)}

    return _of_the_owner(operation, variables)


def _of_the_desk(operation: str, things: Things) -> Row:
    def variables(world: World) -> Variables:
        return {"facilityId": HERE.id, **things(world)}

    return Row(f"health/{operation}", DESK, "NOT_ALLOWED", "NOT_SIGNED_IN", variables)


_TOLD = {
    "version": shipped_rules().version,
    "isForMyself": True,
    "ageGroup": "ADULT",
    "complaint": "fever",
    "answers": list[object](),
}
_ANNOUNCED = {
    "kind": "RESULT",
    "title": "Kết quả",
    "format": "PDF",
    "byteCount": 100,
    "idempotencyKey": "authorization-matrix-record-1",
}

RECORD_ROWS: dict[str, Row] = {
    "Query.triageQuestionnaire": Row("health/TriageQuestionnaire", EVERYBODY),
    "Query.suggestSpecialties": Row(
        "health/SuggestSpecialties", EVERYBODY, variables=lambda _: {"input": _TOLD}
    ),
    "Query.myHealthRecord": _of_the_dependant("MyHealthRecord"),
    "Query.sharedHealthDocuments": _of_the_desk(
        "SharedHealthDocuments", lambda it: {"appointmentId": it.record.appointment_id}
    ),
    "Mutation.updateHealthRecord": _of_the_dependant(
        "UpdateHealthRecord", lambda _: {"bloodGroup": "A"}
    ),
    "Mutation.addAllergy": _of_the_dependant(
        "AddAllergy",
        lambda _: {"substance": "Lạc", "idempotencyKey": "authorization-matrix-record-2"},
    ),
    "Mutation.removeAllergy": _of_the_dependant(
        "RemoveAllergy", lambda it: {"id": it.record.allergy_id}
    ),
    "Mutation.hideHealthDocument": _of_the_owner(
        "HideHealthDocument", lambda it: {"id": it.record.document_id, "isHidden": True}
    ),
    "Mutation.removeHealthDocument": _of_the_owner(
        "RemoveHealthDocument", lambda it: {"id": it.record.document_id}
    ),
    "Mutation.switchOnEmergencyCard": _of_the_dependant("SwitchOnEmergencyCard"),
    "Mutation.rotateEmergencyCard": _of_the_dependant("RotateEmergencyCard"),
    "Mutation.switchOffEmergencyCard": _of_the_dependant("SwitchOffEmergencyCard"),
    "Mutation.shareHealthDocument": _of_the_desk(
        "ShareHealthDocument",
        lambda it: {"appointmentId": it.record.appointment_id, **_ANNOUNCED},
    ),
    "Mutation.withdrawHealthDocument": _of_the_desk(
        "WithdrawHealthDocument", lambda it: {"id": it.record.document_id}
    ),
}

RECORD_TYPES: dict[str, tuple[Sight, str]] = {
    "AddAllergySuccess": (Sight.OWN, "record"),
    "Allergy": (Sight.OWN, "id substance reaction severity since"),
    "DeskHealthDocument": (
        Sight.STAFF,
        "id appointmentId kind title format byteCount state sharedAt withdrawnAt",
    ),
    "EmergencyCard": (Sight.OWN, "url contactName contactPhone showsNotes madeAt"),
    "HealthDocument": (
        Sight.OWN,
        "id kind title format byteCount state isHidden sharedAt withdrawnAt facility contentUrl",
    ),
    "HealthDocumentConnection": (Sight.OWN, "edges pageInfo"),
    "HealthDocumentEdge": (Sight.OWN, "node cursor"),
    "HealthRecord": (
        Sight.OWN,
        "patientId bloodGroup rhesus notes allergies updatedAt documents visits emergencyCard"
        " emergencyCardReadAt",
    ),
    "HealthVisit": (Sight.OWN, "appointmentId start facility service"),
    "HideHealthDocumentSuccess": (Sight.OWN, "document"),
    "RemoveAllergySuccess": (Sight.OWN, "record"),
    "RemoveHealthDocumentSuccess": (Sight.OWN, "id"),
    "RotateEmergencyCardSuccess": (Sight.OWN, "card"),
    "ShareHealthDocumentSuccess": (Sight.STAFF, "document uploadUrl"),
    "SharedHealthDocuments": (Sight.STAFF, "documents"),
    "SwitchOffEmergencyCardSuccess": (Sight.OWN, "patientId"),
    "SwitchOnEmergencyCardSuccess": (Sight.OWN, "card"),
    "TriageComplaint": (Sight.PUBLIC, "code name ageGroups isOfPregnancy"),
    "TriageEmergency": (Sight.PUBLIC, "text call meanwhileText"),
    "TriageQuestion": (Sight.PUBLIC, "question text isRedFlag number count"),
    "TriageQuestionnaire": (Sight.PUBLIC, "version complaints noDiagnosisText"),
    "TriageSuggestion": (
        Sight.PUBLIC,
        "urgency urgencyText specialties whyText ifWorseText noDiagnosisText",
    ),
    "UpdateHealthRecordSuccess": (Sight.OWN, "record"),
    "WithdrawHealthDocumentSuccess": (Sight.STAFF, "document"),
}
