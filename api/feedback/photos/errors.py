from api.feedback.errors import FeedbackErrorCode, FeedbackProblem
from api.kit.errors import N_
from api.media.blurring.errors import BlurChanged, InvalidBoxes


class PhotoNotFound(FeedbackProblem):
    """Also an original that there is not, since the photo was never blurred."""

    code = FeedbackErrorCode.PHOTO_NOT_FOUND
    field = "mediaId"
    message = N_("This report has no such photo, or not any more.")


class BoxesRefused(FeedbackProblem):
    code = FeedbackErrorCode.INVALID_BOXES
    field = "boxes"
    message = InvalidBoxes.message


class BlurredSince(FeedbackProblem):
    code = FeedbackErrorCode.BLUR_CHANGED
    field = "seenVersion"
    message = BlurChanged.message
