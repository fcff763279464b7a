from api.kit.errors import N_
from api.tourism.errors import TourismErrorCode, TourismProblem
from api.tourism.reviews.records import Review


class SubjectNotFound(TourismProblem):
    code = TourismErrorCode.NOT_FOUND
    message = N_("There is nothing with this id that could be reviewed.")


class ReviewNotFound(TourismProblem):
    """Also the answer to another person's review, and to one that is not shown."""

    code = TourismErrorCode.NOT_FOUND
    message = N_("There is no review with this id.")


class OwnReview(TourismProblem):
    code = TourismErrorCode.NOT_ALLOWED
    message = N_("This is your own review. Somebody else has to look at it.")


class OwnRefusal(TourismProblem):
    code = TourismErrorCode.NOT_ALLOWED
    message = N_("You refused this review. Another moderator has to decide on the appeal.")


class NothingToAppeal(TourismProblem):
    code = TourismErrorCode.NOTHING_TO_APPEAL
    message = N_("Only a refused review can be appealed against, and only once.")


class TooManyReviews(TourismProblem):
    """Of one person in a day. `retry_after_seconds`: when the next one is taken."""

    code = TourismErrorCode.TOO_MANY_REQUESTS
    message = N_("You have done this very often today. Please go on tomorrow.")

    def __init__(self, retry_after_seconds: int) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__()


class PhotosConsentMissing(TourismProblem):
    code = TourismErrorCode.CONSENT_MISSING
    message = N_("Photos are published only with your consent. Give it in the app first.")


class ModerationConflict(TourismProblem):
    """What a moderator saw is not what holds now: `review`."""

    code = TourismErrorCode.EDIT_CONFLICT
    message = N_("Somebody else was faster: this review is not as you saw it. Look at it again.")

    def __init__(self, review: Review) -> None:
        self.review = review
        super().__init__()


class InvalidReview(TourismProblem):
    """A value that a review cannot have; `field` names it as the contract does."""

    code = TourismErrorCode.INVALID_REVIEW
    message = N_("This value is not possible.")

    def __init__(self, field: str, **params: object) -> None:
        self.field = field
        super().__init__(**params)


class WrongStars(InvalidReview):
    message = N_("Give 1 to {most} stars.")


class WordsTooLong(InvalidReview):
    message = N_("Write at most {most} characters.")


class WordsNotPlain(InvalidReview):
    message = N_("Write plain text, without control characters and without hidden directions.")


class WrongMonth(InvalidReview):
    message = N_(
        "Say in which month you were there, such as 2026-05: not in the future, and at most {years} years ago."
    )


class WrongLanguage(InvalidReview):
    message = N_("Name the language by its tag, such as vi, en or de.")


class TooManyLanguages(InvalidReview):
    message = N_("Choose at most {most} languages.")


class TooManyPhotos(InvalidReview):
    message = N_("Choose at most {most} photos, each of them once.")


class PhotoNotUsable(InvalidReview):
    message = N_("One of the photos is not yours, is not ready yet, or is no photo.")


class NoteMissing(InvalidReview):
    message = N_("Tell the author in a few words why.")
