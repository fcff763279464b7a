"""What the channels add to the roots of the contract."""

import strawberry

from api.feedback.channels.issues.schema import IssuesMutation, IssuesQuery
from api.feedback.channels.sources.schema import SourcesMutation, SourcesQuery
from api.feedback.channels.watch.schema import WatchQuery


@strawberry.type
class ChannelsQuery(IssuesQuery, SourcesQuery, WatchQuery):
    pass


@strawberry.type
class ChannelsMutation(IssuesMutation, SourcesMutation):
    pass
