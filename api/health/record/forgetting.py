"""What goes with a consent that is withdrawn, or with a dependant who is removed."""

from api.accounts.privacy.purposes import ConsentPurpose
from api.health.record.card_repository import EmergencyCardRepository
from api.health.record.document_repository import SharedDocumentRepository
from api.health.record.owners import Owners
from api.health.record.record_repository import HealthRecordRepository


class RecordForgetting:
    """RestsOnConsent and KeepsOfDependants; both join the open transaction."""

    def __init__(
        self,
        records: HealthRecordRepository,
        documents: SharedDocumentRepository,
        cards: EmergencyCardRepository,
        owners: Owners,
    ) -> None:
        self._records = records
        self._documents = documents
        self._cards = cards
        self._owners = owners

    async def consent_withdrawn(
        self, person_id: str, subject_id: str | None, purpose: ConsentPurpose
    ) -> None:
        """HEALTH: forget record and documents. EMERGENCY_CARD: switch the card off."""
        if purpose is ConsentPurpose.EMERGENCY_CARD:
            await self._owners.hold_account(person_id)
            await self._cards.remove(person_id, subject_id)
        elif purpose is ConsentPurpose.HEALTH:
            await self._owners.hold_account(person_id)
            await self._forget_kept(person_id, subject_id)

    async def dependant_removed(self, person_id: str, dependant_id: str) -> None:
        """Forget all of it."""
        await self._forget_kept(person_id, dependant_id)
        await self._cards.remove(person_id, dependant_id)
        await self._cards.forget_readings(person_id, dependant_id)

    async def _forget_kept(self, person_id: str, subject_id: str | None) -> None:
        await self._records.remove(person_id, subject_id)
        for document in await self._documents.all_of(person_id):
            if document.dependant_id == subject_id:
                await self._documents.remove(document.id)
