"""Clerks make one of several reports of the same thing. The lead goes on; the others mirror it, and end with it."""

from collections.abc import Sequence
from typing import Any

from api.accounts.caller import Caller
from api.feedback.agencies.staff import AgencyStaff, desk_entry
from api.feedback.clocks.escalating import Deadline, ReportClocks, unmet
from api.feedback.duplicates.errors import InvalidMerge, NotMerged
from api.feedback.errors import ReportNotFound
from api.feedback.life.moves import Move, Mover
from api.feedback.life.moving import ReportMoving
from api.feedback.life.steps import Step
from api.feedback.reports.code import code_of
from api.feedback.reports.records import GOING_ON, Report, ReportState, Visibility
from api.feedback.reports.repository import ReportRepository
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency

MERGED_AT_ONCE = 50
_MIRRORED = ("answered_at", "fixed_at", "state_since")


class Merging:
    def __init__(
        self,
        reports: ReportRepository,
        moving: ReportMoving,
        clocks: ReportClocks,
        staff: AgencyStaff,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._reports = reports
        self._moving = moving
        self._clocks = clocks
        self._staff = staff
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def merge(
        self, caller: Caller, agency_id: str, lead_code: str, codes: Sequence[str], key: str
    ) -> Report:
        """Let reports go on under `lead_code`; returns the lead.

        Raises NotSignedIn, NotAllowed, ReportNotFound, InvalidMerge and IdempotencyProblem.
        """
        person_id = self._staff.clerk(caller, agency_id)
        lead_id = (await self._found(lead_code, agency_id)).id

        async def work() -> dict[str, Any]:
            await self._staff.hold_clerk(person_id, agency_id)
            if not 1 <= len(codes) <= MERGED_AT_ONCE:
                raise InvalidMerge
            lead = await self._found(lead_code, agency_id)
            members = [await self._found(one, agency_id) for one in dict.fromkeys(codes)]
            self._check(lead, members)
            for member in members:
                lead = await self._joined(lead, member, agency_id, person_id)
            await self._keep_time(lead, members)
            entry = desk_entry(
                person_id, "report.merge", lead.id, agency_id, {"count": len(members)}
            )
            await self._audit.append(entry)
            return {"report": lead.id}

        asked = {"lead": lead_code, "codes": list(codes), "agency": agency_id}
        await self._idempotency.once(person_id, "mergeReports", key, asked, work)
        return await self._reports.get(lead_id) or await self._found(lead_code, agency_id)

    async def unmerge(self, caller: Caller, agency_id: str, typed: str, key: str) -> Report:
        """Let a merged report go on by itself, in the state in which it was; until the lead has ended.

        Raises NotSignedIn, NotAllowed, ReportNotFound, NotMerged and IdempotencyProblem.
        """
        person_id = self._staff.clerk(caller, agency_id)
        member_id = (await self._found(typed, agency_id)).id

        async def work() -> dict[str, Any]:
            await self._staff.hold_clerk(person_id, agency_id)
            member = await self._parted(await self._found(typed, agency_id), agency_id, person_id)
            await self._clocks.begin(member, self._clock())
            await self._audit.append(
                desk_entry(person_id, "report.unmerge", member.id, agency_id, {})
            )
            return {"report": member.id}

        asked = {"code": typed, "agency": agency_id}
        await self._idempotency.once(person_id, "unmergeReports", key, asked, work)
        return await self._reports.get(member_id) or await self._found(typed, agency_id)

    def _check(self, lead: Report, members: Sequence[Report]) -> None:
        is_sound = lead.id not in {one.id for one in members}
        is_shown = any(one.spot is not None for one in members)
        if not is_sound or (lead.spot is None and is_shown):
            raise InvalidMerge  # what is shown may not go on where nobody may look

    async def _joined(self, lead: Report, member: Report, agency_id: str, actor: str) -> Report:
        if await self._reports.merged_into(member.id):
            raise InvalidMerge
        own = {"lead_id": None, "agency_id": agency_id}
        # The lead is written too, so that of two merges that would make a ring one comes first.
        led = await self._reports.change(lead.id, GOING_ON, own, {}, {"people": _counted(member)})
        if led is None:
            raise InvalidMerge
        now = self._clock()
        fields = {
            "lead_id": lead.id,
            "merged_from": member.state.value,
            "merged_at": now,
            "state": led.state.value,
            **{name: getattr(led, name) for name in _MIRRORED},
            # It stays accepted, also under one that is not yet: so it can go on by itself again.
            "accepted_at": led.accepted_at or member.accepted_at,
        }
        guard = {**own, "state": member.state.value}
        merged = await self._reports.change(member.id, {member.state}, guard, fields, {"steps": 1})
        if merged is None or member.state not in GOING_ON:
            raise InvalidMerge
        await self._moving.note(merged, self._step(merged, Move.MERGE, led.code, actor))
        return led

    async def _keep_time(self, lead: Report, members: Sequence[Report]) -> None:
        """Let the lead keep the earliest deadline of all: no agency wins time by merging under a newer report."""
        earlier: dict[str, Any] = {}
        for deadline in Deadline:
            own = unmet(lead, deadline)
            due = [it for one in members if (it := unmet(one, deadline))]
            if own and due and min(due) < own:
                earlier[f"due_{deadline}"] = min(due)
        if not earlier:
            return
        led = await self._reports.change(lead.id, GOING_ON, {}, earlier, {"round": 1})
        if led is None:
            raise InvalidMerge
        await self._clocks.begin(led, min(one.received_at for one in (lead, *members)))

    async def _parted(self, member: Report, agency_id: str, actor: str) -> Report:
        if member.lead_id is None or member.merged_from is None:
            raise NotMerged
        own = {"agency_id": agency_id}
        led = await self._reports.change(
            member.lead_id, GOING_ON, own, {}, {"people": -_counted(member)}
        )
        back = _state_again(member)
        fields = {
            "lead_id": None,
            "merged_from": None,
            "merged_at": None,
            "state": back.value,
            "state_since": self._clock(),
            "accepted_at": None if back is ReportState.RECEIVED else member.accepted_at,
            "answered_at": None,
            "fixed_at": None,
        }
        guard = {**own, "lead_id": member.lead_id}
        parted = await self._reports.change(
            member.id, GOING_ON, guard, fields, {"steps": 1, "round": 1}
        )
        if led is None or parted is None:
            raise NotMerged
        await self._moving.note(parted, self._step(parted, Move.UNMERGE, led.code, actor))
        return parted

    def _step(self, report: Report, move: Move, other_code: str, actor: str) -> Step:
        return Step(
            report_id=report.id,
            number=report.steps,
            move=move,
            state=report.state,
            mover=Mover.AGENCY,
            agency_id=report.route.agency_id,
            at=self._clock(),
            actor=actor,
            other_code=other_code,
        )

    async def _found(self, typed: str, agency_id: str) -> Report:
        code = code_of(typed)
        report = await self._reports.coded(code) if code else None
        if report is None or report.is_hidden_from(agency_id):
            raise ReportNotFound
        return report


def _counted(member: Report) -> int:
    """Return how many a member adds to what everybody reads of its lead: a private one nobody."""
    return 0 if member.visibility is Visibility.PRIVATE else member.people


def _state_again(member: Report) -> ReportState:
    """Return in which state it goes on: an answer or a repair was the lead's, so it is in hand again.

    After the lead was sent on, no agency has accepted it.
    """
    was = (member.merged_from if member.accepted_at else None) or ReportState.RECEIVED
    is_answered = was in (ReportState.ANSWERED, ReportState.FIXED)
    return ReportState.IN_PROGRESS if is_answered else was
