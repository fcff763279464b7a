"""Reports for everybody, and for those who reported or joined."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from typing_extensions import override

from api.context import Info
from api.feedback.agencies.schema import ReportAgency, agency_of
from api.feedback.categories.schema import ReportCategory, category_of
from api.feedback.contract_enums import ReportState, Visibility
from api.feedback.duplicates.similar import SimilarReport as SimilarRecord
from api.feedback.feedback_error import FeedbackError
from api.feedback.labels import ROUTE_LABELS, STATE_LABELS
from api.feedback.life.schema import ReportStep, TranslatedText, shown_photos
from api.feedback.life.steps import Step, Words, shown_to_all, shown_to_reporter
from api.feedback.reports.public_search import PublicQuery
from api.feedback.reports.public_text import public_text
from api.feedback.reports.reading import FollowedReport, HistoryKey
from api.feedback.reports.records import Deadlines, RouteReason
from api.feedback.reports.records import Report as ReportRecord
from api.feedback.reports.schema_inputs import (
    BoundsInput,
    ConfirmFixInput,
    JoinReportInput,
    LeaveReportInput,
    ReopenReportInput,
    ReporterDeviceInput,
    SubmitReportInput,
)
from api.feedback.reports.submitting import Sender
from api.kit.localized import best_language
from api.kit.pagination import After, Connection, First
from api.kit.schema_types import Position, PositionInput
from api.media.schema import ShownMedia

Code = Annotated[
    str, strawberry.argument(description="Such as LC-7K3-943, in any case, with or without dashes.")
]
Device = Annotated[
    ReporterDeviceInput | None,
    strawberry.argument(description="Of whoever is not signed in and reported from a device."),
]


@strawberry.type(description="Until when the agency has to act.")
class ReportDeadlines:
    accept: datetime
    answer: datetime
    fix: datetime

    @classmethod
    def of(cls, due: Deadlines) -> "ReportDeadlines":
        return cls(accept=due.accept, answer=due.answer, fix=due.fix)


@strawberry.interface(description="What is told of every report to whoever may see it.")
class ReportFacts:
    code: strawberry.ID
    category: ReportCategory
    state: ReportState
    state_name: str = strawberry.field(description="In the reader's language.")
    commune_code: strawberry.ID
    agency: ReportAgency = strawberry.field(description="Who has it at this moment.")
    agency_reason: str = strawberry.field(description="Why this agency has it.")
    people: int = strawberry.field(description="How many reported it or joined.")
    received_at: datetime
    state_since: datetime
    due: ReportDeadlines
    record: strawberry.Private[ReportRecord]
    is_public: strawberry.Private[bool]

    @strawberry.field(description="What happened, the first step first.")
    async def steps(self, info: Info) -> list[ReportStep]:
        load = info.context.loader(info.context.services.feedback.reading.histories)
        history = await load.load(HistoryKey.of(self.record))
        shown = shown_to_all(history) if self.is_public else self.own_steps(history)
        return [ReportStep.of(one, info, is_public=self.is_public) for one in shown]

    def own_steps(self, history: list[Step]) -> list[Step]:
        """Return the steps as whoever reads this, and is not everybody, sees them."""
        return history


@strawberry.type(
    description="A report as everybody sees it. Words and photos are shown once a clerk has accepted it,"
    " without telephone and identity numbers."
)
class PublicReport(ReportFacts):
    position: Position
    text: TranslatedText | None
    reported_by: str | None = strawberry.field(
        description="The name that the reporter chose for this report, if any."
    )
    photo_ids: strawberry.Private[tuple[str, ...]]

    @strawberry.field(description="Without place and time in them.")
    async def photos(self, info: Info) -> list[ShownMedia]:
        return await shown_photos(self.photo_ids, info)

    @classmethod
    def of(cls, report: ReportRecord, info: Info) -> "PublicReport":
        assert report.spot is not None, "a private report is shown to nobody"  # noqa: S101
        content = report.content if report.is_read_by_clerk else None
        return cls(
            position=Position.of(report.spot),
            text=TranslatedText.of(content.text, content.language, is_public=True)
            if content
            else None,
            reported_by=public_text(content.display_name)
            if content and content.display_name
            else None,
            photo_ids=report.photos if report.is_read_by_clerk else (),
            **facts_of(report, info, is_public=True),
        )


@strawberry.type(description="A report that you sent or joined.")
class MyReport(ReportFacts):
    is_mine: bool = strawberry.field(description="You reported it; else you joined.")
    visibility: Visibility
    position: Position | None
    captured_at: datetime | None = strawberry.field(description="Null for what you joined.")
    text: TranslatedText | None
    can_confirm: bool
    can_reopen: bool
    photo_ids: strawberry.Private[tuple[str, ...]]

    @strawberry.field
    async def photos(self, info: Info) -> list[ShownMedia]:
        return await shown_photos(self.photo_ids, info)

    @override
    def own_steps(self, history: list[Step]) -> list[Step]:
        return shown_to_reporter(history)

    @classmethod
    def of(cls, followed: FollowedReport, info: Info) -> "MyReport":
        report, is_mine = followed.report, followed.follower.is_reporter
        content = report.content if is_mine or report.is_read_by_clerk else None
        return cls(
            is_mine=is_mine,
            visibility=report.visibility,
            position=Position.of(content.position) if content else None,
            captured_at=content.captured_at if content and is_mine else None,
            text=TranslatedText.of(content.text, content.language, is_public=not is_mine)
            if content
            else None,
            can_confirm=is_mine and report.state is ReportState.FIXED,
            can_reopen=is_mine and report.state in (ReportState.FIXED, ReportState.ANSWERED),
            photo_ids=report.photos if content else (),
            **facts_of(report, info, is_public=not is_mine),
        )


@strawberry.type(
    description="A report that may be of the same thing: join it in place of a new one."
)
class SimilarReport:
    report: PublicReport
    distance: float = strawberry.field(description="Metres.")

    @classmethod
    def of(cls, found: SimilarRecord, info: Info) -> "SimilarReport":
        return cls(report=PublicReport.of(found.report, info), distance=found.distance_metres)


@strawberry.type
class SimilarReports:
    reports: list[SimilarReport] = strawberry.field(description="The nearest first, at most 5.")


@strawberry.type
class SubmitReportSuccess:
    report: MyReport


@strawberry.type
class JoinReportSuccess:
    report: PublicReport


@strawberry.type
class LeaveReportSuccess:
    report: PublicReport


@strawberry.type
class ConfirmFixSuccess:
    report: MyReport


@strawberry.type
class ReopenReportSuccess:
    report: MyReport


SubmitReportResult = Annotated[
    SubmitReportSuccess | FeedbackError, strawberry.union("SubmitReportResult")
]
JoinReportResult = Annotated[
    JoinReportSuccess | FeedbackError, strawberry.union("JoinReportResult")
]
LeaveReportResult = Annotated[
    LeaveReportSuccess | FeedbackError, strawberry.union("LeaveReportResult")
]
ConfirmFixResult = Annotated[
    ConfirmFixSuccess | FeedbackError, strawberry.union("ConfirmFixResult")
]
ReopenReportResult = Annotated[
    ReopenReportSuccess | FeedbackError, strawberry.union("ReopenReportResult")
]


@strawberry.type
class ReportsQuery:
    @strawberry.field(description="What everybody may see under a code; null for anything else.")
    async def report(self, info: Info, code: Code) -> PublicReport | None:
        report = await info.context.services.feedback.reading.shown(code)
        return PublicReport.of(report, info) if report else None

    @strawberry.field(description="Reports that everybody may see, the newest first.")
    async def public_reports(
        self,
        info: Info,
        near: PositionInput | None = None,
        within: Annotated[
            int | None, strawberry.argument(description="Metres, 1 to 50,000; goes with `near`.")
        ] = None,
        bounds: BoundsInput | None = None,
        states: list[ReportState] | None = None,
        category: strawberry.ID | None = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[PublicReport]:
        query = PublicQuery(
            near=near.position() if near else None,
            within_metres=within,
            bounds=bounds.box() if bounds else None,
            states=tuple(states or ()),
            categories=() if category is None else (category,),
        )
        page = await info.context.services.feedback.reading.public(query, first, after)
        return Connection[PublicReport].of(page, lambda one: PublicReport.of(one, info))

    @strawberry.field(
        description="What was reported already of this nearby; never a private report."
    )
    async def similar_reports(
        self, info: Info, position: PositionInput, category_code: strawberry.ID
    ) -> SimilarReports:
        duplicates = info.context.services.feedback.duplicates
        found = await duplicates.near(position.position(), category_code)
        return SimilarReports(reports=[SimilarReport.of(one, info) for one in found])

    @strawberry.field(description="What you reported or joined, the newest first.")
    async def my_reports(
        self, info: Info, device: Device = None, first: First = 20, after: After = None
    ) -> Connection[MyReport]:
        page = await info.context.services.feedback.reading.mine(
            info.context.caller, device.shown() if device else None, first, after
        )
        return Connection[MyReport].of(page, lambda one: MyReport.of(one, info))

    @strawberry.field(description="What you reported or joined under a code; null for others'.")
    async def my_report(self, info: Info, code: Code, device: Device = None) -> MyReport | None:
        shown = device.shown() if device else None
        reading = info.context.services.feedback.reading
        found = await reading.own(info.context.caller, shown, code)
        return MyReport.of(found, info) if found else None


@strawberry.type
class ReportsMutation:
    @strawberry.mutation(
        description="Report something in the province. Whoever is not signed in shows a device, and sends no"
        " photos. A draft keeps when and where it was made, for 30 days."
    )
    async def submit_report(self, info: Info, input: SubmitReportInput) -> SubmitReportResult:
        feedback = info.context.services.feedback
        report = await feedback.submitting.submit(
            _sender(input.device, info), input.new_report(), input.idempotency_key
        )
        return SubmitReportSuccess(report=await _mine(report, input.device, info))

    @strawberry.mutation(description="Follow a report in place of making the same one again.")
    async def join_report(self, info: Info, input: JoinReportInput) -> JoinReportResult:
        joining = info.context.services.feedback.joining
        report = await joining.join(_sender(input.device, info), input.code, input.idempotency_key)
        return JoinReportSuccess(report=PublicReport.of(report, info))

    @strawberry.mutation(description="Follow a report that you joined no more.")
    async def leave_report(self, info: Info, input: LeaveReportInput) -> LeaveReportResult:
        joining = info.context.services.feedback.joining
        report = await joining.leave(_sender(input.device, info), input.code, input.idempotency_key)
        return LeaveReportSuccess(report=PublicReport.of(report, info))

    @strawberry.mutation(description="Say that what you reported is fixed; within 14 days.")
    async def confirm_fix(self, info: Info, input: ConfirmFixInput) -> ConfirmFixResult:
        report = await info.context.services.feedback.reporter_turn.confirm(
            info.context.caller,
            input.device.shown() if input.device else None,
            input.code,
            input.idempotency_key,
        )
        return ConfirmFixSuccess(report=await _mine(report, input.device, info))

    @strawberry.mutation(
        description="Say that what you reported is not settled, and why; within 14 days."
    )
    async def reopen_report(self, info: Info, input: ReopenReportInput) -> ReopenReportResult:
        report = await info.context.services.feedback.reporter_turn.reopen(
            info.context.caller,
            input.device.shown() if input.device else None,
            input.code,
            Words(input.words, input.language),
            input.idempotency_key,
        )
        return ReopenReportSuccess(report=await _mine(report, input.device, info))


def facts_of(report: ReportRecord, info: Info, *, is_public: bool) -> dict[str, Any]:
    """Return the fields of ReportFacts."""
    return {
        "code": strawberry.ID(report.code),
        "category": category_of(report.category, info),
        "state": report.state,
        "state_name": info.context.translate(STATE_LABELS[report.state]),
        "commune_code": strawberry.ID(report.commune_code),
        "agency": agency_of(report.route.agency_id, info),
        "agency_reason": _reason(report, info),
        "people": report.people,
        "received_at": report.received_at,
        "state_since": report.state_since,
        "due": ReportDeadlines.of(report.due),
        "record": report,
        "is_public": is_public,
    }


def _reason(report: ReportRecord, info: Info) -> str:
    route = report.route
    template = info.context.translate(ROUTE_LABELS[route.reason])
    agency = ""
    if route.reason is RouteReason.SENT_ON and route.from_agency:
        names = info.context.services.feedback.agencies.agency(route.from_agency).names
        agency = names[best_language(names, info.context.language) or "vi"]
    return template.format(road=route.road or "", agency=agency)


def _sender(device: ReporterDeviceInput | None, info: Info) -> Sender:
    context = info.context
    shown = device.shown() if device else None
    return Sender(context.caller, shown, context.client_address, context.language)


async def _mine(report: ReportRecord, device: ReporterDeviceInput | None, info: Info) -> MyReport:
    """Return what the caller has just acted on as their own."""
    feedback = info.context.services.feedback
    shown = device.shown() if device else None
    followed = await feedback.reading.own(info.context.caller, shown, report.code)
    assert followed is not None, "whoever reported it follows it"  # noqa: S101
    return MyReport.of(followed, info)
