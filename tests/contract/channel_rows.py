"""Rows of the authorization matrix: the watch over channels, for the province's office."""

from collections.abc import Callable

from tests.contract.rows import Row, Sight, Variables
from tests.contract.world import Actor, World
from tests.feedback.reporting import SA_PA

_OFFICE = frozenset({Actor.OFFICE_CLERK})
_KEY = "authorization-matrix-of-channels"


def _of_the_office(operation: str, values: Callable[[World], Variables] = lambda _: {}) -> Row:
    return Row(f"channels/{operation}", _OFFICE, "NOT_ALLOWED", "NOT_SIGNED_IN", values)


CHANNEL_ROWS: dict[str, Row] = {
    "Query.channelSources": _of_the_office("ChannelSources"),
    "Query.channelIssues": _of_the_office("ChannelIssues"),
    "Query.channelIssue": _of_the_office(
        "ChannelIssue", lambda world: {"id": world.channels.issue_id}
    ),
    "Query.channelDigests": _of_the_office("ChannelDigests"),
    "Query.channelSpikes": _of_the_office("ChannelSpikes"),
    "Mutation.addFeedSource": _of_the_office(
        "AddFeedSource",
        lambda _: {
            "name": "Báo",
            "url": "https://paper.example.vn/rss",
            "idempotencyKey": _KEY,
        },
    ),
    "Mutation.addWebhookSource": _of_the_office(
        "AddWebhookSource", lambda _: {"name": "Báo", "idempotencyKey": _KEY}
    ),
    "Mutation.rotateSourceSecret": _of_the_office(
        "RotateSourceSecret", lambda world: {"sourceId": world.channels.source_id}
    ),
    "Mutation.pauseSource": _of_the_office(
        "PauseSource", lambda world: {"sourceId": world.channels.source_id}
    ),
    "Mutation.resumeSource": _of_the_office(
        "ResumeSource", lambda world: {"sourceId": world.channels.paused_id}
    ),
    "Mutation.linkIssueToReport": _of_the_office(
        "LinkIssueToReport",
        lambda world: {"issueId": world.channels.issue_id, "code": world.feedback.received},
    ),
    "Mutation.makeReportFromIssue": _of_the_office(
        "MakeReportFromIssue",
        lambda world: {
            "issueId": world.channels.issue_id,
            "categoryCode": "waste",
            "position": SA_PA,
            "accuracy": 100.0,
            "text": "Theo phản ánh trên mạng, rác chất đống ba ngày.",
            "language": "vi",
            "idempotencyKey": _KEY,
        },
    ),
    "Mutation.dismissIssue": _of_the_office(
        "DismissIssue", lambda world: {"issueId": world.channels.issue_id}
    ),
}

CHANNEL_TYPES: dict[str, tuple[Sight, str]] = {
    "AddFeedSourceSuccess": (Sight.STAFF, "source"),
    "AddWebhookSourceSuccess": (Sight.STAFF, "source secret"),
    "ChannelDigest": (
        Sight.STAFF,
        "day since until itemCount topics moods failingSourceIds places topIssues",
    ),
    "ChannelDigestConnection": (Sight.STAFF, "edges pageInfo"),
    "ChannelDigestEdge": (Sight.STAFF, "node cursor"),
    "ChannelIssue": (
        Sight.STAFF,
        "id state topic topicName place firstAt lastAt itemCount moods headline items linkedReports nearbyReports",
    ),
    "ChannelIssueConnection": (Sight.STAFF, "edges pageInfo"),
    "ChannelIssueCount": (Sight.STAFF, "issue count"),
    "ChannelIssueEdge": (Sight.STAFF, "node cursor"),
    "ChannelItem": (
        Sight.STAFF,
        "id sourceId title text url language topic sentiment publishedAt receivedAt",
    ),
    "ChannelItemConnection": (Sight.STAFF, "edges pageInfo"),
    "ChannelItemEdge": (Sight.STAFF, "node cursor"),
    "ChannelMoods": (Sight.STAFF, "negative neutral positive unknown"),
    "ChannelPlace": (Sight.PUBLIC, "key name communeCodes"),
    "ChannelPlaceCount": (Sight.STAFF, "place count"),
    "ChannelSource": (
        Sight.STAFF,
        "id name kind state url addedAt heardAt failingSince failure isFailing",
    ),
    "ChannelSources": (Sight.STAFF, "sources"),
    "ChannelSpike": (Sight.STAFF, "topic topicName count usual beganAt endedAt issue"),
    "ChannelSpikeConnection": (Sight.STAFF, "edges pageInfo"),
    "ChannelSpikeEdge": (Sight.STAFF, "node cursor"),
    "ChannelTopicCount": (Sight.STAFF, "topic topicName count"),
    "DismissIssueSuccess": (Sight.STAFF, "issue"),
    "LinkIssueToReportSuccess": (Sight.STAFF, "issue"),
    "MakeReportFromIssueSuccess": (Sight.STAFF, "issue report"),
    "PauseSourceSuccess": (Sight.STAFF, "source"),
    "ResumeSourceSuccess": (Sight.STAFF, "source"),
    "RotateSourceSecretSuccess": (Sight.STAFF, "source secret"),
}
