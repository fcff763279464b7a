"""Who wants extreme warnings by SMS, and of which communes."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime

from api.kit.store import CollectionSpec, Index, Store

SMS_WISHES = CollectionSpec("sms_wishes", (Index(("communes",), many=True),))
_READ_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class SmsWish:
    """What a person agreed to at a moment: SMS for warnings of these communes (codes)."""

    person_id: str
    communes: frozenset[str]
    agreed_at: datetime


class SmsWishes:
    """All queries on them; a document a person."""

    def __init__(self, store: Store) -> None:
        self._wishes = store[SMS_WISHES]

    async def get(self, person_id: str) -> SmsWish | None:
        document = await self._wishes.get(person_id)
        if document is None:
            return None
        return SmsWish(person_id, frozenset(document["communes"]), document["agreed_at"])

    async def put(self, wish: SmsWish) -> None:
        """Keep it in place of an earlier one; joins the open transaction."""
        await self._wishes.upsert(
            {
                "_id": wish.person_id,
                "communes": sorted(wish.communes),
                "agreed_at": wish.agreed_at,
            }
        )

    async def remove(self, person_id: str) -> None:
        await self._wishes.delete_one({"_id": person_id})

    async def persons_of(self, communes: frozenset[str]) -> AsyncGenerator[str]:
        """Yield who wants warnings of one of these; whoever wants those of two may come twice."""
        for commune in sorted(communes):
            after: tuple[str, ...] | None = None
            while found := await self._wishes.find(
                {"communes": commune}, after=after, limit=_READ_AT_ONCE
            ):
                for document in found:
                    yield document["_id"]
                after = (found[-1]["_id"],)
