"""School days of pupils as documents. Every change is one write that gives the same in any order."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from api.kit.formats import VIETNAM_TIME, day_in_vietnam
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import (
    CollectionSpec,
    Document,
    DuplicateKey,
    Index,
    Store,
    Update,
    WriteConflict,
)
from api.students.attendance.attendance_day import AttendanceDay, Told, day_id
from api.students.calendar.school_calendar import Shift, school_year_of
from api.students.pupils.pupil import Pupil, kept_until

ATTENDANCE = CollectionSpec(
    "attendance",
    (
        Index(("pupil_id", "day")),
        Index(("class_id", "day")),
        Index(("noted_by",)),
        Index(("kept_until",), expire_after_seconds=0),
    ),
)
_TIMES = ("arrived_at", "last_entry", "last_exit")
"""Left out until they are known: so the first is the least, and the latest, in any order."""


class AttendanceRepository:
    """All queries on attendance."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._days = store[ATTENDANCE]
        self._sealer = sealer

    async def get(self, pupil_id: str, day: date) -> AttendanceDay | None:
        document = await self._days.get(day_id(pupil_id, day))
        return self._day(document) if document else None

    async def of_pupil(self, pupil_id: str, starts: date, ends: date) -> list[AttendanceDay]:
        """Return the days of a pupil from `starts` to `ends`, both included, in their order."""
        found = await self._days.find(
            {
                "pupil_id": pupil_id,
                "day": {"$gte": starts.isoformat(), "$lte": ends.isoformat()},
            },
            sort=[("day", 1)],
        )
        return list(map(self._day, found))

    async def of_class(self, class_id: str, day: date) -> list[AttendanceDay]:
        found = await self._days.find({"class_id": class_id, "day": day.isoformat()})
        return list(map(self._day, found))

    async def of_pupils(self, pupil_ids: Sequence[str], day: date) -> dict[str, AttendanceDay]:
        """Return a day of each of these pupils, by pupil."""
        found = await self._days.get_many([day_id(pupil_id, day) for pupil_id in pupil_ids])
        return {document["pupil_id"]: self._day(document) for document in found.values()}

    async def entered(self, pupil: Pupil, shift: Shift, day: date, at: datetime) -> AttendanceDay:
        """Note that a pupil came in; joins the open transaction."""
        await self._begin(pupil, shift, day)
        return await self._changed(
            pupil.id, day, {"$min": {"arrived_at": at}, "$max": {"last_entry": at}}
        )

    async def left(self, pupil: Pupil, shift: Shift, day: date, at: datetime) -> AttendanceDay:
        """Note that a pupil went out; joins the open transaction."""
        await self._begin(pupil, shift, day)
        return await self._changed(pupil.id, day, {"$max": {"last_exit": at}})

    async def explained(
        self, pupil: Pupil, shift: Shift, day: date, note: str, person_id: str, now: datetime
    ) -> AttendanceDay:
        """Note why a pupil is not there; the newest word counts. Joins the open transaction."""
        await self._begin(pupil, shift, day)
        sealed = self._sealer.seal(note, _place(day_id(pupil.id, day)))
        fields = {"note": sealed, "noted_by": person_id, "noted_at": now}
        return await self._changed(pupil.id, day, {"$set": fields})

    async def missed(
        self, pupil: Pupil, shift: Shift, day: date, now: datetime
    ) -> AttendanceDay | None:
        """Note that a pupil is missed; None when she was seen, or somebody said why, or it was noted.

        Joins the open transaction.
        """
        await self._begin(pupil, shift, day)
        unseen = {"arrived_at": None, "last_exit": None, "note": None, "missed_at": None}
        document = await self._days.update_one(
            {"_id": day_id(pupil.id, day), **unseen}, {"$set": {"missed_at": now}}
        )
        return self._day(document) if document else None

    async def tell(self, pupil_id: str, day: date, told: Told) -> bool:
        """Note that guardians are told of something; False when they were."""
        document = await self._days.update_one(
            {"_id": day_id(pupil_id, day), "told": {"$ne": told.value}},
            {"$addToSet": {"told": told.value}},
        )
        return document is not None

    async def tell_leaving(self, pupil_id: str, day: date, at: datetime, before: datetime) -> bool:
        """Note that guardians are told of a leaving; False when they were told of one after `before`."""
        document = await self._days.update_one(
            {
                "_id": day_id(pupil_id, day),
                "$or": [{"told_leaving_at": None}, {"told_leaving_at": {"$lt": before}}],
            },
            {"$set": {"told_leaving_at": at}},
        )
        return document is not None

    async def forget_times(self, pupil_id: str) -> None:
        """Keep whether a pupil was there, and not when to the minute; joins the open transaction."""
        for document in await self._days.find({"pupil_id": pupil_id}):
            coarse = {name: _noon(document[name]) for name in _TIMES if name in document}
            await self._days.update_one(
                {"_id": document["_id"]}, {"$set": {**coarse, "note": None, "noted_by": None}}
            )

    async def forget_author(self, person_id: str) -> None:
        """Make what somebody wrote nobody's."""
        await self._days.update_many({"noted_by": person_id}, {"$set": {"noted_by": None}})

    async def noted_by(self, person_id: str) -> list[AttendanceDay]:
        return list(map(self._day, await self._days.find({"noted_by": person_id})))

    async def remove_of_pupil(self, pupil_id: str) -> None:
        await self._days.delete_many({"pupil_id": pupil_id})

    async def seal_anew(self) -> int:
        """Seal some notes anew, as Resealed has it."""
        return await seal_anew(self._days, self._sealer, "note", _place)

    async def _begin(self, pupil: Pupil, shift: Shift, day: date) -> None:
        """Add the day when it is not there. Raises WriteConflict: another transaction did."""
        if await self._days.get(day_id(pupil.id, day)) is not None:
            return
        begun = AttendanceDay(pupil.id, pupil.school_id, pupil.class_id, shift, day)
        try:
            await self._days.insert(_document(begun))
        except DuplicateKey as error:
            raise WriteConflict from error

    async def _changed(self, pupil_id: str, day: date, update: Update) -> AttendanceDay:
        document = await self._days.update_one({"_id": day_id(pupil_id, day)}, update)
        if document is None:
            raise WriteConflict
        return self._day(document)

    def _day(self, document: Document) -> AttendanceDay:
        note = document["note"]
        return AttendanceDay(
            pupil_id=document["pupil_id"],
            school_id=document["school_id"],
            class_id=document["class_id"],
            shift=Shift(document["shift"]),
            day=date.fromisoformat(document["day"]),
            arrived_at=document.get("arrived_at"),
            last_entry=document.get("last_entry"),
            last_exit=document.get("last_exit"),
            missed_at=document["missed_at"],
            note=None if note is None else self._sealer.open(note, _place(document["_id"])),
            noted_at=document["noted_at"],
            told=frozenset(map(Told, document["told"])),
            told_leaving_at=document["told_leaving_at"],
        )


def _document(one: AttendanceDay) -> dict[str, Any]:
    until = datetime.combine(kept_until(school_year_of(one.day)), time(), VIETNAM_TIME)
    return {
        "_id": one.id,
        "pupil_id": one.pupil_id,
        "school_id": one.school_id,
        "class_id": one.class_id,
        "shift": one.shift.value,
        "day": one.day.isoformat(),
        "missed_at": None,
        "note": None,
        "noted_by": None,
        "noted_at": None,
        "told": [],
        "told_leaving_at": None,
        "kept_until": until,
    }


def _noon(moment: datetime) -> datetime:
    day = day_in_vietnam(moment)
    return datetime.combine(day, time(12), VIETNAM_TIME)


def _place(document_id: str) -> str:
    return f"attendance/{document_id}/note"
