from api.feedback.errors import FeedbackErrorCode, FeedbackProblem
from api.kit.errors import N_


class RatingNotFound(FeedbackProblem):
    """Also for another person's, and for a ticket that is none."""

    code = FeedbackErrorCode.NOT_FOUND
    field = "ratingId"
    message = N_("There is nothing to rate under this id or link that is yours.")


class RatingIsFinal(FeedbackProblem):
    """It was not given within 30 days, or is not changed within 7."""

    code = FeedbackErrorCode.TOO_LATE
    message = N_("It is too late to give or change this rating.")


class AlreadyRated(FeedbackProblem):
    """Of a link, which counts once."""

    code = FeedbackErrorCode.ALREADY_RATED
    message = N_("Your rating is counted already. You can change it in the app for {days} days.")


class RatedToday(FeedbackProblem):
    code = FeedbackErrorCode.ALREADY_RATED
    field = "code"
    message = N_("You have rated this office today. You can change it in the app for {days} days.")


class InvalidReasons(FeedbackProblem):
    """One that is not asked for here, or is there twice."""

    code = FeedbackErrorCode.INVALID_REASONS
    field = "reasons"
    message = N_("Give each reason once, and only those that are offered here.")


class OwnOffice(FeedbackProblem):
    """Whoever has a role at an office does not rate it."""

    code = FeedbackErrorCode.OWN_OFFICE
    message = N_("You work for this office, so you cannot rate it.")


class OfficeCodeNotFound(FeedbackProblem):
    """Forged, replaced or taken back: nobody is told which."""

    code = FeedbackErrorCode.INVALID_OFFICE_CODE
    field = "code"
    message = N_("This code does not hold any more. Please scan the one that hangs there now.")


class OfficeCodeChanged(FeedbackProblem):
    code = FeedbackErrorCode.OFFICE_CODE_CHANGED
    field = "version"
    message = N_("Somebody replaced this code or took it back meanwhile. Please look again.")


class TooManyOfficeCodes(FeedbackProblem):
    code = FeedbackErrorCode.TOO_MANY_OFFICE_CODES
    message = N_("An office has at most {most} codes. Take one back first.")


class TooManyRatings(FeedbackProblem):
    """`retry_after_seconds`: when the next one is taken."""

    code = FeedbackErrorCode.TOO_MANY_RATINGS
    message = N_("Many ratings came from you or your network today. Please try again later.")

    def __init__(self, retry_after_seconds: int) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__()


class InvalidMonth(FeedbackProblem):
    code = FeedbackErrorCode.INVALID_MONTH
    field = "month"
    message = N_("Write the month as in 2026-11.")


class NotPublishedYet(FeedbackProblem):
    code = FeedbackErrorCode.NOT_PUBLISHED_YET
    field = "month"
    message = N_("The results of this month are published from {day} on.")
