"""The history of reports: each step with who and when. Words are sealed, for those of a private report are private."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from api.feedback.life.moves import Move, Mover
from api.feedback.reports.records import RefusalReason, ReportState
from api.kit.ids import derived_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Index, Store

STEPS = CollectionSpec(
    "feedback_steps",
    (
        Index(("report_id", "number"), unique=True),
        Index(("actor",)),
        Index(("at", "number")),
    ),
)


@dataclass(frozen=True, slots=True, repr=False)
class Words:
    """`language`: BCP 47, as it was written."""

    text: str
    language: str


@dataclass(frozen=True, slots=True, repr=False)
class Step:
    """`number` counts from 1. `actor`: the person's id, told to nobody; `agency_id`: who had it then.

    `to_agency`: of REROUTE; `other_code`: of MERGE and UNMERGE, the code of the other report; `level`: of ESCALATE;
    `via`: of what a reporter did through a merged report, the id of that one: its words are its reporter's and the desk's.
    """

    report_id: str
    number: int
    move: Move
    state: ReportState
    mover: Mover
    agency_id: str
    at: datetime
    actor: str | None = None
    words: Words | None = None
    photos: tuple[str, ...] = ()
    refusal: RefusalReason | None = None
    to_agency: str | None = None
    other_code: str | None = None
    level: int | None = None
    via: str | None = None

    @property
    def id(self) -> str:
        return derived_id("feedback step", self.report_id, str(self.number))


def shown_to_reporter(history: Sequence[Step]) -> list[Step]:
    """Return the steps as the reporter sees them: without what those of merged reports wrote."""
    return [replace(step, words=None) if step.via else step for step in history]


def shown_to_all(history: Sequence[Step]) -> list[Step]:
    """Return the steps as everybody sees them: what a reporter wrote after the agency's last step, no clerk has read."""
    by_agency = [at for at, step in enumerate(history) if step.mover is Mover.AGENCY]
    last = max(by_agency, default=-1)
    return [
        replace(step, words=None) if at > last and step.mover is Mover.REPORTER else step
        for at, step in enumerate(shown_to_reporter(history))
    ]


class StepRepository:
    """All queries on steps."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._steps = store[STEPS]
        self._sealer = sealer

    async def add(self, step: Step) -> None:
        """Add it; joins the open transaction. Raises DuplicateKey when the number is taken."""
        await self._steps.insert(self._document(step))

    async def get(self, step_id: str) -> Step | None:
        document = await self._steps.get(step_id)
        return self._step(document) if document else None

    async def of_reports(self, report_ids: list[str]) -> dict[str, list[Step]]:
        """Return the history of each report, the first step first."""
        found = await self._steps.find(
            {"report_id": {"$in": report_ids}}, sort=[("report_id", 1), ("number", 1)]
        )
        steps: dict[str, list[Step]] = {report_id: [] for report_id in report_ids}
        for document in found:
            steps[document["report_id"]].append(self._step(document))
        return steps

    async def between(
        self, first: datetime, last: datetime, after: Sequence[object] | None, limit: int
    ) -> list[Step]:
        """Return what happened in a time, its ends too, the first step first."""
        found = await self._steps.find(
            {"at": {"$gte": first, "$lte": last}},
            sort=[("at", 1), ("number", 1)],
            after=after,
            limit=limit,
        )
        return list(map(self._step, found))

    async def reopenings(self, report_ids: list[str]) -> Counter[str]:
        """Return how often each report was reopened."""
        wanted = {"report_id": {"$in": report_ids}, "move": Move.REOPEN.value}
        return Counter(one["report_id"] for one in await self._steps.find(wanted))

    async def by(self, person_id: str) -> list[Step]:
        found = await self._steps.find({"actor": person_id}, sort=[("at", 1)])
        return list(map(self._step, found))

    async def forget_actor(self, person_id: str) -> None:
        """Make the steps nobody's in particular; what a reporter wrote in them goes."""
        own = {"actor": person_id, "mover": Mover.REPORTER.value}
        await self._steps.update_many(own, {"$set": {"words": None}})
        await self._steps.update_many({"actor": person_id}, {"$set": {"actor": None}})

    async def forget_words(self, report_id: str) -> None:
        await self._steps.update_many(
            {"report_id": report_id}, {"$set": {"words": None, "actor": None}}
        )

    async def seal_anew(self) -> int:
        """Seal some words anew, as Resealed has it."""
        return await seal_anew(self._steps, self._sealer, "words", _place)

    def _document(self, step: Step) -> Document:
        words = step.words
        sealed = self._sealer.seal([words.text, words.language], _place(step.id)) if words else None
        return {
            "_id": step.id,
            "report_id": step.report_id,
            "number": step.number,
            "move": step.move.value,
            "state": step.state.value,
            "mover": step.mover.value,
            "agency_id": step.agency_id,
            "at": step.at,
            "actor": step.actor,
            "words": sealed,
            "photos": list(step.photos),
            "refusal": step.refusal.value if step.refusal else None,
            "to_agency": step.to_agency,
            "other_code": step.other_code,
            "level": step.level,
            "via": step.via,
        }

    def _step(self, document: Document) -> Step:
        sealed, refusal = document["words"], document["refusal"]
        opened: list[Any] | None = (
            self._sealer.open(sealed, _place(document["_id"])) if sealed else None
        )
        return Step(
            report_id=document["report_id"],
            number=document["number"],
            move=Move(document["move"]),
            state=ReportState(document["state"]),
            mover=Mover(document["mover"]),
            agency_id=document["agency_id"],
            at=document["at"],
            actor=document["actor"],
            words=Words(opened[0], opened[1]) if opened else None,
            photos=tuple(document["photos"]),
            refusal=RefusalReason(refusal) if refusal else None,
            to_agency=document["to_agency"],
            other_code=document["other_code"],
            level=document["level"],
            via=document.get("via"),  # steps of before have none
        )


def _place(step_id: str) -> str:
    return f"feedback_steps/{step_id}/words"
