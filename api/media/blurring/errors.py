"""Refusals of blurring."""

from api.kit.errors import N_
from api.media.errors import MediaErrorCode, MediaProblem


class InvalidBoxes(MediaProblem):
    code = MediaErrorCode.INVALID_BOXES
    message = N_(
        "Give at most {most} boxes that lie within the photo, and one or more of a photo as it came."
    )


class BlurChanged(MediaProblem):
    """Somebody else asked for something else since; it is not overwritten, or a face might show again."""

    code = MediaErrorCode.BLUR_CHANGED
    message = N_("Somebody else has just blurred this photo. Look at it again first.")
