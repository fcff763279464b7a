"""Looks every ten minutes at what was published within the last hour, and tells of what is unusual, once.

A look is a job, which first asks for the next, so that one that fails ends no chain. A spike is opened
and told in one transaction; it ends after some quiet looks in a row, and only then there may be another.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from api.feedback.channels.issues.repository import IssueRepository
from api.feedback.channels.records import Issue, IssueState, Topic
from api.feedback.channels.watch.baseline import (
    COUNT_AT_LEAST,
    DAYS,
    expected,
    is_quiet,
    is_spike,
)
from api.feedback.channels.watch.office_notices import OfficeNotices
from api.feedback.channels.watch.spike_repository import Spike, SpikeRepository, subject_of
from api.feedback.channels.watch.texts import spike_texts
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Filter, Store
from api.kit.transactions import transact

LOOK = "feedback.channels.look"
EVERY: Final = timedelta(minutes=10)
HOUR: Final = timedelta(hours=1)
QUIET_LOOKS: Final = 3
_DAY = timedelta(days=1)
_WORTH_TELLING = timedelta(hours=6)


class Spikes:
    def __init__(
        self,
        store: Store,
        issues: IssueRepository,
        spikes: SpikeRepository,
        notices: OfficeNotices,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._issues = issues
        self._spikes = spikes
        self._notices = notices
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {LOOK: self._look}

    async def begin(self) -> None:
        """Ask for the next look, unless somebody did; joins the open transaction."""
        at = _next_look(self._clock())
        await self._jobs.enqueue(LOOK, {}, id=derived_id(LOOK, at.isoformat()), run_at=at)

    async def _look(self, _payload: Mapping[str, Any]) -> None:
        await self.begin()
        now = self._clock()
        is_open = {one.subject: one for one in await self._spikes.open_ones()}
        for topic, count in (await self._issues.published_by("topic", now, HOUR)).items():
            if topic != Topic.OTHER.value and count >= COUNT_AT_LEAST:
                await self._weigh(Topic(topic), None, count, now, is_open)
        for issue in await self._loud_issues(now):
            count = await self._issues.published({"issue_id": issue.id}, now, HOUR)
            await self._weigh(issue.topic, issue, count, now, is_open)
        for spike in is_open.values():
            await self._weigh_open(spike, now)

    async def _loud_issues(self, now: datetime) -> list[Issue]:
        counts = await self._issues.published_by("issue_id", now, HOUR)
        loud = sorted(issue_id for issue_id, count in counts.items() if count >= COUNT_AT_LEAST)
        issues = await self._issues.get_many(loud)
        return [issues[one] for one in loud if _is_of_interest(issues.get(one))]

    async def _weigh(
        self,
        topic: Topic,
        issue: Issue | None,
        count: int,
        now: datetime,
        is_open: Mapping[str, Spike],
    ) -> None:
        issue_id = issue.id if issue else None
        if subject_of(topic, issue_id) in is_open:
            return
        history = await self._history(topic, issue_id, now)
        if not is_spike(count, history):
            return
        subject = subject_of(topic, issue_id)
        spike = Spike(
            id=derived_id("channel spike", subject, now.isoformat()),
            topic=topic,
            issue_id=issue_id,
            count=count,
            usual=expected(history),
            began_at=now,
        )

        async def work() -> None:
            if await self._spikes.begin(spike):
                await self._tell(spike, issue)

        await transact(self._store, work)

    async def _weigh_open(self, spike: Spike, now: datetime) -> None:
        of = _counted(spike.topic, spike.issue_id)
        count = await self._issues.published(of, now, HOUR)
        if is_quiet(count, await self._history(spike.topic, spike.issue_id, now)):
            await self._spikes.was_quiet(spike, QUIET_LOOKS, now)
        elif spike.quiet:
            await self._spikes.heard(spike)

    async def _history(self, topic: Topic, issue_id: str | None, now: datetime) -> list[int]:
        of = _counted(topic, issue_id)
        return [
            await self._issues.published(of, now - days * _DAY, HOUR) for days in range(1, DAYS + 1)
        ]

    async def _tell(self, spike: Spike, issue: Issue | None) -> None:
        place = issue.place if issue else None
        texts = spike_texts(spike.topic, place, spike.count, spike.usual)
        data = {"type": "channelSpike", "topic": spike.topic.name}
        if spike.issue_id is not None:
            data["issue"] = spike.issue_id
        notice_id = derived_id("channel spike notice", spike.id)
        await self._notices.tell(notice_id, texts, data, spike.began_at + _WORTH_TELLING)


def _counted(topic: Topic, issue_id: str | None) -> Filter:
    return {"issue_id": issue_id} if issue_id else {"topic": topic.value}


def _is_of_interest(issue: Issue | None) -> bool:
    return issue is not None and issue.state is IssueState.OPEN


def _next_look(now: datetime) -> datetime:
    seconds = EVERY.total_seconds()
    return datetime.fromtimestamp((now.timestamp() // seconds + 1) * seconds, UTC)
