"""What clerks of an agency do with its reports. Each call names the state that the clerk saw."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from api.accounts.caller import Caller
from api.feedback.agencies.agency import AgencyLibrary
from api.feedback.agencies.staff import AgencyStaff, desk_entry
from api.feedback.categories.category import CategoryLibrary
from api.feedback.clocks.escalating import Deadline, ReportClocks
from api.feedback.errors import ReportNotFound
from api.feedback.life.closing import Closing, photo_holder
from api.feedback.life.errors import ProofMissing, SameAgency
from api.feedback.life.moves import RULES, Move
from api.feedback.life.moving import PROOFS_AT_MOST, Change, ReportMoving
from api.feedback.life.steps import Words
from api.feedback.reports.code import code_of
from api.feedback.reports.content import TEXT_CHARACTERS_AT_MOST, language_of, words_of
from api.feedback.reports.documents import route_fields
from api.feedback.reports.records import (
    AWAITING,
    OPEN,
    RefusalReason,
    Report,
    ReportState,
    Route,
    RouteReason,
)
from api.feedback.reports.repository import ReportRepository
from api.kit.audit_log import AuditLog, Details
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.media.errors import MediaProblem
from api.media.library import MediaKind, MediaLibrary


@dataclass(frozen=True, slots=True)
class Seen:
    """Which report a clerk of an agency saw in which state."""

    agency_id: str
    code: str
    state: ReportState


class AgencyTurn:
    def __init__(
        self,
        reports: ReportRepository,
        moving: ReportMoving,
        closing: Closing,
        clocks: ReportClocks,
        categories: CategoryLibrary,
        agencies: AgencyLibrary,
        staff: AgencyStaff,
        library: MediaLibrary,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._reports = reports
        self._moving = moving
        self._closing = closing
        self._clocks = clocks
        self._categories = categories
        self._agencies = agencies
        self._staff = staff
        self._library = library
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def accept(self, caller: Caller, seen: Seen, key: str) -> Report:
        """Take it on. Raises as `answer` does, but for texts."""
        return await self._made(caller, seen, key, Change(Move.ACCEPT, {seen.state}, self._clock()))

    async def assign(self, caller: Caller, seen: Seen, words: Words, key: str) -> Report:
        """Give it to a team or a contractor; `words` say to whom. Raises as `answer` does."""
        return await self._said(caller, seen, Move.ASSIGN, words, key)

    async def start(self, caller: Caller, seen: Seen, key: str) -> Report:
        """Begin to work on it. Raises as `answer` does, but for texts."""
        return await self._made(caller, seen, key, Change(Move.START, {seen.state}, self._clock()))

    async def answer(self, caller: Caller, seen: Seen, words: Words, key: str) -> Report:
        """Answer with words only.

        Raises NotSignedIn, NotAllowed, ReportNotFound, ReportChanged, NotInThisState, ReportIsMerged,
        InvalidText, InvalidLanguage and IdempotencyProblem.
        """
        return await self._said(caller, seen, Move.ANSWER, words, key)

    async def refuse(
        self, caller: Caller, seen: Seen, reason: RefusalReason, words: Words, key: str
    ) -> Report:
        """Refuse it, with a reason and words. Raises as `answer` does."""
        return await self._said(caller, seen, Move.REFUSE, words, key, refusal=reason)

    async def fix(
        self, caller: Caller, seen: Seen, words: Words | None, photos: tuple[str, ...], key: str
    ) -> Report:
        """Say that it is fixed, with photos of the caller's that show it; they become the province's.

        Raises as `answer` does, and ProofMissing (also for a photo that cannot be used).
        """
        person_id = self._staff.clerk(caller, seen.agency_id)
        checked = _checked(words) if words else None
        if not 1 <= len(photos) <= PROOFS_AT_MOST:
            raise ProofMissing(most=PROOFS_AT_MOST)
        change = Change(Move.FIX, {seen.state}, self._clock(), words=checked, photos=photos)

        async def give(report_id: str) -> None:
            try:
                await self._library.give_to_province(
                    person_id, photos, MediaKind.PHOTO, photo_holder(report_id)
                )
            except MediaProblem as error:
                raise ProofMissing(most=PROOFS_AT_MOST) from error

        return await self._made(caller, seen, key, change, before=give)

    async def reroute(
        self, caller: Caller, seen: Seen, to_agency: str, words: Words, key: str
    ) -> Report:
        """Send it on to the agency that is in charge; its clocks go on, whoever has it.

        Raises as `answer` does, AgencyNotFound and SameAgency.
        """
        if self._agencies.agency(to_agency).id == seen.agency_id:
            raise SameAgency
        route = Route(to_agency, RouteReason.SENT_ON, from_agency=seen.agency_id)
        fields = {"agency_id": to_agency, "route": route_fields(route), "accepted_at": None}
        change = Change(
            Move.REROUTE,
            {seen.state},
            self._clock(),
            words=_checked(words),
            to_agency=to_agency,
            fields=fields,
        )
        return await self._made(caller, seen, key, change)

    async def _said(
        self,
        caller: Caller,
        seen: Seen,
        move: Move,
        words: Words,
        key: str,
        *,
        refusal: RefusalReason | None = None,
    ) -> Report:
        self._staff.clerk(caller, seen.agency_id)
        change = Change(move, {seen.state}, self._clock(), words=_checked(words), refusal=refusal)
        return await self._made(caller, seen, key, change)

    async def _made(
        self,
        caller: Caller,
        seen: Seen,
        key: str,
        change: Change,
        *,
        before: Callable[[str], Awaitable[None]] | None = None,
    ) -> Report:
        person_id = self._staff.clerk(caller, seen.agency_id)
        report_id = (await self._of_agency(seen)).id
        guard = {"agency_id": seen.agency_id}
        goes_on = seen.state in AWAITING and RULES[change.move].target in OPEN
        round_ends = goes_on or change.move is Move.REROUTE
        added = {"round": 1} if round_ends else {}
        mine = replace(change, actor=person_id, guard=guard, added=added)

        async def work() -> dict[str, Any]:
            await self._staff.hold_clerk(person_id, seen.agency_id)
            report = await self._of_agency(seen)
            if before is not None:
                await before(report.id)
            changed = await self._moving.make(report, mine)
            await self._closing.moved(changed)
            await self._wind(changed, mine)
            details: Details = {"from": seen.state.name, "to": changed.state.name}
            action = f"report.{change.move}"
            await self._audit.append(
                desk_entry(person_id, action, report.id, seen.agency_id, details)
            )
            return {"report": report.id}

        operation = f"{change.move}Report"
        await self._idempotency.once(person_id, operation, key, _asked(seen, change), work)
        report = await self._reports.get(report_id)
        if report is None:
            raise ReportNotFound
        return report

    async def _wind(self, report: Report, change: Change) -> None:
        """Begin the clocks that this move sets going: those of whoever has it next, or of going on after words."""
        if change.move is Move.REROUTE:
            await self._clocks.begin(report, report.received_at)
            if self._categories.category(report.category).is_urgent:
                await self._clocks.urgent(report)
        elif change.added:
            await self._clocks.begin(report, change.at, (Deadline.FIX,))

    async def _of_agency(self, seen: Seen) -> Report:
        """Return the report, whoever has it now: the write says whether it is still this agency's.

        Raises ReportNotFound, also for another agency's private one.
        """
        code = code_of(seen.code)
        report = await self._reports.coded(code) if code else None
        if report is None or report.is_hidden_from(seen.agency_id):
            raise ReportNotFound
        return report


def _checked(words: Words) -> Words:
    text = words_of(words.text, "words", TEXT_CHARACTERS_AT_MOST)
    return Words(text, language_of(words.language))


def _asked(seen: Seen, change: Change) -> Mapping[str, Any]:
    words = change.words
    return {
        "code": seen.code,
        "agency": seen.agency_id,
        "state": seen.state.value,
        "words": [words.text, words.language] if words else None,
        "photos": list(change.photos),
        "refusal": change.refusal.value if change.refusal else None,
        "to": change.to_agency,
    }
