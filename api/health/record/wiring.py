"""Builds the health record: what people note, what facilities share, and the emergency card."""

from dataclasses import dataclass

from api.health.appointments.repository import AppointmentRepository
from api.health.directory.staff import FacilityStaff
from api.health.record.card_repository import (
    EMERGENCY_CARD_READINGS,
    EMERGENCY_CARDS,
    EmergencyCardRepository,
)
from api.health.record.document_repository import (
    HEALTH_DOCUMENT_PIECES,
    HEALTH_DOCUMENTS,
    SharedDocumentRepository,
)
from api.health.record.documents_reading import DocumentsReading
from api.health.record.emergency_cards import EmergencyCards
from api.health.record.forgetting import RecordForgetting
from api.health.record.keeping import RecordKeeping
from api.health.record.owners import Owners
from api.health.record.personal_data import RecordData
from api.health.record.record_repository import HEALTH_RECORDS, HealthRecordRepository
from api.health.record.sharing import DocumentSharing
from api.health.record.visits import Visits
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.resealing import Resealed
from api.kit.sealing import Sealer
from api.kit.store import Store

RECORD_COLLECTIONS = (
    HEALTH_RECORDS,
    HEALTH_DOCUMENTS,
    HEALTH_DOCUMENT_PIECES,
    EMERGENCY_CARDS,
    EMERGENCY_CARD_READINGS,
)


@dataclass(frozen=True, slots=True)
class RecordServices:
    """`public_url`: under which phones reach the doors; `forgetting`: goes with a consent or a dependant."""

    keeping: RecordKeeping
    sharing: DocumentSharing
    documents: DocumentsReading
    visits: Visits
    cards: EmergencyCards
    forgetting: RecordForgetting
    data: RecordData
    resealed: tuple[Resealed, ...]
    public_url: str


def record_on(
    store: Store,
    sealer: Sealer,
    staff: FacilityStaff,
    appointments: AppointmentRepository,
    audit: AuditLog,
    clock: Clock,
    *,
    public_url: str,
) -> RecordServices:
    """Build the services."""
    records = HealthRecordRepository(store, sealer)
    documents = SharedDocumentRepository(store, sealer)
    cards = EmergencyCardRepository(store, sealer)
    owners, idempotency = Owners(store, sealer, clock), Idempotency(store, clock)
    return RecordServices(
        keeping=RecordKeeping(store, records, owners, idempotency, clock),
        sharing=DocumentSharing(
            store, documents, appointments, owners, staff, audit, idempotency, clock
        ),
        documents=DocumentsReading(store, documents, owners),
        visits=Visits(appointments, owners),
        cards=EmergencyCards(store, cards, records, owners, clock),
        forgetting=RecordForgetting(records, documents, cards, owners),
        data=RecordData(store, records, documents, cards),
        resealed=(records, documents, cards),
        public_url=public_url.rstrip("/"),
    )
