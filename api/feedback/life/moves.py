"""What may be done with a report in which state, and by whom: a table, so that it can be read and tried out whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto

from api.feedback.reports.records import ReportState

REPORTER_MAY_REOPEN_FOR = timedelta(days=14)
"""After an answer or a repair; then silence closes."""


class Move(StrEnum):
    """One step in the history of a report."""

    RECEIVE = auto()
    ACCEPT = auto()
    ASSIGN = auto()
    START = auto()
    ANSWER = auto()
    FIX = auto()
    REFUSE = auto()
    REROUTE = auto()
    CONFIRM = auto()
    REOPEN = auto()
    CLOSE = auto()
    ESCALATE = auto()
    MERGE = auto()
    UNMERGE = auto()


class Mover(StrEnum):
    """Who made a step, as everybody may know it."""

    REPORTER = auto()
    AGENCY = auto()
    CLOCK = auto()


@dataclass(frozen=True, slots=True)
class MoveRule:
    """`sources`: states in which it may be made; `target`: the state after it."""

    sources: frozenset[ReportState]
    target: ReportState
    mover: Mover
    needs_words: bool = False
    needs_proof: bool = False


_S = ReportState
_IN_HAND = (_S.ACCEPTED, _S.ASSIGNED, _S.IN_PROGRESS, _S.REOPENED)

RULES: Mapping[Move, MoveRule] = {
    Move.ACCEPT: MoveRule(frozenset({_S.RECEIVED}), _S.ACCEPTED, Mover.AGENCY),
    Move.ASSIGN: MoveRule(
        frozenset({_S.ACCEPTED, _S.ASSIGNED, _S.IN_PROGRESS, _S.REOPENED, _S.ANSWERED}),
        _S.ASSIGNED,
        Mover.AGENCY,
        needs_words=True,
    ),
    Move.START: MoveRule(
        frozenset({_S.ACCEPTED, _S.ASSIGNED, _S.REOPENED, _S.ANSWERED}),
        _S.IN_PROGRESS,
        Mover.AGENCY,
    ),
    Move.ANSWER: MoveRule(frozenset(_IN_HAND), _S.ANSWERED, Mover.AGENCY, needs_words=True),
    Move.FIX: MoveRule(
        frozenset({_S.ASSIGNED, _S.IN_PROGRESS, _S.ANSWERED}),
        _S.FIXED,
        Mover.AGENCY,
        needs_proof=True,
    ),
    Move.REFUSE: MoveRule(
        frozenset({_S.RECEIVED, _S.ACCEPTED}), _S.REFUSED, Mover.AGENCY, needs_words=True
    ),
    Move.REROUTE: MoveRule(
        frozenset({_S.RECEIVED, _S.ACCEPTED, _S.ASSIGNED, _S.REOPENED}),
        _S.RECEIVED,
        Mover.AGENCY,
        needs_words=True,
    ),
    Move.CONFIRM: MoveRule(frozenset({_S.FIXED}), _S.CONFIRMED, Mover.REPORTER),
    Move.REOPEN: MoveRule(
        frozenset({_S.ANSWERED, _S.FIXED}), _S.REOPENED, Mover.REPORTER, needs_words=True
    ),
    Move.CLOSE: MoveRule(frozenset({_S.ANSWERED, _S.FIXED}), _S.CLOSED, Mover.CLOCK),
}
"""All moves that change the state."""
