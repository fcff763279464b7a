"""Copies of a person's data, kept in sealed parts in the store: any host may make and serve them."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from api.kit.ids import derived_id, new_id
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store, WriteConflict
from api.kit.transactions import transact

CONTENT_KEPT_FOR = timedelta(hours=48)
_KEPT_FOR = timedelta(days=30)

DATA_EXPORTS = CollectionSpec(
    "data_exports",
    (
        Index(("person_id", "number"), unique=True),
        Index(("kept_until",), expire_after_seconds=0),
    ),
)
EXPORT_PARTS = CollectionSpec(
    "export_parts",
    (Index(("export_id", "run")), Index(("kept_until",), expire_after_seconds=0)),
)


class ExportState(StrEnum):
    PREPARING = auto()
    READY = auto()
    ENDED = auto()


@dataclass(frozen=True, slots=True)
class DataExport:
    """One copy. `size`: bytes; `expires_at`: when its content goes; `run`: which attempt made it."""

    id: str
    person_id: str
    number: int
    language: str
    requested_at: datetime
    expires_at: datetime
    ready_at: datetime | None = None
    run: str = ""
    size: int = 0
    parts: int = 0

    def state(self, now: datetime) -> ExportState:
        if now >= self.expires_at:
            return ExportState.ENDED
        return ExportState.PREPARING if self.ready_at is None else ExportState.READY


class ExportGone(Exception):
    """The export was erased, or another run has finished it: nothing more is to be written."""


class ExportRepository:
    """All queries on exports and their parts."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._store = store
        self._exports = store[DATA_EXPORTS]
        self._parts = store[EXPORT_PARTS]
        self._sealer = sealer

    async def get(self, export_id: str) -> DataExport | None:
        document = await self._exports.get(export_id)
        return _export(document) if document else None

    async def all_of(self, person_id: str) -> list[DataExport]:
        """Return a person's exports, the newest first."""
        found = await self._exports.find({"person_id": person_id}, sort=[("number", -1)])
        return [_export(document) for document in found]

    async def newest(self, person_id: str) -> DataExport | None:
        document = await self._exports.find_one({"person_id": person_id}, sort=[("number", -1)])
        return _export(document) if document else None

    async def add(self, person_id: str, number: int, language: str, now: datetime) -> DataExport:
        """Begin an export; joins the open transaction. Raises WriteConflict: another was faster."""
        export = DataExport(new_id(), person_id, number, language, now, now + CONTENT_KEPT_FOR)
        try:
            await self._exports.insert(_document(export))
        except DuplicateKey as error:
            raise WriteConflict from error
        return export

    async def add_part(self, export: DataExport, run: str, number: int, piece: bytes) -> None:
        """Keep a piece of the archive. Raises ExportGone."""
        part_id = _part_id(export.id, run, number)
        sealed = self._sealer.seal(base64.b64encode(piece).decode(), _place(part_id))

        async def work() -> None:
            # Written to, so that an erasure at the same moment comes before or after, not between.
            unfinished = {"_id": export.id, "ready_at": None}
            if await self._exports.update_one(unfinished, {"$set": {"run": run}}) is None:
                raise ExportGone
            await self._parts.insert(
                {
                    "_id": part_id,
                    "export_id": export.id,
                    "run": run,
                    "sealed": sealed,
                    "kept_until": export.expires_at,
                }
            )

        await transact(self._store, work)

    async def finish(self, finished: DataExport) -> None:
        """Make it ready to be fetched, once; what other runs left goes. Raises ExportGone."""
        changes = {
            "run": finished.run,
            "size": finished.size,
            "parts": finished.parts,
            "ready_at": finished.ready_at,
        }

        async def work() -> None:
            unfinished = {"_id": finished.id, "ready_at": None}
            if await self._exports.update_one(unfinished, {"$set": changes}) is None:
                raise ExportGone
            await self._parts.delete_many({"export_id": finished.id, "run": {"$ne": finished.run}})

        await transact(self._store, work)

    async def abandon(self, export: DataExport, run: str) -> None:
        """Remove what a run has written that nobody will read."""
        await self._parts.delete_many({"export_id": export.id, "run": run})

    async def part(self, export: DataExport, number: int) -> bytes | None:
        """Return a piece of a finished export, None when it has ended meanwhile."""
        part_id = _part_id(export.id, export.run, number)
        document = await self._parts.get(part_id)
        if document is None:
            return None
        return base64.b64decode(self._sealer.open(document["sealed"], _place(part_id)))

    async def remove_all(self, person_id: str) -> None:
        """Remove a person's exports with their content."""

        async def work() -> None:
            for export in await self.all_of(person_id):
                await self._exports.delete_one({"_id": export.id})
                await self._parts.delete_many({"export_id": export.id})

        await transact(self._store, work)


def _document(export: DataExport) -> Document:
    return {
        "_id": export.id,
        "person_id": export.person_id,
        "number": export.number,
        "language": export.language,
        "requested_at": export.requested_at,
        "expires_at": export.expires_at,
        "ready_at": export.ready_at,
        "run": export.run,
        "size": export.size,
        "parts": export.parts,
        "kept_until": export.requested_at + _KEPT_FOR,
    }


def _export(document: Document) -> DataExport:
    return DataExport(
        id=document["_id"],
        person_id=document["person_id"],
        number=document["number"],
        language=document["language"],
        requested_at=document["requested_at"],
        expires_at=document["expires_at"],
        ready_at=document["ready_at"],
        run=document["run"],
        size=document["size"],
        parts=document["parts"],
    )


def _part_id(export_id: str, run: str, number: int) -> str:
    return derived_id("export part", export_id, run, str(number))


def _place(part_id: str) -> str:
    return f"export_parts/{part_id}"
