"""Closes what nobody objected to, and forgets what was said a year after a report has ended."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from api.feedback.following.followers import FollowerRepository
from api.feedback.life.errors import NotInThisState, ReportChanged, ReportIsMerged
from api.feedback.life.moves import REPORTER_MAY_REOPEN_FOR, Move
from api.feedback.life.moving import Change, ReportMoving
from api.feedback.life.steps import StepRepository
from api.feedback.reports.records import AWAITING, ENDED, Report, ReportState, Visibility
from api.feedback.reports.repository import ReportRepository
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.kit.transactions import transact
from api.media.library import MediaLibrary

CLOSE = "feedback.close"
FORGET = "feedback.forget"
RATE = "feedback.invite_to_rate"
"""Handled by api.feedback.satisfaction."""
KEPT_FOR = timedelta(days=365)
"""After the end, as the consent PHOTOS promises."""


class Closing:
    """Every call joins the open transaction."""

    def __init__(
        self,
        store: Store,
        reports: ReportRepository,
        steps: StepRepository,
        followers: FollowerRepository,
        moving: ReportMoving,
        library: MediaLibrary,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._reports = reports
        self._steps = steps
        self._followers = followers
        self._moving = moving
        self._library = library
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {CLOSE: self._close, FORGET: self._forget}

    async def moved(self, report: Report) -> None:
        """Ask for what silence, or a year, has to do after this move."""
        since = report.state_since
        if report.state in AWAITING:
            payload = {"report": report.id, "since": since, "state": report.state.value}
            job_id = derived_id(CLOSE, report.id, since.isoformat())
            run_at = since + REPORTER_MAY_REOPEN_FOR
            await self._jobs.enqueue(CLOSE, payload, id=job_id, run_at=run_at)
        if report.state in ENDED:
            await self._jobs.enqueue(RATE, {"report": report.id}, id=derived_id(RATE, report.id))
            merged = await self._reports.merged_into(report.id)
            for one in (report, *merged):
                await self._jobs.enqueue(
                    FORGET,
                    {"report": one.id},
                    id=derived_id(FORGET, one.id),
                    run_at=since + KEPT_FOR,
                )

    async def _close(self, payload: Mapping[str, Any]) -> None:
        async def work() -> None:
            report = await self._reports.get(payload["report"])
            if report is None:
                return
            change = Change(
                Move.CLOSE,
                {ReportState(payload["state"])},
                self._clock(),
                guard={"state_since": payload["since"]},
            )
            await self.moved(await self._moving.make(report, change))

        try:
            await transact(self._store, work)
        except (ReportChanged, ReportIsMerged, NotInThisState):
            return  # somebody spoke up, or the agency went on: another job waits for the next silence

    async def _forget(self, payload: Mapping[str, Any]) -> None:
        async def work() -> None:
            report = await self._reports.get(payload["report"])
            if report is not None and report.state in ENDED:
                await self.forget(report)
                await self._steps.forget_words(report.id)
                await self._followers.forget_report(report.id)

        await transact(self._store, work)

    async def forget(self, report: Report) -> None:
        """Remove what the reporter said; what was public stays on the map as a spot without words."""
        for photo in report.photos:
            await self._library.release(photo, photo_holder(report.id))
        await self._reports.forget(report.id)
        if report.visibility is Visibility.PRIVATE:
            await self._reports.forget_spot(report.id)


def photo_holder(report_id: str) -> str:
    """Return for whom the photos of a report are kept."""
    return f"feedback report:{report_id}"
