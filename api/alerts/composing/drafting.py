"""Drafts of an agency: written, edited and thrown away by its authors."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from api.accounts.caller import Caller
from api.alerts.bulletins import Communes
from api.alerts.composing.chain import Chain, Chains
from api.alerts.composing.content_rules import check_content
from api.alerts.composing.draft import (
    Content,
    Draft,
    DraftKind,
    DraftState,
    Purpose,
    content_fields,
)
from api.alerts.composing.errors import (
    AlertNotFound,
    DraftChanged,
    DraftNotFound,
    ForeignReference,
    NotInThisState,
)
from api.alerts.composing.hazards import HazardLibrary
from api.alerts.composing.repository import OPEN_STATES, DraftRepository
from api.alerts.composing.speakers import AlertStaff
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.ids import new_id
from api.kit.pages import Listing, Page, checked_first

_DRAFTS = Listing("alertDrafts", (datetime, str))
ALL_CLEAR_SHOWS_FOR = timedelta(hours=12)


class Drafting:
    def __init__(
        self,
        drafts: DraftRepository,
        staff: AlertStaff,
        hazards: HazardLibrary,
        communes: Communes,
        chains: Chains,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._drafts = drafts
        self._staff = staff
        self._hazards = hazards
        self._communes = communes
        self._chains = chains
        self._idempotency = idempotency
        self._clock = clock

    async def compose(
        self, caller: Caller, agency_id: str, purpose: Purpose, content: Content, key: str
    ) -> Draft:
        """Begin a new warning.

        Raises NotSignedIn, NotAllowed, IdempotencyProblem and what `check_content` raises.
        """
        author = self._staff.author(caller, agency_id)
        await self._check(content)
        draft = self._new(agency_id, purpose, DraftKind.ALERT, content, author)
        return await self._once(author, draft, key)

    async def update(
        self, caller: Caller, agency_id: str, alert_id: str, content: Content, key: str
    ) -> Draft:
        """Begin an update of a warning that the agency issued.

        Raises as `compose` does, AlertNotFound, ForeignReference, AmbiguousReference and AlertEnded.
        """
        author = self._staff.author(caller, agency_id)
        await self._check(content)
        before = await self._issued(agency_id, alert_id)
        await self._behind(before.purpose, agency_id, alert_id)
        draft = self._new(agency_id, before.purpose, DraftKind.UPDATE, content, author)
        return await self._once(author, replace(draft, follows=alert_id), key)

    async def end(
        self, caller: Caller, agency_id: str, alert_id: str, kind: DraftKind, key: str
    ) -> Draft:
        """Begin a CANCEL, for what should not have been said, or an ALL_CLEAR, for what is over.

        Raises as `update` does.
        """
        author = self._staff.author(caller, agency_id)
        before = await self._issued(agency_id, alert_id)
        await self._behind(before.purpose, agency_id, alert_id)
        content = replace(
            before.content,
            effective=None,
            onset=None,
            urgency=None,
            certainty=None,
            words={},
            expires=self._clock().replace(microsecond=0) + ALL_CLEAR_SHOWS_FOR,
        )
        draft = self._new(agency_id, before.purpose, kind, content, author)
        return await self._once(author, replace(draft, follows=alert_id), key)

    async def edit(
        self, caller: Caller, agency_id: str, draft_id: str, digest: str, content: Content
    ) -> Draft:
        """Write the content anew; whatever waited for approval waits no more.

        Raises NotSignedIn, NotAllowed, DraftNotFound, DraftChanged, NotInThisState and what
        `check_content` raises.
        """
        author = self._staff.author(caller, agency_id)
        seen = await self._seen(agency_id, draft_id, digest)
        await self._check(content)
        edited = await self._drafts.edit(seen, content, author, self._clock())
        if edited is None:
            raise DraftChanged
        return edited

    async def discard(self, caller: Caller, agency_id: str, draft_id: str, digest: str) -> Draft:
        """Throw it away. Raises as `edit` does."""
        self._staff.author(caller, agency_id)
        seen = await self._seen(agency_id, draft_id, digest)
        discarded = await self._drafts.move(seen, OPEN_STATES, DraftState.DISCARDED, self._clock())
        if discarded is None:
            raise DraftChanged
        return discarded

    async def get(self, caller: Caller, agency_id: str, draft_id: str) -> Draft | None:
        """Return a draft of the agency; None for any other. Raises NotSignedIn, NotAllowed."""
        self._staff.reader(caller, agency_id)
        draft = await self._drafts.get(draft_id)
        return draft if draft is not None and draft.agency_id == agency_id else None

    async def page(
        self, caller: Caller, agency_id: str, first: int, after: str | None
    ) -> Page[Draft]:
        """Return drafts of the agency, those changed last first.

        Raises NotSignedIn, NotAllowed, InvalidPageSize and InvalidCursor.
        """
        self._staff.reader(caller, agency_id)
        found: Sequence[Draft] = await self._drafts.of_agency(
            agency_id, _DRAFTS.values(after), checked_first(first) + 1
        )
        return _DRAFTS.page(
            found, first=first, after=after, values=lambda one: (one.changed_at, one.id)
        )

    async def _check(self, content: Content) -> None:
        await asyncio.to_thread(check_content, content, self._hazards, self._communes)

    async def _seen(self, agency_id: str, draft_id: str, digest: str) -> Draft:
        draft = await self._drafts.get(draft_id)
        if draft is None or draft.agency_id != agency_id:
            raise DraftNotFound
        if draft.state not in OPEN_STATES:
            raise NotInThisState
        if draft.digest != digest:
            raise DraftChanged
        return draft

    async def _issued(self, agency_id: str, alert_id: str) -> Draft:
        """Return the draft that became this warning: its own agency's. Raises AlertNotFound."""
        draft = await self._drafts.issued_as(alert_id)
        if draft is None:
            # What an agency's own system sent is ended there, and not by a copy of it here.
            raise AlertNotFound
        if draft.agency_id != agency_id:
            raise ForeignReference
        return draft

    async def _behind(self, purpose: Purpose, agency_id: str, alert_id: str) -> Chain:
        sender = self._staff.speaker(agency_id).sender
        return await self._chains.behind(alert_id, purpose, sender, self._clock())

    def _new(
        self, agency_id: str, purpose: Purpose, kind: DraftKind, content: Content, author: str
    ) -> Draft:
        now = self._clock()
        return Draft(
            id=new_id(),
            agency_id=agency_id,
            purpose=purpose,
            kind=kind,
            content=content,
            follows=None,
            editors=(author,),
            state=DraftState.EDITING,
            version=1,
            created_at=now,
            changed_at=now,
        )

    async def _once(self, author: str, draft: Draft, key: str) -> Draft:
        async def work() -> dict[str, str]:
            await self._staff.hold_author(author, draft.agency_id)
            await self._drafts.add(draft)
            return {"draft": draft.id}

        asked = {
            "agency": draft.agency_id,
            "purpose": draft.purpose.value,
            "kind": draft.kind.value,
            "follows": draft.follows,
            # Of an end only the warning was asked for; the rest is a function of the moment.
            "content": content_fields(draft.content)
            if draft.kind in (DraftKind.ALERT, DraftKind.UPDATE)
            else None,
        }
        result = await self._idempotency.once(author, "composeAlert", key, asked, work)
        kept = await self._drafts.get(result["draft"])
        assert kept is not None, "a draft is never removed"  # noqa: S101
        return kept
