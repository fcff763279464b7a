"""The league table as CSV and as JSON."""

from typing import Any

from api.feedback.open_data.csv_text import Cell, csv_text
from api.feedback.open_data.league import RANKED_FROM, Figures, League, Standing

PROVINCE = "province"
COLUMNS = (
    "month",
    "agency_id",
    "rank",
    "received",
    "answered",
    "median_hours_to_answer",
    "p90_hours_to_answer",
    "due",
    "fixed_in_time",
    "share_fixed_in_time",
    "reopened",
    "share_reopened",
    "open_overdue",
)


def league_csv(league: League) -> str:
    """Return a row for the province, then one for each agency."""
    whole = _row(league, Standing(PROVINCE, None, league.province))
    return csv_text([COLUMNS, whole, *(_row(league, one) for one in league.standings)])


def league_json(league: League) -> dict[str, Any]:
    return {
        "month": league.month,
        "as_of": league.as_of.isoformat(),
        "ranked_from": RANKED_FROM,
        "province": _figures(league.province),
        "agencies": [
            {"agency_id": one.agency_id, "rank": one.rank, **_figures(one.figures)}
            for one in league.standings
        ],
    }


def _row(league: League, one: Standing) -> tuple[Cell, ...]:
    return (league.month, one.agency_id, one.rank, *_figures(one.figures).values())


def _figures(figures: Figures) -> dict[str, Cell]:
    return {
        "received": figures.received,
        "answered": figures.answered,
        "median_hours_to_answer": figures.median_hours,
        "p90_hours_to_answer": figures.ninetieth_hours,
        "due": figures.due,
        "fixed_in_time": figures.fixed_in_time,
        "share_fixed_in_time": figures.share_fixed_in_time,
        "reopened": figures.reopened,
        "share_reopened": figures.share_reopened,
        "open_overdue": figures.open_overdue,
    }
