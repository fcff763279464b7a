from enum import StrEnum, auto

from api.kit.errors import N_, DomainError
from api.media.refusals import MESSAGES, Refusal


class MediaErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    NOT_SIGNED_IN = auto()
    NOT_FOUND = auto()
    INVALID_IDEMPOTENCY_KEY = auto()
    IDEMPOTENCY_KEY_REUSED = auto()
    TYPE_NOT_SUPPORTED = auto()
    INVALID_SIZE = auto()
    TOO_LARGE = auto()
    TOO_MANY_OPEN_UPLOADS = auto()
    TOO_MANY_UPLOADS = auto()
    TOO_MUCH_MEDIA = auto()
    NOT_UPLOADED = auto()
    SIZE_DIFFERS = auto()
    NOT_READY = auto()
    MEDIA_UNAVAILABLE = auto()
    INVALID_BOXES = auto()
    BLUR_CHANGED = auto()


class MediaProblem(DomainError):
    """Any refusal of this slice; `code` is a MediaErrorCode."""


class NotSignedIn(MediaProblem):
    code = MediaErrorCode.NOT_SIGNED_IN
    message = N_("Please sign in first.")


class MediaNotFound(MediaProblem):
    """Also for what is another person's, so that ids cannot be tried out."""

    code = MediaErrorCode.NOT_FOUND
    message = N_("This photo, recording or video does not exist, or not any more.")


class MediaNotReady(MediaProblem):
    """It is awaited, being worked on, or was refused."""

    code = MediaErrorCode.NOT_READY
    message = N_("This photo, recording or video cannot be used yet. Look at its state first.")


class OtherKind(MediaProblem):
    code = MediaErrorCode.TYPE_NOT_SUPPORTED
    message = N_("Something else is needed here: a photo, a recording or a video.")


class TypeNotSupported(MediaProblem):
    code = MediaErrorCode.TYPE_NOT_SUPPORTED
    message = N_("Files of this type cannot be used here. Choose one of: {types}.")


class HeicAnnounced(TypeNotSupported):
    """What iPhones make: told what to do before the bytes are sent."""

    message = MESSAGES[Refusal.HEIC]


class InvalidSize(MediaProblem):
    code = MediaErrorCode.INVALID_SIZE
    message = N_("The number of bytes must be 1 or more.")


class TooLarge(MediaProblem):
    code = MediaErrorCode.TOO_LARGE
    message = N_("The file is too large: at most {most} MB.")


class TooManyOpenUploads(MediaProblem):
    code = MediaErrorCode.TOO_MANY_OPEN_UPLOADS
    message = N_("At most {most} uploads can be open at a time. Finish or remove one first.")


class TooManyUploads(MediaProblem):
    code = MediaErrorCode.TOO_MANY_UPLOADS
    message = N_("You have sent as much as you can today: {most} files. Go on tomorrow.")


class TooMuchMedia(MediaProblem):
    code = MediaErrorCode.TOO_MUCH_MEDIA
    message = N_("You can keep {most} MB here, and this would be more. Remove something first.")


class NotUploaded(MediaProblem):
    code = MediaErrorCode.NOT_UPLOADED
    message = N_("The file has not arrived yet. Send it, then say that it is complete.")


class SizeDiffers(MediaProblem):
    """What arrived is not as long as announced; it was thrown away, the upload stays open."""

    code = MediaErrorCode.SIZE_DIFFERS
    message = N_("What arrived has {got} bytes, announced were {announced}. Please send it again.")


class MediaUnavailable(MediaProblem):
    """Where files are kept is away or too slow; the same may be asked again."""

    code = MediaErrorCode.MEDIA_UNAVAILABLE
    message = N_(
        "Photos, recordings and videos cannot be reached right now. Please try again in a moment."
    )


class MediaDoorErrorCode(StrEnum):
    """Codes of the REST doors. Stable across releases: clients switch on it."""

    LINK_REFUSED = auto()
    UPLOAD_CLOSED = auto()
    SIZE_DIFFERS = auto()
    LENGTH_REQUIRED = auto()
    MEDIA_UNAVAILABLE = auto()
    VERSION_NOT_SPOKEN = auto()
    NOT_A_PIECE = auto()
    OFFSET_DIFFERS = auto()
    CHECKSUM_UNKNOWN = auto()
    CHECKSUM_DIFFERS = auto()


class MediaDoorProblem(DomainError):
    """Any refusal of an upload or a download; `code` is a MediaDoorErrorCode."""


class LinkRefused(MediaDoorProblem):
    """Expired, changed, of something else, or of what is gone: all alike, so that ids cannot be tried out."""

    code = MediaDoorErrorCode.LINK_REFUSED
    message = N_("This link does not hold any more. Open it again in the app.")


class UploadClosed(MediaDoorProblem):
    code = MediaDoorErrorCode.UPLOAD_CLOSED
    message = N_("This upload is complete already; its file cannot be changed any more.")


class BodyDiffers(MediaDoorProblem):
    code = MediaDoorErrorCode.SIZE_DIFFERS
    message = N_("The file must have exactly the {announced} bytes that were announced.")


class DoorUnavailable(MediaDoorProblem):
    code = MediaDoorErrorCode.MEDIA_UNAVAILABLE
    message = MediaUnavailable.message


class FilesUnavailable(Exception):
    """Where files are kept did not answer in time, or cannot be written; worth another try."""
