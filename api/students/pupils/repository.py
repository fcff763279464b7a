"""Classes and pupils as documents. Numbers, names and birth dates are sealed; numbers have a blind index."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from api.kit.ids import is_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Index, Store
from api.students.calendar.school_calendar import Shift
from api.students.pupils.pupil import Pupil, PupilDetails, SchoolClass

SCHOOL_CLASSES = CollectionSpec("school_classes", (Index(("school_id", "year", "name")),))
PUPILS = CollectionSpec(
    "pupils",
    (
        Index(("school_id", "number_index"), unique=True),
        Index(("school_id", "left_on", "_id")),
        Index(("class_id", "_id")),
    ),
)


class PupilRepository:
    """All queries on classes and pupils."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._classes = store[SCHOOL_CLASSES]
        self._pupils = store[PUPILS]
        self._sealer = sealer

    def number_index(self, number: str) -> str:
        """Return the digest under which a pupil number is looked up."""
        return self._sealer.blind_index(number, "pupil number")

    async def put_class(self, one: SchoolClass) -> None:
        await self._classes.upsert(_class_document(one))

    async def get_class(self, class_id: str) -> SchoolClass | None:
        document = await self._classes.get(class_id)
        return _class(document) if document else None

    async def classes(self, school_id: str, year: int) -> list[SchoolClass]:
        """Return the classes of a school year by name."""
        found = await self._classes.find({"school_id": school_id, "year": year}, sort=[("name", 1)])
        return list(map(_class, found))

    async def classes_by_id(self, class_ids: Sequence[str]) -> dict[str, SchoolClass]:
        found = await self._classes.get_many(sorted(set(class_ids)))
        return {class_id: _class(document) for class_id, document in found.items()}

    async def get(self, pupil_id: str) -> Pupil | None:
        document = await self._pupils.get(pupil_id) if is_id(pupil_id) else None
        return self._pupil(document) if document else None

    async def get_many(self, pupil_ids: Sequence[str]) -> dict[str, Pupil]:
        found = await self._pupils.get_many(sorted(set(pupil_ids)))
        return {pupil_id: self._pupil(document) for pupil_id, document in found.items()}

    async def numbered(self, school_id: str, numbers: Sequence[str]) -> dict[str, Pupil]:
        """Return the pupils of a school, those who left too, by pupil number."""
        indexes = [self.number_index(number) for number in numbers]
        found = await self._pupils.find({"school_id": school_id, "number_index": {"$in": indexes}})
        pupils = map(self._pupil, found)
        return {pupil.details.number: pupil for pupil in pupils}

    async def here(self, school_id: str, *, after: str, limit: int) -> list[Pupil]:
        """Return who has not left a school, in the order of the ids."""
        found = await self._pupils.find(
            {"school_id": school_id, "left_on": None, "_id": {"$gt": after}},
            sort=[("_id", 1)],
            limit=limit,
        )
        return list(map(self._pupil, found))

    async def in_class(
        self, class_id: str, on: date, *, after: str = "", limit: int
    ) -> list[Pupil]:
        """Return who is in a class and has not left on a day, in the order of the ids."""
        is_here = [{"left_on": None}, {"left_on": {"$gt": on.isoformat()}}]
        found = await self._pupils.find(
            {"class_id": class_id, "$or": is_here, "_id": {"$gt": after}},
            sort=[("_id", 1)],
            limit=limit,
        )
        return list(map(self._pupil, found))

    async def add(self, pupil: Pupil) -> None:
        """Add a pupil. Raises DuplicateKey when the school has one of this number."""
        await self._pupils.insert(self._document(pupil))

    async def replace(self, pupil: Pupil) -> Pupil | None:
        """Put `pupil` in place of its version; None when somebody was faster."""
        stored = await self._pupils.replace_if_version(self._document(pupil), pupil.version)
        return self._pupil(stored) if stored else None

    async def hold(self, pupil_id: str) -> bool:
        """Keep a pupil from being changed until the open transaction ends; False when there is none."""
        held = await self._pupils.update_one({"_id": pupil_id}, {"$inc": {"version": 1}})
        return held is not None

    async def remove(self, pupil_id: str) -> None:
        await self._pupils.delete_one({"_id": pupil_id})

    async def seal_anew(self) -> int:
        """Seal some details anew, as Resealed has it."""
        return await seal_anew(self._pupils, self._sealer, "details", _place)

    def _document(self, pupil: Pupil) -> Document:
        details = pupil.details
        sealed = [details.number, details.name, details.born_on.isoformat()]
        return {
            "_id": pupil.id,
            "school_id": pupil.school_id,
            "class_id": pupil.class_id,
            "number_index": self.number_index(details.number),
            "details": self._sealer.seal(sealed, _place(pupil.id)),
            "entered_at": pupil.entered_at,
            "left_on": pupil.left_on and pupil.left_on.isoformat(),
            "erase_at": pupil.erase_at,
            "went_to": pupil.went_to,
            "version": pupil.version,
        }

    def _pupil(self, document: Document) -> Pupil:
        opened: list[Any] = self._sealer.open(document["details"], _place(document["_id"]))
        number, name, born_on = opened
        left_on = document["left_on"]
        return Pupil(
            id=document["_id"],
            school_id=document["school_id"],
            class_id=document["class_id"],
            details=PupilDetails(number, name, date.fromisoformat(born_on)),
            entered_at=document["entered_at"],
            left_on=date.fromisoformat(left_on) if left_on else None,
            erase_at=document["erase_at"],
            went_to=document.get("went_to"),
            version=document["version"],
        )


def left(pupil: Pupil, day: date, erase_at: datetime) -> Pupil:
    """Return the pupil as one who is no longer there from a day on."""
    return replace(pupil, left_on=day, erase_at=erase_at)


def _class_document(one: SchoolClass) -> Document:
    return {
        "_id": one.id,
        "school_id": one.school_id,
        "year": one.year,
        "name": one.name,
        "shift": one.shift.value,
    }


def _class(document: Document) -> SchoolClass:
    return SchoolClass(
        document["_id"],
        document["school_id"],
        document["year"],
        document["name"],
        Shift(document["shift"]),
    )


def _place(pupil_id: str) -> str:
    return f"pupils/{pupil_id}/details"
