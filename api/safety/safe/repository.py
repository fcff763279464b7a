"""All questions that the slice asks of the store about musters.

An answer and the counts are written in one transaction, so that their sum is always that of the answers.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from api.kit.geo import Position
from api.kit.ids import derived_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, DuplicateKey, Filter, Index, Store
from api.safety.safe.records import ANSWERS_KEPT_FOR, Answered, MusterAnswer, MusterCount

MUSTER_ANSWERS = CollectionSpec(
    "safety_muster_answers",
    (
        Index(("alert_id", "answer", "at")),
        Index(("who",)),
        Index(("kept_until",), expire_after_seconds=0),
    ),
)
MUSTER_COUNTS = CollectionSpec(
    "safety_muster_counts",
    (Index(("alert_id", "commune_code")), Index(("kept_until",), expire_after_seconds=0)),
)
_COUNTS_KEPT_FOR = timedelta(days=365)
LISTED_AT_MOST = 1_000


class MusterRepository:
    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._answers = store[MUSTER_ANSWERS]
        self._counts = store[MUSTER_COUNTS]
        self._sealer = sealer

    async def put(self, answered: Answered) -> bool:
        """Keep it in place of the earlier one and count it; joins the open transaction.

        False when the earlier one is later than this: nothing was written.
        """
        before = await self._answers.get(answered.id)
        if before is not None and before["at"] > answered.at:
            return False
        await self._answers.upsert(self._document(answered))
        if before is not None:
            await self._count(answered, before["commune_code"], before["answer"], -1)
        await self._count(answered, answered.commune_code, answered.answer.value, 1)
        return True

    async def needing_help(self, alert_id: str, commune_code: str | None) -> list[Answered]:
        """Return who last said to need help, the first one first, at most LISTED_AT_MOST."""
        wanted: Filter = {"alert_id": alert_id, "answer": MusterAnswer.NEED_HELP.value}
        if commune_code is not None:
            wanted = {**wanted, "commune_code": commune_code}
        found = await self._answers.find(wanted, sort=[("at", 1)], limit=LISTED_AT_MOST)
        return list(map(self._record, found))

    async def counts(self, alert_id: str, commune_code: str | None) -> list[MusterCount]:
        wanted: Filter = {"alert_id": alert_id}
        if commune_code is not None:
            wanted = {**wanted, "commune_code": commune_code}
        found = await self._counts.find(wanted, sort=[("commune_code", 1)])
        return [MusterCount(one["commune_code"], one["safe"], one["need_help"]) for one in found]

    async def by(self, who: str) -> list[Answered]:
        return list(map(self._record, await self._answers.find({"who": who})))

    async def forget(self, who: str) -> None:
        """Remove the answers of somebody; that somebody answered stays counted."""
        await self._answers.delete_many({"who": who})

    async def seal_anew(self) -> int:
        """Seal some answers anew, as Resealed has it."""
        return await seal_anew(self._answers, self._sealer, "told", _place)

    async def _count(self, answered: Answered, commune_code: str, answer: str, by: int) -> None:
        count_id = derived_id("muster count", answered.alert_id, commune_code)
        update: dict[str, Mapping[str, Any]] = {
            "$inc": {answer: by},
            "$set": {"kept_until": answered.at + _COUNTS_KEPT_FOR},
        }
        if await self._counts.update_one({"_id": count_id}, update) is not None:
            return
        with suppress(DuplicateKey):  # somebody else's first answer came in between
            await self._counts.insert(
                {
                    "_id": count_id,
                    "alert_id": answered.alert_id,
                    "commune_code": commune_code,
                    **{one.value: 0 for one in MusterAnswer},
                    "kept_until": answered.at + _COUNTS_KEPT_FOR,
                }
            )
        await self._counts.update_one({"_id": count_id}, update)

    def _document(self, answered: Answered) -> Document:
        position = answered.position
        told = [position and [position.latitude, position.longitude], answered.note]
        return {
            "_id": answered.id,
            "alert_id": answered.alert_id,
            "who": answered.who,
            "answer": answered.answer.value,
            "commune_code": answered.commune_code,
            "at": answered.at,
            "told": self._sealer.seal(told, _place(answered.id)),
            "kept_until": answered.at + ANSWERS_KEPT_FOR,
        }

    def _record(self, document: Document) -> Answered:
        position, note = self._sealer.open(document["told"], _place(document["_id"]))
        return Answered(
            id=document["_id"],
            alert_id=document["alert_id"],
            who=document["who"],
            answer=MusterAnswer(document["answer"]),
            commune_code=document["commune_code"],
            at=document["at"],
            position=Position(*position) if position else None,
            note=note,
        )


def _place(answer_id: str) -> str:
    return f"safety_muster_answers/{answer_id}/told"
