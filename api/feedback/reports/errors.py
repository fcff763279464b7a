from api.feedback.errors import FeedbackErrorCode, FeedbackProblem
from api.kit.errors import N_


class OutsideProvince(FeedbackProblem):
    code = FeedbackErrorCode.OUTSIDE_PROVINCE
    field = "position"
    message = N_("This place lies outside the province of {province}. Report it where it lies.")


class InvalidAccuracy(FeedbackProblem):
    code = FeedbackErrorCode.INVALID_POSITION
    field = "accuracy"
    message = N_("The accuracy of a position is 0 to {most} metres.")


class InvalidCaptureTime(FeedbackProblem):
    code = FeedbackErrorCode.INVALID_MOMENT
    field = "capturedAt"
    message = N_("A report tells of something seen within the last {days} days, not in the future.")


class InvalidText(FeedbackProblem):
    """`field`: which text."""

    code = FeedbackErrorCode.INVALID_TEXT
    message = N_("Write 1 to {most} characters of plain text, without markup.")

    def __init__(self, field: str, most: int) -> None:
        super().__init__(most=most)
        self.field = field


class InvalidLanguage(FeedbackProblem):
    code = FeedbackErrorCode.INVALID_LANGUAGE
    field = "language"
    message = N_("Name the language with a tag such as vi, en or zh-Hans.")


class InvalidField(FeedbackProblem):
    """A field of the form that is missing, unknown, there twice, or not of its kind."""

    code = FeedbackErrorCode.INVALID_FIELD
    field = "fields"
    message = N_("The field {name} of the form is missing or not answered as it asks.")


class InvalidPhotos(FeedbackProblem):
    """Too many, another person's, or not ready; of devices without an account all are refused."""

    code = FeedbackErrorCode.INVALID_PHOTOS
    field = "photoIds"
    message = N_("Give at most {most} photos that you uploaded and that are ready.")


class PhotosConsentMissing(FeedbackProblem):
    code = FeedbackErrorCode.CONSENT_MISSING
    field = "photoIds"
    message = N_("Photos are kept only with your consent. Give it in the app first.")


class TooManyReports(FeedbackProblem):
    """`retry_after_seconds`: when the next one is taken."""

    code = FeedbackErrorCode.TOO_MANY_REPORTS
    message = N_("Many reports came from you today. Please go on later.")

    def __init__(self, retry_after_seconds: int) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__()


class InvalidBounds(FeedbackProblem):
    code = FeedbackErrorCode.INVALID_POSITION
    field = "bounds"
    message = N_(
        "Ask for what is near a point, or inside bounds whose south lies below their north."
    )
