from enum import StrEnum, auto

from api.feedback.errors import FeedbackErrorCode, FeedbackProblem
from api.kit.errors import N_, DomainError


class SourceNotFound(FeedbackProblem):
    code = FeedbackErrorCode.NOT_FOUND
    field = "sourceId"
    message = N_("There is no source with this id.")


class IssueNotFound(FeedbackProblem):
    code = FeedbackErrorCode.NOT_FOUND
    field = "issueId"
    message = N_("There is no issue with this id.")


class InvalidSource(FeedbackProblem):
    code = FeedbackErrorCode.INVALID_SOURCE
    field = "url"
    message = N_(
        "A source needs a name of 1 to {most} characters, and a feed an https address on the internet."
    )


class TooManySources(FeedbackProblem):
    code = FeedbackErrorCode.TOO_MANY_SOURCES
    message = N_("There are {most} sources already, as many as can be.")


class NotAWebhook(FeedbackProblem):
    code = FeedbackErrorCode.INVALID_SOURCE
    field = "sourceId"
    message = N_("Only a source that sends has a secret.")


class IssueClosed(FeedbackProblem):
    code = FeedbackErrorCode.ISSUE_CLOSED
    field = "issueId"
    message = N_("The issue was dismissed.")


class DoorErrorCode(StrEnum):
    """Of the door for systems; stable across releases."""

    SIGNATURE_WRONG = auto()
    SIGNATURE_OUT_OF_TIME = auto()
    SOURCE_PAUSED = auto()
    NOT_UNDERSTOOD = auto()


class DoorProblem(DomainError):
    """Why a batch of items is not taken. `item`: which one of the batch, from 0, if one is to blame."""

    item: int | None = None


class SignatureWrong(DoorProblem):
    """Also the answer to a source that is not there, or is a feed."""

    code = DoorErrorCode.SIGNATURE_WRONG
    message = N_("The signature is not one of this source.")


class SignatureOutOfTime(DoorProblem):
    code = DoorErrorCode.SIGNATURE_OUT_OF_TIME
    message = N_("The signature is more than {seconds} seconds old, or ahead. Sign anew.")


class SourcePaused(DoorProblem):
    code = DoorErrorCode.SOURCE_PAUSED
    message = N_("This source is paused. Send again later.")


class ItemsNotUnderstood(DoorProblem):
    code = DoorErrorCode.NOT_UNDERSTOOD
    message = N_("The items could not be read: {element}.")

    def __init__(self, element: str, item: int | None = None) -> None:
        super().__init__(element=element)
        self.item = item
