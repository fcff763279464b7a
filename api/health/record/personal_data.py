"""What the record keeps of a person, to be handed over and to be forgotten (PersonalData)."""

from typing import Any

from api.health.record.card_repository import EmergencyCard, EmergencyCardRepository
from api.health.record.details import HealthRecord
from api.health.record.document_repository import SharedDocumentRepository
from api.health.record.record_repository import HealthRecordRepository
from api.health.record.shared_document import DocumentState, SharedDocument
from api.kit.errors import N_
from api.kit.store import Store
from api.kit.transactions import transact


class RecordData:
    name = "health-record"
    explanation = N_(
        "What you noted of your health and of those for whom you act, the emergency card, and which"
        " documents facilities shared with you. You can open these in the app."
    )

    def __init__(
        self,
        store: Store,
        records: HealthRecordRepository,
        documents: SharedDocumentRepository,
        cards: EmergencyCardRepository,
    ) -> None:
        self._store = store
        self._records = records
        self._documents = documents
        self._cards = cards

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        readings = await self._cards.readings_of_person(person_id)
        return {
            "records": list(map(_record, await self._records.all_of(person_id))),
            "documents": list(map(_document, await self._documents.all_of(person_id))),
            "emergencyCards": list(map(_card, await self._cards.all_of(person_id))),
            "emergencyCardReadAt": [at.isoformat() for at in readings],
        }

    async def erase(self, person_id: str) -> None:
        async def work() -> None:
            await self._cards.forget_person(person_id)
            await self._records.remove_all(person_id)
            for document in await self._documents.all_of(person_id):
                await self._documents.remove(document.id)
            await self._documents.forget_clerk(person_id)

        await transact(self._store, work)


def _record(record: HealthRecord) -> dict[str, Any]:
    return {
        "dependant": record.dependant_id,
        "bloodGroup": record.blood_group and record.blood_group.name,
        "rhesus": record.rhesus and record.rhesus.name,
        "notes": record.notes,
        "allergies": [
            {
                "substance": one.substance,
                "reaction": one.reaction,
                "severity": one.severity.name,
                "since": one.since,
            }
            for one in record.allergies
        ],
        "updatedAt": record.updated_at and record.updated_at.isoformat(),
    }


def _document(one: SharedDocument) -> dict[str, Any]:
    return {
        "id": one.id,
        "dependant": one.dependant_id,
        "facility": one.facility_id,
        "appointment": one.appointment_id,
        "kind": one.kind.name,
        # What waits for its content is not told to anybody yet.
        "title": one.title if one.state is DocumentState.SHARED else None,
        "state": one.state.name,
        "bytes": one.byte_count,
        "isHidden": one.is_hidden,
        "createdAt": one.created_at.isoformat(),
        "withdrawnAt": one.withdrawn_at and one.withdrawn_at.isoformat(),
    }


def _card(card: EmergencyCard) -> dict[str, Any]:
    return {
        "dependant": card.dependant_id,
        "contactName": card.contact_name,
        "contactPhone": card.contact_phone,
        "showsNotes": card.shows_notes,
        "madeAt": card.made_at.isoformat(),
    }
