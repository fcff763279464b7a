"""Reports at the desk of an agency."""

from datetime import datetime
from typing import Annotated

import strawberry

from api.accounts.sign_in.addresses import Address
from api.context import Info
from api.feedback.contract_enums import ReportState, Visibility
from api.feedback.desk.schema_inputs import (
    AcceptReportInput,
    AnswerReportInput,
    AssignReportInput,
    MergeReportsInput,
    ProveFixInput,
    RefuseReportInput,
    RerouteReportInput,
    StartReportInput,
    UnmergeReportInput,
)
from api.feedback.feedback_error import FeedbackError
from api.feedback.life.schema import TranslatedText, shown_photos
from api.feedback.photos.schema import DeskPhoto, DeskPhotoMutation
from api.feedback.reports.reading import DeskQuery
from api.feedback.reports.records import Report as ReportRecord
from api.feedback.reports.schema import ReportFacts, facts_of
from api.kit.pagination import After, Connection, First
from api.kit.schema_types import Position
from api.media.schema import ShownMedia

AgencyId = Annotated[
    strawberry.ID, strawberry.argument(description="Of an agency whose clerk you are.")
]


@strawberry.type(description="An answer to a field of the form.")
class ReportAnswer:
    code: str
    value: str


@strawberry.type(description="A report as the clerks of its agency see it.")
class DeskReport(ReportFacts):
    visibility: Visibility
    position: Position | None = strawberry.field(description="Exact, also of a private report.")
    accuracy: float | None = strawberry.field(description="Of the position, in metres.")
    captured_at: datetime | None
    text: TranslatedText | None
    fields: list[ReportAnswer]
    level: int = strawberry.field(description="How high it was escalated, 0 to 3.")
    lead_id: strawberry.Private[str | None]
    photo_ids: strawberry.Private[tuple[str, ...]]

    @strawberry.field
    async def photos(self, info: Info) -> list[ShownMedia]:
        return await shown_photos(self.photo_ids, info)

    @strawberry.field(
        description="What is hidden of each photo, also of those that nobody is shown now."
    )
    async def desk_photos(self, info: Info) -> list[DeskPhoto]:
        found = await info.context.services.feedback.desk_photos.of(self.photo_ids)
        return list(map(DeskPhoto.of, found))

    @strawberry.field(description="Of the report that it was merged into.")
    async def lead_code(self, info: Info) -> str | None:
        if self.lead_id is None:
            return None
        load = info.context.loader(info.context.services.feedback.reading.codes)
        return await load.load(self.lead_id)

    @classmethod
    def of(cls, report: ReportRecord, info: Info) -> "DeskReport":
        content = report.content
        answers = content.answers.items() if content else ()
        return cls(
            visibility=report.visibility,
            position=Position.of(content.position) if content else None,
            accuracy=content.accuracy_metres if content else None,
            captured_at=content.captured_at if content else None,
            text=TranslatedText.of(content.text, content.language, is_public=False)
            if content
            else None,
            fields=[ReportAnswer(code=code, value=value) for code, value in answers],
            level=report.level,
            lead_id=report.lead_id,
            photo_ids=report.photos,
            **facts_of(report, info, is_public=False),
        )


@strawberry.type(description="An address of the reporter's account.")
class ReporterAddress:
    channel: str = strawberry.field(description="sms or email.")
    address: str

    @classmethod
    def of(cls, address: Address) -> "ReporterAddress":
        return cls(channel=address.channel.value, address=address.value)


@strawberry.type(description="How to reach the reporter. Each reading is in the audit log.")
class ReporterContact:
    addresses: list[ReporterAddress] = strawberry.field(
        description="None of an anonymous report, and of whoever has no account."
    )


@strawberry.type
class AcceptReportSuccess:
    report: DeskReport


@strawberry.type
class AssignReportSuccess:
    report: DeskReport


@strawberry.type
class StartReportSuccess:
    report: DeskReport


@strawberry.type
class AnswerReportSuccess:
    report: DeskReport


@strawberry.type
class ProveFixSuccess:
    report: DeskReport


@strawberry.type
class RefuseReportSuccess:
    report: DeskReport


@strawberry.type
class RerouteReportSuccess:
    report: DeskReport


@strawberry.type
class MergeReportsSuccess:
    report: DeskReport


@strawberry.type
class UnmergeReportSuccess:
    report: DeskReport


AcceptReportResult = Annotated[
    AcceptReportSuccess | FeedbackError, strawberry.union("AcceptReportResult")
]
AssignReportResult = Annotated[
    AssignReportSuccess | FeedbackError, strawberry.union("AssignReportResult")
]
StartReportResult = Annotated[
    StartReportSuccess | FeedbackError, strawberry.union("StartReportResult")
]
AnswerReportResult = Annotated[
    AnswerReportSuccess | FeedbackError, strawberry.union("AnswerReportResult")
]
ProveFixResult = Annotated[ProveFixSuccess | FeedbackError, strawberry.union("ProveFixResult")]
RefuseReportResult = Annotated[
    RefuseReportSuccess | FeedbackError, strawberry.union("RefuseReportResult")
]
RerouteReportResult = Annotated[
    RerouteReportSuccess | FeedbackError, strawberry.union("RerouteReportResult")
]
MergeReportsResult = Annotated[
    MergeReportsSuccess | FeedbackError, strawberry.union("MergeReportsResult")
]
UnmergeReportResult = Annotated[
    UnmergeReportSuccess | FeedbackError, strawberry.union("UnmergeReportResult")
]


