"""Digests and spikes at the desk of the province's office."""

from datetime import date, datetime

import strawberry

from api.context import Info
from api.feedback.channels.contract_enums import Sentiment, Topic
from api.feedback.channels.issues.repository import UNKNOWN_MOOD
from api.feedback.channels.issues.schema import ChannelIssue, ChannelMoods, ChannelPlace
from api.feedback.channels.labels import TOPIC_LABELS
from api.feedback.channels.records import Place
from api.feedback.channels.watch.digest_repository import Digest
from api.feedback.channels.watch.spike_repository import Spike
from api.kit.pagination import After, Connection, First


@strawberry.type
class ChannelTopicCount:
    topic: Topic
    topic_name: str = strawberry.field(description="In the reader's language.")
    count: int


@strawberry.type
class ChannelPlaceCount:
    place: ChannelPlace
    count: int


@strawberry.type
class ChannelIssueCount:
    issue: ChannelIssue
    count: int


@strawberry.type(description="What came in from seven in the morning to seven in the morning.")
class ChannelDigest:
    day: date = strawberry.field(description="On whose morning it ends.")
    since: datetime
    until: datetime
    item_count: int
    topics: list[ChannelTopicCount] = strawberry.field(description="The most first.")
    moods: ChannelMoods
    failing_source_ids: list[strawberry.ID] = strawberry.field(
        description="Sources that had not answered for a day."
    )
    record: strawberry.Private[Digest]

    @strawberry.field(description="At most 20, the most first.")
    async def places(self, info: Info) -> list[ChannelPlaceCount]:
        known = (await info.context.services.feedback.channels.places.current()).places
        return [
            ChannelPlaceCount(
                place=ChannelPlace.of(known.get(key, Place(key, {"vi": key}, ())), info),
                count=count,
            )
            for key, count in self.record.places
        ]

    @strawberry.field(description="At most 10, the most first; without those whose time is over.")
    async def top_issues(self, info: Info) -> list[ChannelIssueCount]:
        load = info.context.loader(info.context.services.feedback.channels.issues.loaded)
        pairs = [(await load.load(key), count) for key, count in self.record.issues]
        return [
            ChannelIssueCount(issue=ChannelIssue.of(issue, info), count=count)
            for issue, count in pairs
            if issue is not None
        ]

    @classmethod
    def of(cls, digest: Digest, info: Info) -> "ChannelDigest":
        moods = dict(digest.moods)
        return cls(
            day=digest.day,
            since=digest.since,
            until=digest.until,
            item_count=digest.items,
            topics=[
                ChannelTopicCount(
                    topic=Topic(key),
                    topic_name=info.context.translate(TOPIC_LABELS[Topic(key)]),
                    count=count,
                )
                for key, count in digest.topics
            ],
            moods=ChannelMoods(
                negative=moods.get(Sentiment.NEGATIVE, 0),
                neutral=moods.get(Sentiment.NEUTRAL, 0),
                positive=moods.get(Sentiment.POSITIVE, 0),
                unknown=moods.get(UNKNOWN_MOOD, 0),
            ),
            failing_source_ids=[strawberry.ID(one) for one in digest.failing],
            record=digest,
        )


@strawberry.type(
    description="A topic or an issue of which suddenly more was written than is usual."
)
class ChannelSpike:
    topic: Topic
    topic_name: str = strawberry.field(description="In the reader's language.")
    count: int = strawberry.field(description="Items within the hour before it was noticed.")
    usual: float = strawberry.field(description="At that hour, in the 14 days before.")
    began_at: datetime
    ended_at: datetime | None
    issue_id: strawberry.Private[str | None]

    @strawberry.field(description="Null: of the whole topic, or of an issue whose time is over.")
    async def issue(self, info: Info) -> ChannelIssue | None:
        if self.issue_id is None:
            return None
        load = info.context.loader(info.context.services.feedback.channels.issues.loaded)
        issue = await load.load(self.issue_id)
        return ChannelIssue.of(issue, info) if issue else None

    @classmethod
    def of(cls, spike: Spike, info: Info) -> "ChannelSpike":
        return cls(
            topic=spike.topic,
            topic_name=info.context.translate(TOPIC_LABELS[spike.topic]),
            count=spike.count,
            usual=spike.usual,
            began_at=spike.began_at,
            ended_at=spike.ended_at,
            issue_id=spike.issue_id,
        )


@strawberry.type
class WatchQuery:
    @strawberry.field(description="The newest first. For clerks of the province's office.")
    async def channel_digests(
        self, info: Info, first: First = 7, after: After = None
    ) -> Connection[ChannelDigest]:
        watch = info.context.services.feedback.channels.watch
        page = await watch.digests(info.context.caller, first, after)
        return Connection[ChannelDigest].of(page, lambda one: ChannelDigest.of(one, info))

    @strawberry.field(description="The newest first. For clerks of the province's office.")
    async def channel_spikes(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[ChannelSpike]:
        watch = info.context.services.feedback.channels.watch
        page = await watch.spikes(info.context.caller, first, after)
        return Connection[ChannelSpike].of(page, lambda one: ChannelSpike.of(one, info))
