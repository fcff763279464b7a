"""All questions that editing asks of the store. Writes join the open transaction."""

from datetime import datetime, timedelta
from typing import Any

from api.kit.store import (
    CollectionSpec,
    Document,
    DuplicateKey,
    Index,
    Store,
    WriteConflict,
)
from api.tourism.content_ids import is_content_id
from api.tourism.editing.place_fields import complete, place_of, row_of
from api.tourism.editing.records import (
    Draft,
    FieldChange,
    PlaceState,
    PlaceVersion,
    VersionKind,
)
from api.tourism.flat_rows import changed
from api.tourism.repository import TourismRepository

PLACE_EDITS = CollectionSpec("place_edits")
"""A document for each place that was ever edited: what holds, and what the files said last."""
PLACE_VERSIONS = CollectionSpec(
    "place_versions", (Index(("place_id", "number"), unique=True), Index(("by", "_id")))
)
DRAFTS_KEPT_FOR = timedelta(days=180)
PLACE_DRAFTS = CollectionSpec(
    "place_drafts",
    (
        Index(("editor", "place_id"), unique=True),
        Index(("changed_at",), expire_after_seconds=int(DRAFTS_KEPT_FOR.total_seconds())),
    ),
)
_FIRST = 1


class EditingRepository:
    def __init__(self, store: Store) -> None:
        self._tourism = TourismRepository(store)
        self._edits = store[PLACE_EDITS]
        self._versions = store[PLACE_VERSIONS]
        self._drafts = store[PLACE_DRAFTS]

    async def state(self, place_id: str) -> PlaceState | None:
        """Return what is known of a place, also when it is retired."""
        if not is_content_id(place_id):
            return None
        if document := await self._edits.get(place_id):
            return _state(document)
        place = await self._tourism.place(place_id)
        if place is None:
            return None
        row = row_of(place)
        return PlaceState(place_id, _FIRST, row, row, True, False, False)

    async def all_edited(self) -> list[PlaceState]:
        return [_state(document) for document in await self._edits.find({})]

    async def publish(
        self, was: PlaceState | None, now_is: PlaceState, kind: VersionKind, by: str, at: datetime
    ) -> None:
        """Make a version hold, and show it to readers. Raises WriteConflict when somebody was faster."""
        if was is not None and not was.is_kept:
            await self._keep_version(None, was, VersionKind.SHIPPED, None, at)
        await self.put(was, now_is)
        await self._keep_version(was, now_is, kind, by, at)
        if now_is.is_listed:
            await self._tourism.show(place_of(now_is.row))
        else:
            await self._tourism.hide(now_is.place_id)

    async def put(self, was: PlaceState | None, now_is: PlaceState) -> None:
        """Keep what holds in place of what did. Raises WriteConflict when somebody was faster."""
        document = _edit_document(now_is)
        if was is None or not was.is_kept:
            try:
                await self._edits.insert(document)
            except DuplicateKey as error:
                raise WriteConflict(now_is.place_id) from error
        elif (
            await self._edits.update_one(
                {"_id": was.place_id, "version": was.version}, {"$set": _without_id(document)}
            )
            is None
        ):
            raise WriteConflict(now_is.place_id)

    async def note_shipped(self, was: PlaceState, now_is: PlaceState, at: datetime) -> None:
        """Keep what the content files changed of a place that is edited."""
        await self.put(was, now_is)
        if now_is.version != was.version:
            await self._keep_version(was, now_is, VersionKind.SHIPPED, None, at)

    async def version(self, place_id: str, number: int) -> PlaceVersion | None:
        document = await self._versions.find_one({"place_id": place_id, "number": number})
        return _version(document) if document else None

    async def versions(self, place_id: str, before: int | None, limit: int) -> list[PlaceVersion]:
        """Return versions, the newest first."""
        older = {} if before is None else {"number": {"$lt": before}}
        found = await self._versions.find(
            {"place_id": place_id, **older}, sort=[("number", -1)], limit=limit
        )
        return [_version(document) for document in found]

    async def last_to_change(self, place_id: str, path: str) -> PlaceVersion | None:
        """Return the newest version that changed a field."""
        document = await self._versions.find_one(
            {"place_id": place_id, "paths": path}, sort=[("number", -1)]
        )
        return _version(document) if document else None

    async def draft(self, draft_id: str, editor_id: str) -> Draft | None:
        document = await self._drafts.find_one({"_id": draft_id, "editor": editor_id})
        return _draft(document) if document else None

    async def draft_of(self, editor_id: str, place_id: str) -> Draft | None:
        document = await self._drafts.find_one({"editor": editor_id, "place_id": place_id})
        return _draft(document) if document else None

    async def drafts_of(
        self, editor_id: str, after: str | None = None, limit: int | None = None
    ) -> list[Draft]:
        """Return the drafts of an editor by the ids of their places."""
        later = {} if after is None else {"place_id": {"$gt": after}}
        found = await self._drafts.find(
            {"editor": editor_id, **later}, sort=[("place_id", 1)], limit=limit
        )
        return [_draft(document) for document in found]

    async def put_draft(self, draft: Draft) -> Draft:
        """Keep a draft in place of its last version. Raises WriteConflict when somebody was faster."""
        document = _draft_document(draft)
        if draft.version == 0:
            try:
                await self._drafts.insert({**document, "version": 1})
            except DuplicateKey as error:
                raise WriteConflict(draft.id) from error
            return _draft({**document, "version": 1})
        stored = await self._drafts.replace_if_version(document, draft.version)
        if stored is None:
            raise WriteConflict(draft.id)
        return _draft(stored)

    async def remove_draft(self, draft_id: str, editor_id: str) -> bool:
        """Remove a draft; False when the editor has none of this id."""
        return (await self._drafts.delete_one({"_id": draft_id, "editor": editor_id})) is not None

    async def published_by(self, person_id: str) -> list[PlaceVersion]:
        return [_version(document) for document in await self._versions.find({"by": person_id})]

    async def forget(self, person_id: str) -> None:
        """Remove a person's drafts; what they published stays and is nobody's."""
        await self._drafts.delete_many({"editor": person_id})
        await self._versions.update_many({"by": person_id}, {"$set": {"by": None}})

    async def _keep_version(
        self,
        was: PlaceState | None,
        now_is: PlaceState,
        kind: VersionKind,
        by: str | None,
        at: datetime,
    ) -> None:
        before = {} if was is None else was.fields
        await self._versions.insert(
            {
                "_id": f"{now_is.place_id}:{now_is.version:08}",
                "place_id": now_is.place_id,
                "number": now_is.version,
                "kind": kind.value,
                "by": by,
                "at": at,
                "row": now_is.row,
                "is_retired": now_is.is_retired,
                "paths": list(changed(before, now_is.fields)),
            }
        )


