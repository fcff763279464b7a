"""Wishes, and places that are kept back until they are offered, as documents."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from api.health.waitlist.wish import OPEN, PartOfDay, Wish, WishState
from api.kit.ids import is_id
from api.kit.store import CollectionSpec, Document, Index, Store

KEPT_FOR = timedelta(days=30)
"""After the last day of a wish."""

_IS_OPEN: Final = {"state": {"$in": [state.value for state in OPEN]}}

HEALTH_WAITLIST = CollectionSpec(
    "health_waitlist",
    (
        # Whoever books for a patient, a patient waits once for a specialty at a facility.
        Index(("patient_key", "facility_id", "specialty"), unique=True, partial=_IS_OPEN),
        Index(("facility_id", "specialty", "state", "joined_at")),
        Index(("person_id", "joined_at")),
        Index(("offer",)),
        Index(("kept_until",), expire_after_seconds=0),
    ),
)
HEALTH_KEPT_PLACES = CollectionSpec("health_kept_places", (Index(("slot_id",)),))


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """One patient's room of a place, which nobody has and no search shows, until it is offered."""

    id: str
    slot_id: str


class WaitlistRepository:
    """All queries on both. Every call joins the open transaction, if there is one."""

    def __init__(self, store: Store) -> None:
        self._wishes = store[HEALTH_WAITLIST]
        self._kept = store[HEALTH_KEPT_PLACES]

    async def add(self, wish: Wish) -> None:
        """Add a wish. Raises DuplicateKey when the patient waits for this already."""
        await self._wishes.insert(_document(wish))

    async def get(self, wish_id: str) -> Wish | None:
        document = await self._wishes.get(wish_id) if is_id(wish_id) else None
        return _wish(document) if document else None

    async def of_person(self, person_id: str) -> list[Wish]:
        """Return a person's wishes, the newest first, ended ones too."""
        found = await self._wishes.find({"person_id": person_id}, sort=[("joined_at", -1)])
        return list(map(_wish, found))

    async def count_open(self, person_id: str) -> int:
        return await self._wishes.count({"person_id": person_id, **_IS_OPEN})

    async def waiting(
        self, facility_id: str, specialty: str, *, after: tuple[datetime, str] | None, limit: int
    ) -> list[Wish]:
        """Return who waits for a specialty of a facility and is offered nothing now, first come first."""
        asked = {
            "facility_id": facility_id,
            "specialty": specialty,
            "state": WishState.WAITING.value,
        }
        found = await self._wishes.find(asked, sort=[("joined_at", 1)], after=after, limit=limit)
        return list(map(_wish, found))

    async def open_of_patient(
        self, patient_key: str, facility_id: str, specialty: str
    ) -> Wish | None:
        """Return the open wish of a patient, whoever made it."""
        document = await self._wishes.find_one(
            {
                "patient_key": patient_key,
                "facility_id": facility_id,
                "specialty": specialty,
                **_IS_OPEN,
            }
        )
        return _wish(document) if document else None

    async def ahead_of(self, wish: Wish) -> int:
        """Return how many who joined earlier wait for the same specialty of the facility."""
        return await self._wishes.count(
            {
                "facility_id": wish.facility_id,
                "specialty": wish.specialty,
                **_IS_OPEN,
                "joined_at": {"$lt": wish.joined_at},
            }
        )

    async def offered(self, appointment_id: str) -> Wish | None:
        """Return whose wish an appointment is the open offer of."""
        document = await self._wishes.find_one({"offer": appointment_id})
        return _wish(document) if document else None

    async def replace(self, wish: Wish) -> Wish | None:
        """Put `wish` in place of its version; None when somebody was faster."""
        stored = await self._wishes.replace_if_version(_document(wish), wish.version)
        return _wish(stored) if stored else None

    async def remove_of_person(self, person_id: str) -> None:
        await self._wishes.delete_many({"person_id": person_id})

    async def remove_of_patient(self, person_id: str, dependant_id: str | None) -> None:
        """Remove what a person waits for on behalf of one patient, None for themselves."""
        await self._wishes.delete_many({"person_id": person_id, "dependant_id": dependant_id})

    async def keep(self, place: KeptPlace) -> None:
        await self._kept.insert({"_id": place.id, "slot_id": place.slot_id})

    async def kept(self, place_id: str) -> KeptPlace | None:
        document = await self._kept.get(place_id)
        return KeptPlace(document["_id"], document["slot_id"]) if document else None

    async def let_go(self, place_id: str) -> bool:
        """Keep a place back no more; False when another one did so before."""
        return await self._kept.delete_one({"_id": place_id}) is not None


def _document(wish: Wish) -> Document:
    return {
        "_id": wish.id,
        "person_id": wish.person_id,
        "dependant_id": wish.dependant_id,
        "patient_key": wish.patient_key,
        "facility_id": wish.facility_id,
        "specialty": wish.specialty,
        "service_id": wish.service_id,
        "first": wish.first.isoformat(),
        "last": wish.last.isoformat(),
        "part_of_day": wish.part_of_day.value,
        "language": wish.language,
        "state": wish.state.value,
        "joined_at": wish.joined_at,
        "offer": wish.offer,
        "missed": wish.missed,
        "passed_on": list(wish.passed_on),
        "kept_until": wish.ends_at + KEPT_FOR,
        "version": wish.version,
    }


def _wish(document: Document) -> Wish:
    return Wish(
        id=document["_id"],
        person_id=document["person_id"],
        dependant_id=document["dependant_id"],
        patient_key=document["patient_key"],
        facility_id=document["facility_id"],
        specialty=document["specialty"],
        service_id=document["service_id"],
        first=date.fromisoformat(document["first"]),
        last=date.fromisoformat(document["last"]),
        part_of_day=PartOfDay(document["part_of_day"]),
        language=document["language"],
        state=WishState(document["state"]),
        joined_at=document["joined_at"],
        offer=document["offer"],
        missed=document["missed"],
        passed_on=tuple(document["passed_on"]),
        version=document["version"],
    )
