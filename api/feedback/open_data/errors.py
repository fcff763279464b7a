from api.feedback.errors import FeedbackErrorCode, FeedbackProblem
from api.kit.errors import N_


class InvalidMonth(FeedbackProblem):
    """Also one that has not begun."""

    code = FeedbackErrorCode.INVALID_MOMENT
    field = "month"
    message = N_("Name a month that has begun, such as 2026-11.")


class InvalidFilter(FeedbackProblem):
    """`field`: which parameter of the map."""

    code = FeedbackErrorCode.INVALID_FIELD
    message = N_("The parameter {name} of the map is not understood.")

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.field = name
