"""What came in a day, at seven in the morning: kept for the desk and told to its clerks, once.

A digest is a job, which first asks for that of the next day. It is kept and told in one transaction:
however often a worker is killed, there is one, and nobody hears of it twice.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from api.feedback.channels.issues.repository import IssueRepository
from api.feedback.channels.sources.managing import has_failed_for_a_day
from api.feedback.channels.sources.repository import SourceRepository
from api.feedback.channels.watch.digest_repository import Digest, DigestRepository, ranked
from api.feedback.channels.watch.office_notices import OfficeNotices
from api.feedback.channels.watch.texts import digest_texts
from api.kit.clock import Clock
from api.kit.formats import VIETNAM_TIME, day_in_vietnam
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.kit.transactions import transact

DIGEST = "feedback.channels.digest"
AT: Final = time(7, 0, tzinfo=VIETNAM_TIME)
ISSUES_AT_MOST: Final = 10
PLACES_AT_MOST: Final = 20
_DAY = timedelta(days=1)
_ALL = 100


class Digesting:
    def __init__(
        self,
        store: Store,
        issues: IssueRepository,
        sources: SourceRepository,
        digests: DigestRepository,
        notices: OfficeNotices,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._issues = issues
        self._sources = sources
        self._digests = digests
        self._notices = notices
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {DIGEST: self._digest}

    async def begin(self) -> None:
        """Ask for the next digest, unless somebody did; joins the open transaction."""
        now = self._clock()
        at = datetime.combine(day_in_vietnam(now), AT)
        await self._ask(at if at > now else at + _DAY)

    async def _ask(self, at: datetime) -> None:
        until = at.astimezone(UTC)
        job_id = derived_id(DIGEST, until.isoformat())
        await self._jobs.enqueue(DIGEST, {"until": until}, id=job_id, run_at=until)

    async def _digest(self, payload: Mapping[str, Any]) -> None:
        until: datetime = payload["until"]
        await self._ask(until + _DAY)

        # What came before seven is not changed any more: it need not be counted while others wait.
        digest = await self._made(until)

        async def work() -> None:
            if await self._digests.add(digest) and (digest.items or digest.failing):
                await self._tell(digest)

        await transact(self._store, work)

    async def _made(self, until: datetime) -> Digest:
        since = until - _DAY

        async def by(field: str, most: int = _ALL) -> tuple[tuple[str, int], ...]:
            return ranked(await self._issues.received_by(field, since, until), most)

        return Digest(
            day=day_in_vietnam(until),
            since=since,
            until=until,
            topics=await by("topic"),
            places=await by("place_key", PLACES_AT_MOST),
            moods=await by("sentiment"),
            issues=await by("issue_id", ISSUES_AT_MOST),
            failing=tuple(
                one.id for one in await self._sources.all() if has_failed_for_a_day(one, until)
            ),
        )

    async def _tell(self, digest: Digest) -> None:
        notice_id = derived_id("channel digest notice", digest.day.isoformat())
        texts = digest_texts(digest.items, len(digest.failing))
        data = {"type": "channelDigest", "day": digest.day.isoformat()}
        await self._notices.tell(notice_id, texts, data, digest.until + _DAY)
