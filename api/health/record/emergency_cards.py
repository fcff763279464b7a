"""The emergency card: what helpers may read without anybody signing in, if the person wants that."""

from dataclasses import dataclass, replace
from datetime import datetime

import phonenumbers

from api.accounts.caller import Caller
from api.health.record.card_repository import EmergencyCard, EmergencyCardRepository
from api.health.record.details import HealthRecord, optional_text_of
from api.health.record.errors import CardNotFound, InvalidPhone
from api.health.record.owners import Owners, PatientShown
from api.health.record.record_repository import HealthRecordRepository
from api.kit.clock import Clock
from api.kit.ids import is_id, new_id
from api.kit.store import Store
from api.kit.transactions import transact

CONTACT_CHARACTERS_AT_MOST = 100
READINGS_AT_MOST = 100
_HOME_REGION = "VN"


@dataclass(frozen=True, slots=True, repr=False)
class CardWishes:
    """What is to stand on a card besides the record, as it was typed."""

    contact_name: str | None
    contact_phone: str | None
    shows_notes: bool


@dataclass(frozen=True, slots=True, repr=False)
class CardShown:
    """A card as whoever has its code reads it."""

    card: EmergencyCard
    patient: PatientShown
    record: HealthRecord


class EmergencyCards:
    """Without the consent EMERGENCY_CARD there is none."""

    def __init__(
        self,
        store: Store,
        cards: EmergencyCardRepository,
        records: HealthRecordRepository,
        owners: Owners,
        clock: Clock,
    ) -> None:
        self._store = store
        self._cards = cards
        self._records = records
        self._owners = owners
        self._clock = clock

    async def of(self, caller: Caller, patient_id: str | None) -> EmergencyCard | None:
        """Return the card, None when it is off. Raises NotSignedIn, PatientNotFound."""
        person_id = caller.person()
        await self._owners.check(person_id, patient_id)
        return await self._cards.of(person_id, patient_id)

    async def readings(self, caller: Caller, patient_id: str | None) -> list[datetime]:
        """Return when it was read, the latest first. Raises NotSignedIn, PatientNotFound."""
        person_id = caller.person()
        await self._owners.check(person_id, patient_id)
        return await self._cards.readings(person_id, patient_id, READINGS_AT_MOST)

    async def switch_on(
        self, caller: Caller, patient_id: str | None, wishes: CardWishes
    ) -> EmergencyCard:
        """Switch it on, or change what stands on it; a code that is there stays.

        Raises NotSignedIn, PatientNotFound, CardConsentMissing, InvalidText, InvalidPhone.
        """
        person_id = caller.person()
        name = optional_text_of(wishes.contact_name, "contactName", CONTACT_CHARACTERS_AT_MOST)
        phone = phone_of(wishes.contact_phone)

        async def work() -> EmergencyCard:
            await self._owners.hold(person_id, patient_id)
            await self._owners.check_card(person_id, patient_id)
            before = await self._cards.of(person_id, patient_id)
            card = EmergencyCard(
                person_id=person_id,
                dependant_id=patient_id,
                code=before.code if before else new_id(),
                contact_name=name,
                contact_phone=phone,
                shows_notes=wishes.shows_notes,
                made_at=before.made_at if before else self._clock(),
            )
            await self._cards.put(card)
            return card

        return await transact(self._store, work)

    async def rotate(self, caller: Caller, patient_id: str | None) -> EmergencyCard:
        """Give it a new code; the one before is dead at once.

        Raises NotSignedIn, PatientNotFound, CardNotFound.
        """
        person_id = caller.person()

        async def work() -> EmergencyCard:
            await self._owners.hold(person_id, patient_id)
            before = await self._cards.of(person_id, patient_id)
            if before is None:
                raise CardNotFound
            card = replace(before, code=new_id(), made_at=self._clock())
            await self._cards.put(card)
            return card

        return await transact(self._store, work)

    async def switch_off(self, caller: Caller, patient_id: str | None) -> None:
        """Switch it off; its code is dead at once. Raises NotSignedIn, PatientNotFound."""
        person_id = caller.person()

        async def work() -> None:
            await self._owners.hold(person_id, patient_id, to_end_it=True)
            await self._cards.remove(person_id, patient_id)

        await transact(self._store, work)

    async def read(self, code: str) -> CardShown | None:
        """Return what stands on the card with this code, and note that it was read; None for no card."""

        async def work() -> CardShown | None:
            card = await self._cards.with_code(code) if is_id(code) else None
            if card is None:
                return None
            patient = await self._owners.shown(card.person_id, card.dependant_id)
            if patient is None:
                return None
            await self._cards.note_reading(card, self._clock())
            record = await self._records.of(card.person_id, card.dependant_id)
            return CardShown(card, patient, record)

        return await transact(self._store, work)


def phone_of(typed: str | None) -> str | None:
    """Return a number in E.164, None for nothing or mere spaces. Raises InvalidPhone."""
    if typed is None or not typed.strip():
        return None
    try:
        number = phonenumbers.parse(typed.strip(), _HOME_REGION)
    except phonenumbers.NumberParseException as error:
        raise InvalidPhone from error
    if not phonenumbers.is_valid_number(number):
        raise InvalidPhone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
