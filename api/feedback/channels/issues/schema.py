"""Issues at the desk of the province's office."""

from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.feedback.channels.contract_enums import IssueState, Sentiment, Topic
from api.feedback.channels.issues.acting import ReportMade
from api.feedback.channels.issues.reading import IssueQuery
from api.feedback.channels.issues.repository import UNKNOWN_MOOD
from api.feedback.channels.labels import TOPIC_LABELS
from api.feedback.channels.records import Issue, Item, Place
from api.feedback.feedback_error import FeedbackError
from api.feedback.reports.content import TEXT_CHARACTERS_AT_MOST
from api.feedback.reports.schema import PublicReport
from api.feedback.reports.schema_inputs import ReportFieldInput
from api.kit.pagination import After, Connection, First
from api.kit.schema_types import LocalizedText, PositionInput

IssueId = Annotated[strawberry.ID, strawberry.argument(description="Of an issue.")]


@strawberry.type(description="A commune, or a former district.")
class ChannelPlace:
    key: strawberry.ID = strawberry.field(description="A commune's code, or a name of ours.")
    name: LocalizedText
    commune_codes: list[strawberry.ID]

    @classmethod
    def of(cls, place: Place, info: Info) -> "ChannelPlace":
        return cls(
            key=strawberry.ID(place.key),
            name=LocalizedText.needed(place.names, info.context.language),
            commune_codes=[strawberry.ID(code) for code in place.commune_codes],
        )


@strawberry.type(description="How many items there are of each mood.")
class ChannelMoods:
    negative: int
    neutral: int
    positive: int
    unknown: int = strawberry.field(description="In languages that the rules have no words of.")


@strawberry.type(
    description="A post or press item: its words without numbers, addresses and names of accounts. Who"
    " wrote it is not kept."
)
class ChannelItem:
    id: strawberry.ID
    source_id: strawberry.ID
    title: str
    text: str
    url: str | None
    language: str | None = strawberry.field(description="BCP 47, as the rules take it to be.")
    topic: Topic
    sentiment: Sentiment | None
    published_at: datetime
    received_at: datetime

    @classmethod
    def of(cls, item: Item) -> "ChannelItem":
        return cls(
            id=strawberry.ID(item.id),
            source_id=strawberry.ID(item.source_id),
            title=item.words.title,
            text=item.words.text,
            url=item.words.url,
            language=item.language,
            topic=item.topic,
            sentiment=item.sentiment,
            published_at=item.published_at,
            received_at=item.received_at,
        )


