"""All questions that status lists ask of the store: places, versions, and what changed in which."""

import base64
from contextlib import suppress
from dataclasses import dataclass

from api.credentials.records import Audience
from api.credentials.status.status_list import CARDS_IN_A_LIST, Status, StatusList
from api.kit.store import CollectionSpec, Document, DuplicateKey, Filter, Index, Store

CREDENTIAL_AUDIENCES = CollectionSpec("credential_audiences")
STATUS_LISTS = CollectionSpec("status_lists")
STATUS_CHANGES = CollectionSpec("status_changes", (Index(("list_id", "version"), unique=True),))


@dataclass(frozen=True, slots=True)
class ListId:
    """A status list: the `number`th of an audience, from 0."""

    tag: str
    number: int

    @property
    def text(self) -> str:
        return f"{self.tag}.{self.number}"

    @classmethod
    def at(cls, tag: str, index: int) -> "ListId":
        """Return the list that has the place of this index."""
        return cls(tag, index // CARDS_IN_A_LIST)


@dataclass(frozen=True, slots=True)
class StatusChange:
    """The change that made this version of a list."""

    version: int
    place: int
    status: Status


class StatusRepository:
    def __init__(self, store: Store) -> None:
        self._audiences = store[CREDENTIAL_AUDIENCES]
        self._lists = store[STATUS_LISTS]
        self._changes = store[STATUS_CHANGES]

    async def audience(self, audience: Audience) -> Document:
        """Return what is kept of an audience, made when it is new."""
        while True:
            if kept := await self._audiences.get(audience.tag):
                return kept
            await self._add_audience(audience)

    async def take_index(self, audience: Audience) -> int:
        """Return the next place in the lists of an audience; joins the open transaction."""
        while True:
            this = {"_id": audience.tag}
            taken = await self._audiences.update_one(this, {"$inc": {"next_index": 1}})
            if taken is not None:
                return int(taken["next_index"]) - 1
            await self._add_audience(audience)

    async def lists_of(self, tag: str) -> list[ListId]:
        """Return the lists of an audience, of which the first is there before any card is."""
        kept = await self._audiences.get(tag)
        if kept is None:
            return []
        last = max(kept["next_index"] - 1, 0) // CARDS_IN_A_LIST
        return [ListId(tag, number) for number in range(last + 1)]

    async def change(self, tag: str, index: int, status: Status) -> None:
        """Note a change; joins the open transaction, so that versions are seen in their order."""
        list_id = ListId.at(tag, index)
        version = await self._next_version(list_id.text)
        await self._changes.insert(
            {
                "_id": f"{list_id.text}:{version:012}",
                "list_id": list_id.text,
                "version": version,
                "place": index % CARDS_IN_A_LIST,
                "status": int(status),
            }
        )

    async def version(self, list_id: ListId) -> int:
        """Return the newest version, 0 before the first change."""
        kept = await self._lists.get(list_id.text)
        return int(kept["version"]) if kept else 0

    async def changes_after(self, list_id: ListId, version: int) -> list[StatusChange]:
        """Return what changed since, in order."""
        found = await self._changes.find(
            {"list_id": list_id.text, "version": {"$gt": version}}, sort=[("version", 1)]
        )
        return [StatusChange(one["version"], one["place"], Status(one["status"])) for one in found]

    async def snapshot(self, list_id: ListId) -> StatusList:
        """Return the list as it was kept last; what changed after that is to be added."""
        kept = await self._lists.get(list_id.text)
        if kept is None or not kept["snapshot"]:
            return StatusList()
        return StatusList.of_compressed(
            kept["snapshot_version"], base64.b64decode(kept["snapshot"])
        )

    async def keep_snapshot(self, list_id: ListId, status_list: StatusList, since: int) -> None:
        """Keep the list whole, and forget changes up to `since`, of which no delta tells any more."""
        older: Filter = {"_id": list_id.text, "snapshot_version": {"$lt": status_list.version}}
        snapshot = base64.b64encode(status_list.compressed()).decode()
        await self._lists.update_one(
            older,
            {"$set": {"snapshot": snapshot, "snapshot_version": status_list.version}},
        )
        await self._changes.delete_many({"list_id": list_id.text, "version": {"$lte": since}})

    async def _next_version(self, list_id: str) -> int:
        while True:
            counted = await self._lists.update_one({"_id": list_id}, {"$inc": {"version": 1}})
            if counted is not None:
                return int(counted["version"])
            new = {"_id": list_id, "version": 0, "snapshot": "", "snapshot_version": 0}
            with suppress(DuplicateKey):
                await self._lists.insert(new)

    async def _add_audience(self, audience: Audience) -> None:
        new: Document = {
            "_id": audience.tag,
            "audience": str(audience),
            "next_index": 0,
            "epoch": 1,
            "ended_epochs": {},
        }
        with suppress(DuplicateKey):
            await self._audiences.insert(new)
