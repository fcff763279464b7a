"""What whoever reports sends."""

from datetime import datetime

import strawberry

from api.feedback.contract_enums import Visibility
from api.feedback.reports.content import (
    NAME_CHARACTERS_AT_MOST,
    TEXT_CHARACTERS_AT_MOST,
    NewReport,
)
from api.feedback.reports.map_cells import Box
from api.feedback.reports.reporters import ShownDevice
from api.feedback.reports.submitting import PHOTOS_AT_MOST
from api.kit.schema_types import PositionInput

_KEY = "16 to 128 visible ASCII characters, made anew for each"
_TAG = "BCP 47 tag of the language it is written in; any language."


@strawberry.input(description="A registered device of whoever is not signed in.")
class ReporterDeviceInput:
    id: strawberry.ID
    secret: str

    def shown(self) -> ShownDevice:
        return ShownDevice(self.id, self.secret)


@strawberry.input(description="Degrees, WGS 84.")
class BoundsInput:
    south: float
    west: float
    north: float
    east: float

    def box(self) -> Box:
        return Box(self.south, self.west, self.north, self.east)


@strawberry.input(description="An answer to a field of the category's form.")
class ReportFieldInput:
    code: str
    value: str = strawberry.field(
        description="A text, a choice's code, a number such as 12.5, or yes or no."
    )


@strawberry.input
class SubmitReportInput:
    category_code: strawberry.ID
    position: PositionInput
    accuracy: float = strawberry.field(description="Of the position, in metres.")
    captured_at: datetime = strawberry.field(
        description="When it was seen: within the last 30 days."
    )
    text: str = strawberry.field(
        description=f"1 to {TEXT_CHARACTERS_AT_MOST} characters of plain text."
    )
    photo_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list[strawberry.ID],
        description=f"Ids of media of yours that are READY, at most {PHOTOS_AT_MOST}. They need the"
        " consent PHOTOS.",
    )
    visibility: Visibility
    language: str = strawberry.field(description=_TAG)
    display_name: str | None = strawberry.field(
        default=None,
        description="What you are called beside a PUBLIC report, at most"
        f" {NAME_CHARACTERS_AT_MOST} characters. The name of your account is never shown.",
    )
    fields: list[ReportFieldInput] = strawberry.field(default_factory=list[ReportFieldInput])
    device: ReporterDeviceInput | None = None
    idempotency_key: str = strawberry.field(description=f"{_KEY} report.")

    def new_report(self) -> NewReport:
        """Return it. Raises InvalidPosition."""
        return NewReport(
            category=self.category_code,
            position=self.position.position(),
            accuracy_metres=self.accuracy,
            captured_at=self.captured_at,
            text=self.text,
            photos=tuple(self.photo_ids),
            visibility=self.visibility,
            language=self.language,
            display_name=self.display_name,
            answers=tuple((one.code, one.value) for one in self.fields),
        )


@strawberry.input
class JoinReportInput:
    code: strawberry.ID
    device: ReporterDeviceInput | None = None
    idempotency_key: str = strawberry.field(description=f"{_KEY} joining.")


@strawberry.input
class LeaveReportInput:
    code: strawberry.ID
    device: ReporterDeviceInput | None = None
    idempotency_key: str = strawberry.field(description=f"{_KEY} leaving.")


@strawberry.input
class ConfirmFixInput:
    code: strawberry.ID
    device: ReporterDeviceInput | None = None
    idempotency_key: str = strawberry.field(description=f"{_KEY} confirmation.")


@strawberry.input
class ReopenReportInput:
    code: strawberry.ID
    words: str = strawberry.field(description="What is not settled.")
    language: str = strawberry.field(description=_TAG)
    device: ReporterDeviceInput | None = None
    idempotency_key: str = strawberry.field(description=f"{_KEY} reopening.")
