"""What our states are called in GeoReport, and in the updates as FixMyStreet has them."""

from collections.abc import Mapping
from datetime import UTC, datetime

from api.feedback.life.moves import Move
from api.feedback.reports.records import SHOWN, ReportState

CLOSED = frozenset(
    {ReportState.FIXED, ReportState.CONFIRMED, ReportState.CLOSED, ReportState.REFUSED}
)
"""ANSWERED is not among them: words alone mend nothing, and the reporter may still say so."""

_AFTER: Mapping[ReportState, str] = {
    ReportState.RECEIVED: "open",
    ReportState.ACCEPTED: "investigating",
    ReportState.ASSIGNED: "action_scheduled",
    ReportState.IN_PROGRESS: "in_progress",
    ReportState.ANSWERED: "open",
    ReportState.FIXED: "fixed",
    ReportState.REOPENED: "reopen",
    ReportState.CONFIRMED: "closed",
    ReportState.CLOSED: "closed",
    ReportState.REFUSED: "closed",
}
MOVES: Mapping[str, Move] = {
    "investigating": Move.ACCEPT,
    "action_scheduled": Move.ASSIGN,
    "in_progress": Move.START,
    "open": Move.ANSWER,
    "not_councils_responsibility": Move.REFUSE,
}
"""What an agency's system may say. A repair is not among them: its proof is a photo."""

REPORTERS_MOVES: Mapping[str, Move] = {"closed": Move.CONFIRM, "reopen": Move.REOPEN}
"""What the app that reported may say for its people, once the agency has answered or mended."""


def status_of(state: ReportState) -> str:
    """Return open or closed."""
    return "closed" if state in CLOSED else "open"


def states_of(statuses: frozenset[str]) -> frozenset[ReportState]:
    """Return the states, shown to everybody, that are called so; all of them for no status."""
    wanted = statuses or {"open", "closed"}
    return frozenset(one for one in SHOWN if status_of(one) in wanted)


def update_status_of(move: Move, state: ReportState) -> str:
    """Return what a step is called in an update."""
    if move is Move.REROUTE:
        return "internal_referral"
    return "duplicate" if move is Move.MERGE else _AFTER[state]


def moment(at: datetime) -> str:
    """Return an aware moment as W3C's note has it, to the second."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
