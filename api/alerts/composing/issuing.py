"""From a draft to a message: frozen, approved by a second person, and issued in one transaction.

Approval and issue are one step. The draft changes its state, the message goes through the same
acceptance as every agency's, and the audit log says who did it: all of it or nothing.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from api.accounts.caller import Caller
from api.alerts.acceptance import Acceptance
from api.alerts.composing.approval_calls import ApprovalCalls
from api.alerts.composing.break_glass import (
    REASON_CHARACTERS_AT_LEAST,
    REASON_CHARACTERS_AT_MOST,
    BreakGlass,
)
from api.alerts.composing.chain import Chains
from api.alerts.composing.draft import Draft, DraftState, Purpose
from api.alerts.composing.errors import (
    ApprovalNeeded,
    ConfirmationWrong,
    DraftChanged,
    DraftNotFound,
    NotInThisState,
    ReasonMissing,
    SelfApproval,
)
from api.alerts.composing.exercises import ExerciseJobs
from api.alerts.composing.manuscript import Manuscript, Manuscripts, is_confirmed
from api.alerts.composing.repository import OPEN_STATES, DraftRepository
from api.alerts.composing.same_people import SamePeople
from api.alerts.composing.speakers import AlertStaff
from api.alerts.intake import Arrival
from api.kit.audit_log import AuditEntry, AuditLog, Details
from api.kit.clock import Clock
from api.kit.store import Store
from api.kit.transactions import transact

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Seen:
    """Which draft an officer of an agency saw, with the digest of what it said."""

    agency_id: str
    draft_id: str
    digest: str


@dataclass(frozen=True, slots=True)
class _Step:
    """How a draft is issued: by whom, from which states, and by which right that still holds."""

    person_id: str
    action: str
    sources: Sequence[DraftState]
    hold: Callable[[], Awaitable[None]]
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])
    is_alone: bool = False


class Issuing:
    def __init__(
        self,
        store: Store,
        drafts: DraftRepository,
        staff: AlertStaff,
        same_people: SamePeople,
        chains: Chains,
        manuscripts: Manuscripts,
        acceptance: Acceptance,
        exercises: ExerciseJobs,
        break_glass: BreakGlass,
        approval_calls: ApprovalCalls,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._store = store
        self._drafts = drafts
        self._staff = staff
        self._same_people = same_people
        self._chains = chains
        self._manuscripts = manuscripts
        self._acceptance = acceptance
        self._exercises = exercises
        self._break_glass = break_glass
        self._approval_calls = approval_calls
        self._audit = audit
        self._clock = clock

    async def submit(self, caller: Caller, seen: Seen) -> Draft:
        """Freeze it, let it wait for a second person, and call those who may be that.

        Raises NotSignedIn, NotAllowed, DraftNotFound, DraftChanged, NotInThisState, the refusals of
        references and what `Manuscripts.arrival` raises.
        """
        author = self._staff.author(caller, seen.agency_id)
        draft = await self._found(seen, (DraftState.EDITING,))
        manuscript, now = await self._manuscript(draft), self._clock()
        await self._manuscripts.arrival(manuscript, now)

        async def work() -> Draft:
            await self._staff.hold_author(author, seen.agency_id)
            # A rule wrote it: whoever sends it on answers for it, and is not its second person.
            editor = author if draft.grounds else None
            moved = await self._moved(
                draft, (DraftState.EDITING,), DraftState.WAITING, editor=editor
            )
            await self._approval_calls.call(manuscript, now)
            return moved

        return await transact(self._store, work)

    async def send_back(self, caller: Caller, seen: Seen) -> Draft:
        """Give it back to its author, not approved. Raises as `approve` does, but for references."""
        approver = self._staff.approver(caller, seen.agency_id)
        draft = await self._found(seen, (DraftState.WAITING,))

        async def work() -> Draft:
            await self._staff.hold_approver(approver, seen.agency_id)
            moved = await self._moved(draft, (DraftState.WAITING,), DraftState.EDITING)
            await self._note(approver, "alert.send_back", draft, {})
            return moved

        return await transact(self._store, work)

    async def issue(self, caller: Caller, seen: Seen) -> Draft:
        """Issue what needs no second person. Raises as `submit` does, and ApprovalNeeded."""
        author = self._staff.author(caller, seen.agency_id)
        draft = await self._found(seen, OPEN_STATES, replayed_by=author)
        if draft.state is DraftState.ISSUED:
            return draft
        manuscript = await self._manuscript(draft)
        if manuscript.needs_second_person:
            raise ApprovalNeeded
        return await self._issued(
            manuscript,
            _Step(
                author,
                "alert.issue",
                OPEN_STATES,
                lambda: self._staff.hold_author(author, seen.agency_id),
            ),
        )

    async def approve(self, caller: Caller, seen: Seen, confirmation: str) -> Draft:
        """Issue what waits, as its second person.

        The same approval again is answered and does nothing. Raises as `submit` does, SelfApproval
        and ConfirmationWrong.
        """
        approver = self._staff.approver(caller, seen.agency_id)
        draft = await self._found(seen, (DraftState.WAITING,), replayed_by=approver)
        if draft.state is DraftState.ISSUED:
            return draft
        if await self._same_people.is_one_of(approver, draft.editors):
            raise SelfApproval
        manuscript = await self._confirmed(draft, confirmation)
        return await self._issued(
            manuscript,
            _Step(
                approver,
                "alert.approve",
                (DraftState.WAITING,),
                lambda: self._staff.hold_approver(approver, seen.agency_id),
            ),
        )

    async def issue_by_rule(self, draft: Draft, author_id: str, approver_id: str) -> Draft:
        """Issue what a rule made and nobody touched since, by the two people who approved the rule.

        Raises NotAllowed, when one of them is not in office any more, SelfApproval, DraftChanged and what
        `Manuscripts.arrival` raises.
        """
        if await self._same_people.is_one_of(approver_id, (author_id,)):
            raise SelfApproval

        async def hold() -> None:
            await self._staff.hold_author(author_id, draft.agency_id)
            await self._staff.hold_approver(approver_id, draft.agency_id)

        step = _Step(approver_id, "alert.issue_by_rule", (DraftState.EDITING,), hold)
        return await self._issued(await self._manuscript(draft), step)

    async def issue_alone(
        self, caller: Caller, seen: Seen, confirmation: str, reason: str
    ) -> Draft:
        """Issue it without a second person, because people would die waiting for one.

        Every administrator is told. Raises as `submit` does, ConfirmationWrong and ReasonMissing.
        """
        author = self._staff.author(caller, seen.agency_id)
        draft = await self._found(seen, OPEN_STATES, replayed_by=author)
        if draft.state is DraftState.ISSUED:
            return draft
        told = reason.strip()
        if not REASON_CHARACTERS_AT_LEAST <= len(told) <= REASON_CHARACTERS_AT_MOST:
            raise ReasonMissing(least=REASON_CHARACTERS_AT_LEAST, most=REASON_CHARACTERS_AT_MOST)
        manuscript = await self._confirmed(draft, confirmation)
        return await self._issued(
            manuscript,
            _Step(
                author,
                "alert.break_glass",
                OPEN_STATES,
                lambda: self._staff.hold_author(author, seen.agency_id),
                {"break_glass_reason": told},
                is_alone=manuscript.needs_second_person,
            ),
        )

    async def _found(
        self, seen: Seen, states: Sequence[DraftState], *, replayed_by: str | None = None
    ) -> Draft:
        draft = await self._drafts.get(seen.draft_id)
        if draft is None or draft.agency_id != seen.agency_id:
            raise DraftNotFound
        if draft.digest != seen.digest:
            raise DraftChanged
        is_replay = draft.state is DraftState.ISSUED and draft.issued_by == replayed_by
        if draft.state not in states and not (is_replay and replayed_by is not None):
            raise NotInThisState
        return draft

    async def _manuscript(self, draft: Draft) -> Manuscript:
        sender = self._staff.speaker(draft.agency_id).sender
        chain = await self._chains.of(draft, sender, self._clock())
        return await self._manuscripts.of(draft, chain)

    async def _confirmed(self, draft: Draft, confirmation: str) -> Manuscript:
        manuscript = await self._manuscript(draft)
        if not is_confirmed(manuscript, confirmation):
            raise ConfirmationWrong(wanted=manuscript.confirm_with)
        return manuscript

    async def _issued(self, manuscript: Manuscript, step: _Step) -> Draft:
        """Make the message before the transaction, which then finds everything as it was or refuses."""
        now = self._clock()
        arrival = await self._manuscripts.arrival(manuscript, now)
        issued = await transact(
            self._store, lambda: self._issue_in_transaction(manuscript, arrival, step, now)
        )
        log.info("alert issued", alert=issued.alert_id, draft=issued.id, action=step.action)
        return issued

    async def _issue_in_transaction(
        self, manuscript: Manuscript, arrival: Arrival, step: _Step, now: datetime
    ) -> Draft:
        draft, speaker = manuscript.draft, self._staff.speaker(manuscript.draft.agency_id)
        await step.hold()
        await self._chains.hold(manuscript.chain, draft, speaker.sender, now)
        fields = {"alert_id": arrival.message.id, "issued_by": step.person_id, **step.fields}
        moved = await self._moved(draft, step.sources, DraftState.ISSUED, fields)
        await self._acceptance.accept(arrival)
        if draft.purpose is not Purpose.ACTUAL:
            await self._exercises.ask(arrival.message.id, draft.agency_id)
        details: dict[str, str | int | bool | None] = {
            "alert": arrival.message.id,
            "digest": draft.digest,
        }
        if step.is_alone:
            told = await self._break_glass.tell_administrators(draft, speaker, now)
            details["administrators_told"] = told
        await self._note(step.person_id, step.action, draft, details)
        return moved

    async def _moved(
        self,
        draft: Draft,
        sources: Sequence[DraftState],
        target: DraftState,
        fields: Mapping[str, Any] | None = None,
        *,
        editor: str | None = None,
    ) -> Draft:
        moved = await self._drafts.move(
            draft, sources, target, self._clock(), fields, editor=editor
        )
        if moved is None:
            raise DraftChanged
        return moved

    async def _note(self, actor: str, action: str, draft: Draft, details: Details) -> None:
        scope = f"agency:{draft.agency_id}"
        await self._audit.append(AuditEntry(actor, action, draft.id, scope, details))
