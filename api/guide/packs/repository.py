"""Which versions of packs there were, and the bytes of those that were asked for lately."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.guide.packs.format import PackEdition, PackSnapshot
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store, WriteConflict
from api.kit.transactions import transact

VERSIONS_AT_MOST = 12
"""Of a pack: a phone with an older one gets it whole."""
VERSION_KEPT_FOR = timedelta(days=180)
FILE_KEPT_FOR = timedelta(days=2)
"""Longer than a link holds; it can be made again, to the same bytes."""
PART_BYTES = 262_144

_expires = Index(("kept_until",), expire_after_seconds=0)
PACK_VERSIONS = CollectionSpec("pack_versions", (Index(("pack", "made_at")), _expires))
PACK_FILES = CollectionSpec("pack_files", (_expires,))
PACK_PARTS = CollectionSpec("pack_parts", (Index(("file_id",)), _expires))


@dataclass(frozen=True, slots=True)
class PackFile:
    """What can be fetched. `since`: the version it is laid over, None when it is whole."""

    id: str
    version: str
    since: str | None
    byte_count: int
    sha256: str
    item_count: int


class PackRepository:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._versions = store[PACK_VERSIONS]
        self._files = store[PACK_FILES]
        self._parts = store[PACK_PARTS]
        self._clock = clock

    async def remember(self, snapshot: PackSnapshot) -> None:
        """Keep the hashes of a version's items, so that changes since it can be told. Twice is once."""
        pack, version = snapshot.edition.pack, snapshot.edition.version
        document: Document = {
            "_id": _version_id(pack, version),
            "pack": pack,
            "hashes": [f"{key} {item_hash}" for key, item_hash in snapshot.hashes.items()],
            "made_at": self._clock(),
            "kept_until": self._clock() + VERSION_KEPT_FOR,
        }

        async def work() -> None:
            await self._versions.upsert(document)
            newest = await self._versions.find({"pack": pack}, sort=[("made_at", -1)])
            for older in newest[VERSIONS_AT_MOST:]:
                await self._versions.delete_one({"_id": older["_id"]})

        await transact(self._store, work)

    async def hashes(self, edition: PackEdition, version: str) -> Mapping[str, str] | None:
        """Return the hashes of the items of another version of the same pack, None if it is not known."""
        document = await self._versions.get(_version_id(edition.pack, version))
        if document is None or document["kept_until"] <= self._clock():
            return None
        return dict(entry.rsplit(" ", 1) for entry in document["hashes"])

    async def lasting_file(
        self, file_id: str, at_least: timedelta = timedelta()
    ) -> PackFile | None:
        """Return a file that will be there for that long, None when there is none."""
        document = await self._files.get(file_id)
        if document is None or document["kept_until"] <= self._clock() + at_least:
            return None
        return _file(document)

    async def keep(self, file: PackFile, content: bytes, at_least: timedelta) -> PackFile:
        """Keep a file whole or not at all, and return what is kept.

        One of this id that another process made, and that lasts `at_least`, stays: its bytes may differ by
        that process's compression, and somebody may be reading them.
        """
        kept_until = self._clock() + FILE_KEPT_FOR

        async def work() -> PackFile:
            if there := await self.lasting_file(file.id, at_least):
                return there
            await self._parts.delete_many({"file_id": file.id})
            try:
                await self._parts.insert_many(_part_documents(file, content, kept_until))
            except DuplicateKey as error:
                raise WriteConflict from error
            await self._files.upsert(_file_document(file, kept_until))
            return file

        return await transact(self._store, work)

    async def part(self, file: PackFile, number: int) -> bytes | None:
        """Return the piece of that number, from 0, of PART_BYTES but the last; None when it has gone."""
        document = await self._parts.get(_part_id(file, number))
        return None if document is None else base64.b64decode(document["content"])


def file_id(edition: PackEdition, since: str | None) -> str:
    return derived_id("pack file", edition.version, since or "")


def _version_id(pack: str, version: str) -> str:
    return derived_id("pack version", pack, version)


def _part_id(file: PackFile, number: int) -> str:
    return derived_id("pack part", file.id, file.sha256, str(number))


def _part_documents(file: PackFile, content: bytes, kept_until: datetime) -> list[Document]:
    return [
        {
            "_id": _part_id(file, start // PART_BYTES),
            "file_id": file.id,
            "content": base64.b64encode(content[start : start + PART_BYTES]).decode(),
            "kept_until": kept_until,
        }
        for start in range(0, len(content), PART_BYTES)
    ]


def _file_document(file: PackFile, kept_until: datetime) -> Document:
    return {
        "_id": file.id,
        "version": file.version,
        "since": file.since,
        "byte_count": file.byte_count,
        "sha256": file.sha256,
        "item_count": file.item_count,
        "kept_until": kept_until,
    }


def _file(document: Document) -> PackFile:
    return PackFile(
        id=document["_id"],
        version=document["version"],
        since=document["since"],
        byte_count=document["byte_count"],
        sha256=document["sha256"],
        item_count=document["item_count"],
    )
