"""Why a file that arrived is not taken: a stable code, and words for the person who sent it."""

from enum import StrEnum, auto

from api.kit.errors import N_


class Refusal(StrEnum):
    """Stable across releases: clients switch on it."""

    UNKNOWN_TYPE = auto()
    OTHER_KIND = auto()
    HEIC = auto()
    ANIMATED = auto()
    TOO_MANY_PIXELS = auto()
    TOO_LONG = auto()
    SIZE_DIFFERS = auto()
    DAMAGED = auto()
    TOO_COSTLY = auto()
    VIDEO_FORM = auto()


MESSAGES = {
    Refusal.UNKNOWN_TYPE: N_(
        "This is no photo, recording or video that we can read. Photos: JPEG, PNG, WebP or AVIF."
        " Recordings: M4A, MP3, Ogg or WAV. Videos: MP4 or MOV."
    ),
    Refusal.OTHER_KIND: N_("The file is not what it was sent as: a photo, a recording or a video."),
    Refusal.HEIC: N_(
        "Photos in HEIC cannot be read here. Set your camera to JPEG (most compatible), or send a"
        " screenshot of the photo."
    ),
    Refusal.ANIMATED: N_("Moving pictures cannot be used here. Send one that stands still."),
    Refusal.TOO_MANY_PIXELS: N_(
        "The picture has too many pixels to be opened. Make it smaller and send it again."
    ),
    Refusal.TOO_LONG: N_("The recording or video is too long. Cut it and send it again."),
    Refusal.SIZE_DIFFERS: N_("The file did not arrive as it was announced. Please send it again."),
    Refusal.DAMAGED: N_("The file is damaged or incomplete. Please send it again."),
    Refusal.TOO_COSTLY: N_(
        "The file takes too much to open. Save it anew with another app and send that."
    ),
    Refusal.VIDEO_FORM: N_(
        "Videos of this form cannot be shown everywhere. Record it with your phone's camera (MP4 or"
        " MOV, in H.264 or H.265), or export it anew."
    ),
}
