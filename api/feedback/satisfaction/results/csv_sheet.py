"""A month's results as a sheet (RFC 4180), one row an office and source."""

from collections.abc import Sequence

from api.feedback.open_data.csv_text import csv_text
from api.feedback.satisfaction.offices import Offices
from api.feedback.satisfaction.records import Grade, Reason
from api.feedback.satisfaction.results.publishing import Result

_SHARE = "{:.4f}"
COLUMNS = (
    "month",
    "office_kind",
    "office_id",
    "office_name",
    "source",
    "ratings",
    *(grade.value for grade in Grade),
    "satisfied_share",
    "satisfied_low_95",
    "satisfied_high_95",
    *(f"praised_{reason.value}" for reason in Reason),
    *(f"criticised_{reason.value}" for reason in Reason),
)


def sheet(results: Sequence[Result], offices: Offices) -> str:
    """Return the sheet with a header; a reason that fewer than five named has an empty cell."""
    return csv_text([COLUMNS, *(_row(result, offices) for result in results)])


def _row(result: Result, offices: Offices) -> list[str]:
    names, satisfied = offices.names(result.office) or {}, result.satisfied
    shares = (satisfied.share, satisfied.low, satisfied.high)
    return [
        result.month,
        result.office.kind.value,
        result.office.id,
        names.get("vi", ""),
        result.source.value,
        str(result.total),
        *(str(result.grades[grade]) for grade in Grade),
        *map(_SHARE.format, shares),
        *(str(result.praised.get(reason, "")) for reason in Reason),
        *(str(result.criticised.get(reason, "")) for reason in Reason),
    ]