def _edit_document(state: PlaceState) -> Document:
    return {
        "_id": state.place_id,
        "version": state.version,
        "row": state.row,
        "base": state.base,
        "is_shipped": state.is_shipped,
        "is_retired": state.is_retired,
    }


def _without_id(document: Document) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "_id"}


def _state(document: Document) -> PlaceState:
    base = document["base"]
    return PlaceState(
        place_id=document["_id"],
        version=document["version"],
        row=complete(document["row"]),
        base=None if base is None else complete(base),
        is_shipped=document["is_shipped"],
        is_retired=document["is_retired"],
        is_kept=True,
    )


def _version(document: Document) -> PlaceVersion:
    return PlaceVersion(
        place_id=document["place_id"],
        number=document["number"],
        kind=VersionKind(document["kind"]),
        by=document["by"],
        at=document["at"],
        row=complete(document["row"]),
        is_retired=document["is_retired"],
        paths=tuple(document["paths"]),
    )


def _draft_document(draft: Draft) -> Document:
    return {
        "_id": draft.id,
        "editor": draft.editor_id,
        "place_id": draft.place_id,
        "version": draft.version,
        "base_version": draft.base_version,
        "changes": [
            {"path": change.path, "base": change.base, "value": change.value}
            for change in draft.changes
        ],
        "started_at": draft.started_at,
        "changed_at": draft.changed_at,
    }


def _draft(document: Document) -> Draft:
    return Draft(
        id=document["_id"],
        editor_id=document["editor"],
        place_id=document["place_id"],
        version=document["version"],
        base_version=document["base_version"],
        changes=tuple(
            FieldChange(change["path"], change["base"], change["value"])
            for change in document["changes"]
        ),
        started_at=document["started_at"],
        changed_at=document["changed_at"],
    )
