"""What whoever reported something says to an answer or a repair, within 14 days."""

from dataclasses import replace
from typing import Any

from api.accounts.caller import Caller
from api.feedback.categories.category import CategoryLibrary
from api.feedback.clocks.escalating import Deadline, ReportClocks
from api.feedback.errors import ReportNotFound
from api.feedback.following.followers import FollowerRepository
from api.feedback.life.closing import Closing
from api.feedback.life.errors import NotYours, TooLate
from api.feedback.life.moves import REPORTER_MAY_REOPEN_FOR, RULES, Move
from api.feedback.life.moving import Change, ReportMoving
from api.feedback.life.steps import Words
from api.feedback.reports.code import code_of
from api.feedback.reports.content import TEXT_CHARACTERS_AT_MOST, language_of, words_of
from api.feedback.reports.records import AWAITING, Report, Reporter
from api.feedback.reports.reporters import Reporters, ShownDevice
from api.feedback.reports.repository import ReportRepository
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency


class ReporterTurn:
    def __init__(
        self,
        reports: ReportRepository,
        followers: FollowerRepository,
        reporters: Reporters,
        moving: ReportMoving,
        closing: Closing,
        clocks: ReportClocks,
        categories: CategoryLibrary,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._reports = reports
        self._followers = followers
        self._reporters = reporters
        self._moving = moving
        self._closing = closing
        self._clocks = clocks
        self._categories = categories
        self._idempotency = idempotency
        self._clock = clock

    async def confirm(
        self, caller: Caller, device: ShownDevice | None, code: str, key: str
    ) -> Report:
        """Say that it is fixed: the report has ended.

        Raises NotSignedIn, DeviceNotFound, ReportNotFound, NotYours, NotInThisState, ReportChanged, TooLate and
        IdempotencyProblem.
        """
        return await self.confirm_as(await self._reporters.of(caller, device), code, key)

    async def reopen(
        self, caller: Caller, device: ShownDevice | None, code: str, words: Words, key: str
    ) -> Report:
        """Say that it is not settled, and why; the agency's time to fix it begins anew.

        Raises as `confirm` does, InvalidText and InvalidLanguage.
        """
        return await self.reopen_as(await self._reporters.of(caller, device), code, words, key)

    async def confirm_as(self, reporter: Reporter, code: str, key: str) -> Report:
        """Do it for whoever is known already. Raises as `confirm` does."""
        return await self._said(reporter, code, Move.CONFIRM, None, key)

    async def reopen_as(self, reporter: Reporter, code: str, words: Words, key: str) -> Report:
        """Do it for whoever is known already. Raises as `reopen` does."""
        text = words_of(words.text, "words", TEXT_CHARACTERS_AT_MOST)
        checked = Words(text, language_of(words.language))
        return await self._said(reporter, code, Move.REOPEN, checked, key)

    async def _said(
        self, reporter: Reporter, typed: str, move: Move, words: Words | None, key: str
    ) -> Report:
        own = await self._own(reporter, typed)

        async def work() -> dict[str, Any]:
            mine = await self._own(reporter, typed)
            lead = await self._lead(mine)
            now = self._clock()
            self._check_time(lead, move)
            change = self._change(lead, move, words, reporter)
            via = mine.id if mine.id != lead.id else None
            changed = await self._moving.make(lead, replace(change, via=via))
            if move is Move.REOPEN:
                await self._clocks.begin(changed, now, (Deadline.FIX,))
            await self._closing.moved(changed)
            return {"report": lead.id}

        asked = {"code": own.code, "words": [words.text, words.language] if words else None}
        await self._idempotency.once(reporter.idempotency_scope, f"{move}Report", key, asked, work)
        return await self._reports.get(own.id) or own

    def _change(self, lead: Report, move: Move, words: Words | None, reporter: Reporter) -> Change:
        now = self._clock()
        fields: dict[str, Any] = {}
        if move is Move.REOPEN:
            category = self._categories.category(lead.category)
            fields = {"level": 0, "due_fix": self._clocks.deadlines(category, now).fix}
        return Change(
            move,
            {lead.state},
            now,
            actor=reporter.person_id,
            words=words,
            guard={"state_since": lead.state_since},
            fields=fields,
            added={"round": 1} if move is Move.REOPEN else {},
        )

    def _check_time(self, lead: Report, move: Move) -> None:
        """Raise TooLate when time is up, also where the job that closes has not run yet."""
        may_be = lead.state in RULES[move].sources & AWAITING
        if may_be and self._clock() >= lead.state_since + REPORTER_MAY_REOPEN_FOR:
            raise TooLate(days=REPORTER_MAY_REOPEN_FOR.days)

    async def _own(self, reporter: Reporter, typed: str) -> Report:
        """Return what somebody reported. Raises ReportNotFound, or NotYours for what they may see."""
        code = code_of(typed)
        report = await self._reports.coded(code) if code else None
        if report is None:
            raise ReportNotFound
        follower = await self._followers.get(report.id, reporter)
        if follower is None and not report.is_seen_by_all:
            raise ReportNotFound
        if follower is None or not follower.is_reporter:
            raise NotYours
        return report

    async def _lead(self, report: Report) -> Report:
        lead = await self._reports.get(report.lead_id) if report.lead_id else None
        return lead or report