@strawberry.type(description="Posts and press items of one matter.")
class ChannelIssue:
    id: strawberry.ID
    state: IssueState
    topic: Topic
    topic_name: str = strawberry.field(description="In the reader's language.")
    place: ChannelPlace | None
    first_at: datetime
    last_at: datetime
    item_count: int
    moods: ChannelMoods
    record: strawberry.Private[Issue]

    @strawberry.field(description="The title, or the words, of the item that came first.")
    async def headline(self, info: Info) -> str | None:
        load = info.context.loader(info.context.services.feedback.channels.issues.lead_items)
        item = await load.load(self.record.lead_item_id)
        return (item.words.title or item.words.text) if item else None

    @strawberry.field(description="The newest first.")
    async def items(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[ChannelItem]:
        reading = info.context.services.feedback.channels.issues
        page = await reading.items(self.record, first, after)
        return Connection[ChannelItem].of(page, ChannelItem.of)

    @strawberry.field(description="Public reports that clerks linked to it.")
    async def linked_reports(self, info: Info) -> list[PublicReport]:
        found = await info.context.services.feedback.channels.issues.linked(self.record)
        return [PublicReport.of(one, info) for one in found]

    @strawberry.field(description="Public reports of the category that are open there, at most 20.")
    async def nearby_reports(self, info: Info) -> list[PublicReport]:
        found = await info.context.services.feedback.channels.issues.nearby(self.record)
        return [PublicReport.of(one, info) for one in found]

    @classmethod
    def of(cls, issue: Issue, info: Info) -> "ChannelIssue":
        return cls(
            id=strawberry.ID(issue.id),
            state=issue.state,
            topic=issue.topic,
            topic_name=info.context.translate(TOPIC_LABELS[issue.topic]),
            place=ChannelPlace.of(issue.place, info) if issue.place else None,
            first_at=issue.first_at,
            last_at=issue.last_at,
            item_count=issue.items,
            moods=ChannelMoods(
                negative=issue.moods[Sentiment.NEGATIVE],
                neutral=issue.moods[Sentiment.NEUTRAL],
                positive=issue.moods[Sentiment.POSITIVE],
                unknown=issue.moods[UNKNOWN_MOOD],
            ),
            record=issue,
        )


@strawberry.input
class LinkIssueToReportInput:
    issue_id: strawberry.ID
    code: strawberry.ID = strawberry.field(description="Of a report that everybody may see.")


@strawberry.input
class MakeReportFromIssueInput:
    issue_id: strawberry.ID
    category_code: strawberry.ID
    position: PositionInput
    accuracy: float = strawberry.field(description="Of the position, in metres.")
    text: str = strawberry.field(
        description=f"What the items say, in your words: 1 to {TEXT_CHARACTERS_AT_MOST} characters."
    )
    language: str = strawberry.field(description="BCP 47 tag of the language it is written in.")
    fields: list[ReportFieldInput] = strawberry.field(default_factory=list[ReportFieldInput])
    idempotency_key: str = strawberry.field(
        description="16 to 128 visible ASCII characters, made anew for each report."
    )

    def made(self) -> ReportMade:
        """Return it. Raises InvalidPosition."""
        return ReportMade(
            category=self.category_code,
            position=self.position.position(),
            accuracy_metres=self.accuracy,
            text=self.text,
            language=self.language,
            answers=tuple((one.code, one.value) for one in self.fields),
        )


@strawberry.input
class DismissIssueInput:
    issue_id: strawberry.ID


@strawberry.type
class LinkIssueToReportSuccess:
    issue: ChannelIssue


@strawberry.type
class MakeReportFromIssueSuccess:
    issue: ChannelIssue
    report: PublicReport


@strawberry.type
class DismissIssueSuccess:
    issue: ChannelIssue


LinkIssueToReportResult = Annotated[
    LinkIssueToReportSuccess | FeedbackError, strawberry.union("LinkIssueToReportResult")
]
MakeReportFromIssueResult = Annotated[
    MakeReportFromIssueSuccess | FeedbackError, strawberry.union("MakeReportFromIssueResult")
]
DismissIssueResult = Annotated[
    DismissIssueSuccess | FeedbackError, strawberry.union("DismissIssueResult")
]


@strawberry.type
class IssuesQuery:
    @strawberry.field(
        description="What is written of, that with the newest item first. For clerks of the province's office."
    )
    async def channel_issues(
        self,
        info: Info,
        states: list[IssueState] | None = None,
        topic: Topic | None = None,
        place: Annotated[
            strawberry.ID | None, strawberry.argument(description="`key` of a place.")
        ] = None,
        since: Annotated[
            datetime | None, strawberry.argument(description="Only with items published since.")
        ] = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[ChannelIssue]:
        query = IssueQuery(tuple(states or ()), topic, place, since)
        reading = info.context.services.feedback.channels.issues
        page = await reading.page(info.context.caller, query, first, after)
        return Connection[ChannelIssue].of(page, lambda one: ChannelIssue.of(one, info))

    @strawberry.field(description="Null when there is none. For clerks of the province's office.")
    async def channel_issue(self, info: Info, id: IssueId) -> ChannelIssue | None:
        reading = info.context.services.feedback.channels.issues
        issue = await reading.one(info.context.caller, id)
        return ChannelIssue.of(issue, info) if issue else None


@strawberry.type
class IssuesMutation:
    @strawberry.mutation(description="Say that a report is of the same matter.")
    async def link_issue_to_report(
        self, info: Info, input: LinkIssueToReportInput
    ) -> LinkIssueToReportResult:
        linked = await info.context.services.feedback.channels.acting.link(
            info.context.caller, input.issue_id, input.code
        )
        return LinkIssueToReportSuccess(issue=ChannelIssue.of(linked.issue, info))

    @strawberry.mutation(
        description="File a report of what items tell, and link it. It is anonymous: you are named nowhere."
    )
    async def make_report_from_issue(
        self, info: Info, input: MakeReportFromIssueInput
    ) -> MakeReportFromIssueResult:
        linked = await info.context.services.feedback.channels.acting.make_report(
            info.context.caller,
            input.issue_id,
            input.made(),
            info.context.language,
            input.idempotency_key,
        )
        return MakeReportFromIssueSuccess(
            issue=ChannelIssue.of(linked.issue, info), report=PublicReport.of(linked.report, info)
        )

    @strawberry.mutation(description="Put an issue aside.")
    async def dismiss_issue(self, info: Info, input: DismissIssueInput) -> DismissIssueResult:
        issue = await info.context.services.feedback.channels.acting.dismiss(
            info.context.caller, input.issue_id
        )
        return DismissIssueSuccess(issue=ChannelIssue.of(issue, info))
