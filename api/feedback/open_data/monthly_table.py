"""One month's reports as CSV, a row each. The columns and their order stay as they are; new ones come last."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime

from api.feedback.open_data.csv_text import Cell, csv_text
from api.feedback.open_data.months import Month
from api.feedback.open_data.open_reports import OpenReport, OpenReports

COLUMNS = (
    "code",
    "category",
    "commune_code",
    "agency_id",
    "state",
    "received_at",
    "accepted_at",
    "answered_at",
    "fixed_at",
    "ended_at",
    "due_answer",
    "due_fix",
    "reopened",
    "people",
    "merged_into",
    "latitude",
    "longitude",
)


async def monthly_table(reports: OpenReports, month: Month) -> AsyncGenerator[str]:
    """Yield the table, some rows at a time; the first piece has the names of the columns."""
    heading = csv_text([COLUMNS])
    async for some in reports.of_month(month):
        yield heading + csv_text(map(_row, some))
        heading = ""
    if heading:
        yield heading


def _row(one: OpenReport) -> tuple[Cell, ...]:
    return (
        one.code,
        one.category,
        one.commune_code,
        one.agency_id,
        one.state.name,
        _moment(one.received_at),
        _moment(one.accepted_at),
        _moment(one.answered_at),
        _moment(one.fixed_at),
        _moment(one.ended_at),
        _moment(one.due_answer),
        _moment(one.due_fix),
        one.reopened,
        one.people,
        one.merged_into,
        one.latitude,
        one.longitude,
    )


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="milliseconds")
