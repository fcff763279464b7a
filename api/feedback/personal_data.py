"""What the slice keeps of a person: of whoever reported or joined, and of a clerk."""

from functools import partial
from typing import Any

from api.feedback.following.followers import FollowerRepository
from api.feedback.life.closing import Closing
from api.feedback.life.steps import Step, StepRepository
from api.feedback.reports.records import Report, Reporter, ReporterKind
from api.feedback.reports.repository import ReportRepository
from api.kit.errors import N_
from api.kit.store import Store
from api.kit.transactions import transact


class FeedbackData:
    """What somebody said goes with the account; that something was reported there, and mended, stays."""

    name = "reports"
    explanation = N_("What you reported or joined, and what you did with reports as a clerk.")

    def __init__(
        self,
        store: Store,
        reports: ReportRepository,
        steps: StepRepository,
        followers: FollowerRepository,
        closing: Closing,
    ) -> None:
        self._store = store
        self._reports = reports
        self._steps = steps
        self._followers = followers
        self._closing = closing

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        reporter = Reporter(ReporterKind.PERSON, person_id)
        following = await self._followers.of(reporter)
        codes = await self._reports.get_many([one.report_id for one in following])
        return {
            "reported": list(map(_told, await self._reports.by(reporter))),
            "followed": [
                {
                    "code": codes[one.report_id].code,
                    "language": one.language,
                    "since": one.since.isoformat(),
                }
                for one in following
            ],
            "steps": list(map(_step, await self._steps.by(person_id))),
        }

    async def erase(self, person_id: str) -> None:
        reporter = Reporter(ReporterKind.PERSON, person_id)
        for report in await self._reports.by(reporter):
            await transact(self._store, partial(self._closing.forget, report))
        await self._followers.forget(reporter)
        await self._steps.forget_actor(person_id)


def _told(report: Report) -> dict[str, Any]:
    content = report.content
    told: dict[str, Any] = {
        "code": report.code,
        "category": report.category,
        "visibility": report.visibility.name,
        "state": report.state.name,
        "receivedAt": report.received_at.isoformat(),
        "photos": list(report.photos),
    }
    if content is not None:
        told |= {
            "latitude": content.position.latitude,
            "longitude": content.position.longitude,
            "accuracy": content.accuracy_metres,
            "capturedAt": content.captured_at.isoformat(),
            "text": content.text,
            "language": content.language,
            "displayName": content.display_name,
            "fields": dict(content.answers),
        }
    return told


def _step(step: Step) -> dict[str, Any]:
    return {
        "report": step.report_id,
        "move": step.move.name,
        "at": step.at.isoformat(),
        "words": step.words.text if step.words else None,
    }
