"""Our enumerations as the contract has them."""

import strawberry

from api.feedback.channels.records import IssueState, Sentiment, SourceKind, SourceState, Topic

__all__ = ["IssueState", "Sentiment", "SourceKind", "SourceState", "Topic"]

strawberry.enum(
    SourceKind,
    name="ChannelSourceKind",
    description="FEED: RSS or Atom that is asked. WEBHOOK: a system that sends.",
)
strawberry.enum(SourceState, name="ChannelSourceState")
strawberry.enum(
    IssueState,
    name="ChannelIssueState",
    description="DISMISSED takes only the same story, and raises no alarm.",
)
strawberry.enum(Topic, name="ChannelTopic", description="What items are about.")
strawberry.enum(
    Sentiment,
    name="ChannelSentiment",
    description="By words of praise and complaint: a rough measure of many, never a judgement of one.",
)
