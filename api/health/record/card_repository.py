"""Emergency cards, found by the digest of their code, and when they were read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from api.kit.ids import derived_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store

READINGS_KEPT_FOR = timedelta(days=365)

EMERGENCY_CARDS = CollectionSpec(
    "emergency_cards", (Index(("code_index",), unique=True), Index(("person_id",)))
)
EMERGENCY_CARD_READINGS = CollectionSpec(
    "emergency_card_readings",
    (
        Index(("card_id", "at", "_id")),
        Index(("person_id",)),
        Index(("kept_until",), expire_after_seconds=0),
    ),
)


@dataclass(frozen=True, slots=True, repr=False)
class EmergencyCard:
    """Whoever has `code` reads it. `shows_notes`: whether the record's notes stand on it."""

    person_id: str
    dependant_id: str | None
    code: str
    contact_name: str | None
    contact_phone: str | None
    shows_notes: bool
    made_at: datetime

    @property
    def id(self) -> str:
        return card_id_of(self.person_id, self.dependant_id)


def card_id_of(person_id: str, dependant_id: str | None) -> str:
    return derived_id("emergency card", person_id, dependant_id or "")


class EmergencyCardRepository:
    """All queries on emergency cards. Every call joins the open transaction."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._cards = store[EMERGENCY_CARDS]
        self._readings = store[EMERGENCY_CARD_READINGS]
        self._sealer = sealer

    async def of(self, person_id: str, dependant_id: str | None) -> EmergencyCard | None:
        document = await self._cards.get(card_id_of(person_id, dependant_id))
        return self._card(document) if document else None

    async def all_of(self, person_id: str) -> list[EmergencyCard]:
        return list(map(self._card, await self._cards.find({"person_id": person_id})))

    async def with_code(self, code: str) -> EmergencyCard | None:
        document = await self._cards.find_one({"code_index": self._code_index(code)})
        return self._card(document) if document else None

    async def put(self, card: EmergencyCard) -> None:
        """Keep it in place of the one before, whose code is dead with that."""
        await self._cards.upsert(self._document(card))

    async def remove(self, person_id: str, dependant_id: str | None) -> bool:
        """Switch it off; False when it was."""
        card_id = card_id_of(person_id, dependant_id)
        return await self._cards.delete_one({"_id": card_id}) is not None

    async def note_reading(self, card: EmergencyCard, now: datetime) -> None:
        """Note that it was read, once a minute at most: who has the code cannot flood the list."""
        at = now.replace(second=0, microsecond=0)
        reading = {
            "_id": derived_id("emergency card reading", card.id, at.isoformat()),
            "card_id": card.id,
            "person_id": card.person_id,
            "at": at,
            "kept_until": at + READINGS_KEPT_FOR,
        }
        try:
            await self._readings.insert(reading)
        except DuplicateKey:
            return

    async def readings(
        self, person_id: str, dependant_id: str | None, limit: int
    ) -> list[datetime]:
        """Return when a card was read, the latest first, also after it was switched off."""
        found = await self._readings.find(
            {"card_id": card_id_of(person_id, dependant_id)}, sort=[("at", -1)], limit=limit
        )
        return [one["at"] for one in found]

    async def readings_of_person(self, person_id: str) -> list[datetime]:
        found = await self._readings.find({"person_id": person_id}, sort=[("at", 1)])
        return [one["at"] for one in found]

    async def forget_readings(self, person_id: str, dependant_id: str | None) -> None:
        await self._readings.delete_many({"card_id": card_id_of(person_id, dependant_id)})

    async def forget_person(self, person_id: str) -> None:
        await self._cards.delete_many({"person_id": person_id})
        await self._readings.delete_many({"person_id": person_id})

    async def seal_anew(self) -> int:
        """Seal some details anew, as Resealed has it."""
        return await seal_anew(self._cards, self._sealer, "details", _place)

    def _code_index(self, code: str) -> str:
        return self._sealer.blind_index(code, "emergency card")

    def _document(self, card: EmergencyCard) -> Document:
        details = [card.code, card.contact_name, card.contact_phone, card.shows_notes]
        return {
            "_id": card.id,
            "person_id": card.person_id,
            "dependant_id": card.dependant_id,
            "code_index": self._code_index(card.code),
            "details": self._sealer.seal(details, _place(card.id)),
            "made_at": card.made_at,
        }

    def _card(self, document: Document) -> EmergencyCard:
        opened = self._sealer.open(document["details"], _place(document["_id"]))
        code, contact_name, contact_phone, shows_notes = opened
        return EmergencyCard(
            person_id=document["person_id"],
            dependant_id=document["dependant_id"],
            code=code,
            contact_name=contact_name,
            contact_phone=contact_phone,
            shows_notes=shows_notes,
            made_at=document["made_at"],
        )


def _place(card_id: str) -> str:
    return f"emergency_cards/{card_id}/details"
