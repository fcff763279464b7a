"""Which reasons are asked for of what, and the words for them; msgids, translated when shown."""

from collections.abc import Mapping, Sequence

from api.feedback.satisfaction.errors import InvalidReasons
from api.feedback.satisfaction.records import Grade, RatedKind, Reason
from api.kit.errors import N_

REASONS: Mapping[RatedKind, tuple[Reason, ...]] = {
    RatedKind.REPORT: (
        Reason.SPEED,
        Reason.RESULT,
        Reason.EXPLANATION,
        Reason.KEPT_INFORMED,
        Reason.ATTITUDE,
    ),
    RatedKind.VISIT: (
        Reason.WAITING,
        Reason.ATTITUDE,
        Reason.EXPLANATION,
        Reason.CLEANLINESS,
        Reason.COST,
    ),
    RatedKind.OFFICE: (
        Reason.WAITING,
        Reason.ATTITUDE,
        Reason.EXPLANATION,
        Reason.PAPERWORK,
        Reason.COST,
        Reason.CLEANLINESS,
    ),
}
GRADE_LABELS: Mapping[Grade, str] = {
    Grade.VERY_SATISFIED: N_("Very satisfied"),
    Grade.SATISFIED: N_("Satisfied"),
    Grade.NEUTRAL: N_("Neither satisfied nor dissatisfied"),
    Grade.DISSATISFIED: N_("Dissatisfied"),
}
REASON_LABELS: Mapping[Reason, str] = {
    Reason.SPEED: N_("How fast it went"),
    Reason.RESULT: N_("What was done about it"),
    Reason.EXPLANATION: N_("How well it was explained"),
    Reason.KEPT_INFORMED: N_("Being kept informed"),
    Reason.ATTITUDE: N_("How I was treated"),
    Reason.WAITING: N_("How long I waited"),
    Reason.CLEANLINESS: N_("Cleanliness and order"),
    Reason.COST: N_("What it cost"),
    Reason.PAPERWORK: N_("The papers asked for"),
}


def reasons_of(kind: RatedKind, given: Sequence[Reason]) -> tuple[Reason, ...]:
    """Return the reasons in the order in which they are asked for. Raises InvalidReasons."""
    asked = REASONS[kind]
    if len({*given}) < len(given) or not {*given} <= {*asked}:
        raise InvalidReasons
    return tuple(reason for reason in asked if reason in given)
