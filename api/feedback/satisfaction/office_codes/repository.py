"""Codes of offices, and who has rated an office by one on a day. Every change is one conditional write."""

from datetime import date, datetime, timedelta
from typing import Any

from api.accounts.caller import Scope
from api.feedback.satisfaction.office_codes.office_code import OfficeCode
from api.kit.ids import derived_id, is_id
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store, WriteConflict

OFFICE_CODES = CollectionSpec(
    "feedback_office_codes",
    (Index(("office", "number"), unique=True, partial={"is_held": True}),),
)
RATING_TURNS = CollectionSpec(
    "feedback_rating_turns", (Index(("kept_until",), expire_after_seconds=0),)
)
_TURN_KEPT_FOR = timedelta(days=2)


class OfficeCodeRepository:
    """Every call joins the open transaction, if there is one."""

    def __init__(self, store: Store) -> None:
        self._codes = store[OFFICE_CODES]

    async def add(self, code: OfficeCode) -> None:
        """Add it. Raises WriteConflict when another code of the office was just given its number."""
        try:
            await self._codes.insert(_document(code))
        except DuplicateKey as error:
            raise WriteConflict from error

    async def get(self, code_id: str) -> OfficeCode | None:
        document = await self._codes.get(code_id) if is_id(code_id) else None
        return _code(document) if document else None

    async def of_office(self, office: Scope) -> list[OfficeCode]:
        """Return the codes that hold, by number."""
        found = await self._codes.find(
            {"office": str(office), "is_held": True}, sort=[("number", 1)]
        )
        return list(map(_code, found))

    async def replace(
        self, office: Scope, code_id: str, version: int, now: datetime
    ) -> OfficeCode | None:
        """Let another version hold in place of this one; None when it is not the office's, or another holds."""
        return await self._change(
            office, code_id, version, {"$set": {"changed_at": now}, "$inc": {"version": 1}}
        )

    async def revoke(
        self, office: Scope, code_id: str, version: int, now: datetime
    ) -> OfficeCode | None:
        """Let it hold no more; None when it is not the office's, or another version holds."""
        return await self._change(
            office,
            code_id,
            version,
            {"$set": {"changed_at": now, "revoked_at": now, "is_held": False}},
        )

    async def _change(
        self, office: Scope, code_id: str, version: int, update: dict[str, dict[str, Any]]
    ) -> OfficeCode | None:
        holds = {"_id": code_id, "office": str(office), "version": version, "is_held": True}
        changed = await self._codes.update_one(holds, update)
        return _code(changed) if changed else None


class RatingTurns:
    """One rating by a code an office, day and somebody: by a digest that is kept for two days."""

    def __init__(self, store: Store) -> None:
        self._turns = store[RATING_TURNS]

    async def take(self, office: Scope, day: date, who: str, now: datetime) -> bool:
        """Take the turn of the day; False when it is taken. Joins the open transaction."""
        turn_id = derived_id("feedback rating turn", str(office), day.isoformat(), who)
        try:
            await self._turns.insert({"_id": turn_id, "kept_until": now + _TURN_KEPT_FOR})
        except DuplicateKey:
            return False
        return True


def _document(code: OfficeCode) -> Document:
    return {
        "_id": code.id,
        "office": str(code.office),
        "number": code.number,
        "label": code.label,
        "is_held": code.revoked_at is None,
        "created_at": code.created_at,
        "changed_at": code.changed_at,
        "revoked_at": code.revoked_at,
        "version": code.version,
    }


def _code(document: Document) -> OfficeCode:
    return OfficeCode(
        id=document["_id"],
        office=Scope.of(document["office"]),
        number=document["number"],
        label=document["label"],
        created_at=document["created_at"],
        changed_at=document["changed_at"],
        revoked_at=document["revoked_at"],
        version=document["version"],
    )
