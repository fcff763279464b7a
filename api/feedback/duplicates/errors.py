from api.feedback.errors import FeedbackErrorCode, FeedbackProblem
from api.kit.errors import N_


class InvalidMerge(FeedbackProblem):
    """One of them has ended, is another agency's, is merged already, or leads others."""

    code = FeedbackErrorCode.INVALID_MERGE
    field = "codes"
    message = N_(
        "Reports can be merged that are with this agency, have not ended and are each by themselves."
    )


class NotMerged(FeedbackProblem):
    code = FeedbackErrorCode.INVALID_MERGE
    field = "code"
    message = N_("This report is not part of another one that can still be parted.")