@strawberry.type
class DeskQueries:
    @strawberry.field(description="What an agency has, the newest first.")
    async def desk_reports(
        self,
        info: Info,
        agency_id: AgencyId,
        states: list[ReportState] | None = None,
        category: strawberry.ID | None = None,
        overdue: Annotated[
            bool, strawberry.argument(description="Only what missed a deadline not met yet.")
        ] = False,
        first: First = 20,
        after: After = None,
    ) -> Connection[DeskReport]:
        query = DeskQuery(agency_id, tuple(states or ()), category, overdue)
        reading = info.context.services.feedback.reading
        page = await reading.desk(info.context.caller, query, first, after)
        return Connection[DeskReport].of(page, lambda one: DeskReport.of(one, info))

    @strawberry.field(description="A report that the agency has; null for any other.")
    async def desk_report(
        self, info: Info, agency_id: AgencyId, code: strawberry.ID
    ) -> DeskReport | None:
        reading = info.context.services.feedback.reading
        report = await reading.at_desk(info.context.caller, agency_id, code)
        return DeskReport.of(report, info) if report else None

    @strawberry.field(description="How to reach whoever reported it; the reading is audited.")
    async def reporter_contact(
        self, info: Info, agency_id: AgencyId, code: strawberry.ID
    ) -> ReporterContact:
        reading = info.context.services.feedback.reading
        contact = await reading.contact(info.context.caller, agency_id, code)
        return ReporterContact(addresses=list(map(ReporterAddress.of, contact.addresses)))


@strawberry.type
class DeskMutation(DeskPhotoMutation):
    @strawberry.mutation(description="Take a report on.")
    async def accept_report(self, info: Info, input: AcceptReportInput) -> AcceptReportResult:
        report = await info.context.services.feedback.agency_turn.accept(
            info.context.caller, input.seen(), input.idempotency_key
        )
        return AcceptReportSuccess(report=DeskReport.of(report, info))

    @strawberry.mutation(
        description="Give a report to a team or a contractor; the words say to whom."
    )
    async def assign_report(self, info: Info, input: AssignReportInput) -> AssignReportResult:
        report = await info.context.services.feedback.agency_turn.assign(
            info.context.caller, input.seen(), input.said(), input.idempotency_key
        )
        return AssignReportSuccess(report=DeskReport.of(report, info))

    @strawberry.mutation(description="Begin to work on a report.")
    async def start_report(self, info: Info, input: StartReportInput) -> StartReportResult:
        report = await info.context.services.feedback.agency_turn.start(
            info.context.caller, input.seen(), input.idempotency_key
        )
        return StartReportSuccess(report=DeskReport.of(report, info))

    @strawberry.mutation(
        description="Answer a report with words only. It closes 14 days later unless the reporter reopens it."
    )
    async def answer_report(self, info: Info, input: AnswerReportInput) -> AnswerReportResult:
        report = await info.context.services.feedback.agency_turn.answer(
            info.context.caller, input.seen(), input.said(), input.idempotency_key
        )
        return AnswerReportSuccess(report=DeskReport.of(report, info))

    @strawberry.mutation(
        description="Say that a report is fixed, with photos of yours that show it; they become the province's."
    )
    async def prove_fix(self, info: Info, input: ProveFixInput) -> ProveFixResult:
        report = await info.context.services.feedback.agency_turn.fix(
            info.context.caller,
            input.seen(),
            input.said(),
            tuple(input.photo_ids),
            input.idempotency_key,
        )
        return ProveFixSuccess(report=DeskReport.of(report, info))

    @strawberry.mutation(description="Refuse a report, with a reason and words.")
    async def refuse_report(self, info: Info, input: RefuseReportInput) -> RefuseReportResult:
        report = await info.context.services.feedback.agency_turn.refuse(
            info.context.caller, input.seen(), input.reason, input.said(), input.idempotency_key
        )
        return RefuseReportSuccess(report=DeskReport.of(report, info))

    @strawberry.mutation(description="Send a report on to the agency in charge. Its time goes on.")
    async def reroute_report(self, info: Info, input: RerouteReportInput) -> RerouteReportResult:
        report = await info.context.services.feedback.agency_turn.reroute(
            info.context.caller,
            input.seen(),
            input.to_agency_id,
            input.said(),
            input.idempotency_key,
        )
        return RerouteReportSuccess(report=DeskReport.of(report, info))

    @strawberry.mutation(
        description="Let reports of the same thing go on under one; all end with it, and are told."
    )
    async def merge_reports(self, info: Info, input: MergeReportsInput) -> MergeReportsResult:
        report = await info.context.services.feedback.merging.merge(
            info.context.caller,
            input.agency_id,
            input.lead_code,
            input.codes,
            input.idempotency_key,
        )
        return MergeReportsSuccess(report=DeskReport.of(report, info))

    @strawberry.mutation(
        description="Let a merged report go on by itself, until the end of its lead."
    )
    async def unmerge_report(self, info: Info, input: UnmergeReportInput) -> UnmergeReportResult:
        report = await info.context.services.feedback.merging.unmerge(
            info.context.caller, input.agency_id, input.code, input.idempotency_key
        )
        return UnmergeReportSuccess(report=DeskReport.of(report, info))
