"""All queries on drafts. Every change is one conditional write on the version that was seen."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from api.alerts.composing.draft import (
    Content,
    Draft,
    DraftKind,
    DraftState,
    Grounds,
    Purpose,
    content_fields,
    content_of,
)
from api.kit.ids import is_id
from api.kit.store import CollectionSpec, Document, Index, Store
from api.kit.transactions import transact

ALERT_DRAFTS = CollectionSpec(
    "alert_drafts",
    (
        Index(("agency_id", "changed_at")),
        Index(("editors",), many=True),
        Index(("issued_by",)),
        Index(("alert_id",)),
    ),
)
OPEN_STATES = (DraftState.EDITING, DraftState.WAITING)


class DraftRepository:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._drafts = store[ALERT_DRAFTS]

    async def add(self, draft: Draft) -> None:
        await self._drafts.insert(_document(draft))

    async def get(self, draft_id: str) -> Draft | None:
        document = await self._drafts.get(draft_id) if is_id(draft_id) else None
        return _draft(document) if document else None

    async def issued_as(self, alert_id: str) -> Draft | None:
        """Return the draft that became this message."""
        document = await self._drafts.find_one({"alert_id": alert_id})
        return _draft(document) if document else None

    async def of_agency(
        self, agency_id: str, after: Sequence[Any] | None, limit: int
    ) -> list[Draft]:
        """Return its drafts, those changed last first."""
        found = await self._drafts.find(
            {"agency_id": agency_id}, sort=[("changed_at", -1)], after=after, limit=limit
        )
        return list(map(_draft, found))

    async def edit(self, seen: Draft, content: Content, editor: str, now: datetime) -> Draft | None:
        """Write new content and void every approval; None when it is another version by now, or ended."""
        stored = await self._drafts.update_one(
            _as_seen(seen, OPEN_STATES),
            {
                "$set": {
                    "content": _packed(content),
                    "state": DraftState.EDITING.value,
                    "changed_at": now,
                },
                "$inc": {"version": 1},
                "$addToSet": {"editors": editor},
            },
        )
        return _draft(stored) if stored else None

    async def move(
        self,
        seen: Draft,
        sources: Sequence[DraftState],
        target: DraftState,
        now: datetime,
        fields: Mapping[str, Any] | None = None,
        editor: str | None = None,
    ) -> Draft | None:
        """Change the state of the version that was seen; None when it is another one by now.

        `editor`: who counts as one who wrote on it from now on.
        """
        change: dict[str, Any] = {
            "$set": {"state": target.value, "changed_at": now, **(fields or {})}
        }
        if editor is not None:
            change["$addToSet"] = {"editors": editor}
        stored = await self._drafts.update_one(_as_seen(seen, sources), change)
        return _draft(stored) if stored else None

    async def of_person(self, person_id: str) -> list[Draft]:
        """Return what a person wrote on, or issued."""
        found = await self._drafts.find({"$or": [{"editors": person_id}, {"issued_by": person_id}]})
        return list(map(_draft, found))

    async def forget(self, person_id: str) -> None:
        """Take a person out of every draft; what was issued stays the agency's.

        What they wrote that is still open is thrown away in the same transaction: without the name
        nobody could tell any more whether its approver is its author.
        """

        async def work() -> None:
            await self._drafts.update_many(
                {"editors": person_id, "state": {"$in": [state.value for state in OPEN_STATES]}},
                {"$set": {"state": DraftState.DISCARDED.value}, "$inc": {"version": 1}},
            )
            await self._drafts.update_many(
                {"editors": person_id}, {"$pull": {"editors": person_id}}
            )
            await self._drafts.update_many({"issued_by": person_id}, {"$set": {"issued_by": None}})

        await transact(self._store, work)


def _as_seen(seen: Draft, states: Sequence[DraftState]) -> dict[str, Any]:
    return {
        "_id": seen.id,
        "version": seen.version,
        "state": {"$in": [state.value for state in states]},
    }


def _packed(content: Content) -> str:
    # One text: names of slots and languages must not become names of fields, nor rings nested lists.
    return json.dumps(content_fields(content), ensure_ascii=False)


def _document(draft: Draft) -> Document:
    return {
        "_id": draft.id,
        "agency_id": draft.agency_id,
        "purpose": draft.purpose.value,
        "kind": draft.kind.value,
        "content": _packed(draft.content),
        "follows": draft.follows,
        "editors": list(draft.editors),
        "state": draft.state.value,
        "version": draft.version,
        "created_at": draft.created_at,
        "changed_at": draft.changed_at,
        "alert_id": draft.alert_id,
        "issued_by": draft.issued_by,
        "break_glass_reason": draft.break_glass_reason,
        "grounds": _grounds_document(draft.grounds) if draft.grounds else None,
    }


def _grounds_document(grounds: Grounds) -> Document:
    return {
        "rule": grounds.rule,
        "station": grounds.station,
        "source": grounds.source,
        "value": grounds.value,
        "unit": grounds.unit,
        "observed_at": grounds.observed_at,
    }


def _grounds(document: Document) -> Grounds:
    return Grounds(
        rule=document["rule"],
        station=document["station"],
        source=document["source"],
        value=document["value"],
        unit=document["unit"],
        observed_at=document["observed_at"],
    )


def _draft(document: Document) -> Draft:
    return Draft(
        id=document["_id"],
        agency_id=document["agency_id"],
        purpose=Purpose(document["purpose"]),
        kind=DraftKind(document["kind"]),
        content=content_of(json.loads(document["content"])),
        follows=document["follows"],
        editors=tuple(document["editors"]),
        state=DraftState(document["state"]),
        version=document["version"],
        created_at=document["created_at"],
        changed_at=document["changed_at"],
        alert_id=document["alert_id"],
        issued_by=document["issued_by"],
        break_glass_reason=document["break_glass_reason"],
        grounds=_grounds(document["grounds"]) if document.get("grounds") else None,
    )
