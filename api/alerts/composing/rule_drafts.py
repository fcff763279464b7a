"""Drafts that rules on observations make: once for each episode, with no officer at hand."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import structlog

from api.accounts.errors import NotAllowed
from api.alerts.bulletins import Communes
from api.alerts.cap_message import Status
from api.alerts.composing.chain import Chains
from api.alerts.composing.content_rules import check_content
from api.alerts.composing.draft import Content, Draft, DraftKind, DraftState, Grounds, Purpose
from api.alerts.composing.drafting import ending_content
from api.alerts.composing.errors import ComposingProblem
from api.alerts.composing.hazards import Hazard, HazardLibrary
from api.alerts.composing.issuing import Issuing
from api.alerts.composing.repository import DraftRepository
from api.alerts.composing.speakers import AlertStaff
from api.kit.clock import Clock
from api.kit.store import DuplicateKey

log = structlog.get_logger()

_FIRST_VERSION = 1
_WARNS = (DraftKind.ALERT, DraftKind.UPDATE)


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """What a rule wants written. `id`: of the draft; the same again makes nothing new.

    `author_id`: who wrote the rule, `approver_id`: who approved that it issues by itself; None: nobody
    any more, or nobody yet.
    """

    id: str
    agency_id: str
    content: Content
    grounds: Grounds
    author_id: str | None
    approver_id: str | None = None


class RuleDrafts:
    def __init__(
        self,
        drafts: DraftRepository,
        staff: AlertStaff,
        hazards: HazardLibrary,
        communes: Communes,
        chains: Chains,
        issuing: Issuing,
        clock: Clock,
    ) -> None:
        self._drafts = drafts
        self._staff = staff
        self._hazards = hazards
        self._communes = communes
        self._chains = chains
        self._issuing = issuing
        self._clock = clock

    def hazard_for(self, agency_id: str, code: str, level: str) -> Hazard | None:
        """Return the hazard; None for one that is not there, a level it has not, or who does not speak."""
        hazard = self._hazards.hazards.get(code)
        is_known = hazard is not None and any(one.code == level for one in hazard.levels)
        return hazard if is_known and self._staff.speaks(agency_id) else None

    async def make(self, wanted: RuleDraft) -> Draft:
        """Return the draft, made now or before. Raises what `check_content` raises."""
        await asyncio.to_thread(check_content, wanted.content, self._hazards, self._communes)
        return await self._kept(self._draft(wanted, DraftKind.ALERT, None))

    async def issue(self, wanted: RuleDraft, earlier: Sequence[str]) -> Draft:
        """Make the draft and issue it, as two people approved; where that cannot be, it waits.

        `earlier`: ids of drafts of the same rule: while a warning of theirs holds, an officer decides.
        """
        draft = await self.make(wanted)
        author_id, approver_id = wanted.author_id, wanted.approver_id
        is_untouched = draft.state is DraftState.EDITING and draft.version == _FIRST_VERSION
        if author_id is None or approver_id is None or not is_untouched:
            return draft
        for draft_id in earlier:
            if await self._in_force(draft_id) is not None:
                return draft
        try:
            return await self._issuing.issue_by_rule(draft, author_id, approver_id)
        except (ComposingProblem, NotAllowed) as problem:
            log.warning("a rule did not issue", draft=draft.id, code=problem.code.name)
            return draft

    async def propose_all_clear(self, wanted: RuleDraft, draft_id: str) -> Draft | None:
        """Draft the end of what became of a draft; None when nothing of that holds. Never issued here."""
        issued = await self._in_force(draft_id)
        if issued is None:
            return None
        before, alert_id = issued
        now = self._clock()
        ended = RuleDraft(
            id=wanted.id,
            agency_id=before.agency_id,
            content=ending_content(before.content, now),
            grounds=wanted.grounds,
            author_id=wanted.author_id,
        )
        return await self._kept(self._draft(ended, DraftKind.ALL_CLEAR, alert_id))

    async def _in_force(self, draft_id: str) -> tuple[Draft, str] | None:
        """Return the last draft of the chain that began with this one, and its warning, while it holds."""
        draft = await self._drafts.get(draft_id)
        if draft is None or draft.alert_id is None:
            return None
        head = await self._chains.latest(draft.alert_id, Status.ACTUAL, self._clock())
        latest = await self._drafts.issued_as(head.id) if head else None
        if latest is None or latest.alert_id is None or latest.kind not in _WARNS:
            return None
        return latest, latest.alert_id

    async def _kept(self, draft: Draft) -> Draft:
        with suppress(DuplicateKey):
            await self._drafts.add(draft)
        kept = await self._drafts.get(draft.id)
        assert kept is not None, "a draft is never removed"  # noqa: S101
        return kept

    def _draft(self, wanted: RuleDraft, kind: DraftKind, follows: str | None) -> Draft:
        now: datetime = self._clock()
        return Draft(
            id=wanted.id,
            agency_id=wanted.agency_id,
            purpose=Purpose.ACTUAL,
            kind=kind,
            content=wanted.content,
            follows=follows,
            editors=(wanted.author_id,) if wanted.author_id else (),
            state=DraftState.EDITING,
            version=_FIRST_VERSION,
            created_at=now,
            changed_at=now,
            grounds=wanted.grounds,
        )
