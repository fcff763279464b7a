"""The one way in which a report changes its state.

One conditional write says from which state; the step in its history and the notice to everybody who
follows it, and whatever was merged into it, are queued in the same transaction. So nothing can be closed in silence.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from api.feedback.following.telling import Telling
from api.feedback.life.errors import NotInThisState, ProofMissing, ReportChanged, ReportIsMerged
from api.feedback.life.moves import RULES, Move, Mover, MoveRule
from api.feedback.life.steps import Step, StepRepository, Words
from api.feedback.reports.records import (
    ENDED,
    RefusalReason,
    Report,
    ReportState,
)
from api.feedback.reports.repository import ReportRepository
from api.kit.store import Filter

PROOFS_AT_MOST = 6


@dataclass(frozen=True, slots=True, repr=False)
class Change:
    """One move of a report. `guard`: what else must hold; `fields`: what else is written with it.

    `seen`: the states in which it is made. `via`: the merged report through which a reporter makes it.
    """

    move: Move
    seen: Collection[ReportState]
    at: datetime
    actor: str | None = None
    words: Words | None = None
    photos: tuple[str, ...] = ()
    refusal: RefusalReason | None = None
    to_agency: str | None = None
    via: str | None = None
    guard: Filter = field(default_factory=dict[str, Any])
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])
    added: Mapping[str, int] = field(default_factory=dict[str, int])


class ReportMoving:
    def __init__(self, reports: ReportRepository, steps: StepRepository, telling: Telling) -> None:
        self._reports = reports
        self._steps = steps
        self._telling = telling

    async def make(self, report: Report, change: Change) -> Report:
        """Make one move; joins the open transaction.

        Raises ReportIsMerged, NotInThisState, ProofMissing and ReportChanged.
        """
        rule = RULES[change.move]
        await self._check(report, change, rule)
        mirrored = {**stamps(report, rule, change), **change.fields}
        changed = await self._reports.change(
            report.id,
            change.seen,
            {"lead_id": None, **change.guard},
            mirrored,
            {"steps": 1, **change.added},
        )
        if changed is None:
            raise ReportChanged
        await self._reports.mirror(report.id, mirrored)
        step = _step(report, changed, change, rule.mover)
        await self._steps.add(step)
        await self._telling.queue(changed, step)
        return changed

    async def note(self, report: Report, step: Step) -> None:
        """Add a step that changes no state, and tell those who follow; joins the open transaction.

        The report was changed by whoever calls, and its `steps` with it.
        """
        await self._steps.add(replace(step, number=report.steps))
        await self._telling.queue(report, replace(step, number=report.steps))

    async def _check(self, report: Report, change: Change, rule: MoveRule) -> None:
        if report.lead_id is not None:
            lead = await self._reports.get(report.lead_id)
            raise ReportIsMerged(lead=lead.code if lead else "")
        if not set(change.seen) <= rule.sources:
            raise NotInThisState
        if rule.needs_proof and not 1 <= len(change.photos) <= PROOFS_AT_MOST:
            raise ProofMissing(most=PROOFS_AT_MOST)


def stamps(report: Report, rule: MoveRule, change: Change) -> dict[str, Any]:
    """Return what a move writes into a report, and into those that were merged into it."""
    move = change.move
    fields: dict[str, Any] = {"state": rule.target.value, "state_since": change.at}
    if move is Move.ACCEPT:
        fields["accepted_at"] = change.at
    if move in (Move.ANSWER, Move.FIX) and report.answered_at is None:
        fields["answered_at"] = change.at
    if move is Move.FIX:
        fields["fixed_at"] = change.at
    if move is Move.REOPEN:
        fields["fixed_at"] = None
    if move is Move.REFUSE and change.refusal:
        fields["refusal"] = change.refusal.value
    if rule.target in ENDED:
        fields["ended_at"] = change.at
    return fields


def _step(before: Report, after: Report, change: Change, mover: Mover) -> Step:
    return Step(
        report_id=before.id,
        number=after.steps,
        move=change.move,
        state=after.state,
        mover=mover,
        agency_id=before.route.agency_id,
        at=change.at,
        actor=change.actor,
        words=change.words,
        photos=change.photos,
        refusal=change.refusal,
        to_agency=change.to_agency,
        via=change.via,
    )
