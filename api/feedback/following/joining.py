"""Joining a report in place of reporting the same again. Who joined is shown to nobody; how many are, to all."""

from typing import Any

from api.feedback.errors import ReportNotFound
from api.feedback.following.errors import ReportHasEnded
from api.feedback.following.followers import FollowerRepository
from api.feedback.reports.code import code_of
from api.feedback.reports.errors import TooManyReports
from api.feedback.reports.records import GOING_ON, Report, ReportState
from api.feedback.reports.reporters import Reporters
from api.feedback.reports.repository import ReportRepository
from api.feedback.reports.submitting import Sender
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency, check_key
from api.kit.limits import Allowance, Limits
from api.kit.request_refusals import TooManyRequests

JOINED_A_DAY = Allowance(50, 24 * 3600)


class Joining:
    def __init__(
        self,
        reports: ReportRepository,
        followers: FollowerRepository,
        reporters: Reporters,
        limits: Limits,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._reports = reports
        self._followers = followers
        self._reporters = reporters
        self._limits = limits
        self._idempotency = idempotency
        self._clock = clock

    async def join(self, sender: Sender, typed_code: str, key: str) -> Report:
        """Follow a report that is not private and has not ended; twice is once.

        Raises NotSignedIn, DeviceNotFound, ReportNotFound, ReportHasEnded, TooManyReports and
        IdempotencyProblem.
        """
        check_key(key)
        reporter = await self._reporters.of(sender.caller, sender.device)
        seen = await self._shown(typed_code)
        try:
            await self._limits.check("feedback.join", reporter.key, JOINED_A_DAY)
        except TooManyRequests as refused:
            raise TooManyReports(refused.retry_after_seconds) from refused

        async def work() -> dict[str, Any]:
            now = self._clock()
            named = await self._reports.get(seen.id) or seen
            report = await self._reports.get(named.lead_id or named.id) or named
            if report.id != named.id and await self._followers.get(named.id, reporter):
                return {"report": report.id}  # counted with the merged one
            follows = await self._followers.add(report.id, reporter, sender.language, now)
            # Written in any case, so that of a join and an end at once one comes before the other.
            await self._count(report, 1 if follows else 0)
            return {"report": report.id}

        asked = {"report": seen.code}
        result = await self._idempotency.once(
            reporter.idempotency_scope, "joinReport", key, asked, work
        )
        return await self._reports.get(result["report"]) or seen

    async def leave(self, sender: Sender, typed_code: str, key: str) -> Report:
        """Follow it no more; whoever does not is answered the same. Raises as `join` does."""
        check_key(key)
        reporter = await self._reporters.of(sender.caller, sender.device)
        seen = await self._shown(typed_code)

        async def work() -> dict[str, Any]:
            for report_id in (seen.id, seen.lead_id):
                if report_id and await self._followers.remove(report_id, reporter):
                    await self._uncount(report_id)
            return {"report": seen.id}

        asked = {"report": seen.code}
        await self._idempotency.once(reporter.idempotency_scope, "leaveReport", key, asked, work)
        return await self._reports.get(seen.id) or seen

    async def _shown(self, typed_code: str) -> Report:
        code = code_of(typed_code)
        report = await self._reports.coded(code) if code else None
        if report is None or not report.is_seen_by_all:
            raise ReportNotFound
        return report

    async def _count(self, report: Report, people: int) -> None:
        changed = await self._reports.change(
            report.id, GOING_ON, {"lead_id": None}, {}, {"people": people}
        )
        if changed is None:
            raise ReportHasEnded

    async def _uncount(self, report_id: str) -> None:
        changed = await self._reports.change(report_id, ReportState, {}, {}, {"people": -1})
        if changed is not None and changed.lead_id is not None:
            await self._reports.change(changed.lead_id, ReportState, {}, {}, {"people": -1})
