"""Refusals of the tus door."""

from api.kit.errors import N_
from api.media.errors import MediaDoorErrorCode, MediaDoorProblem


class VersionNotSpoken(MediaDoorProblem):
    code = MediaDoorErrorCode.VERSION_NOT_SPOKEN
    message = N_("This door speaks tus 1.0.0 only. Please update the app.")


class NotAPiece(MediaDoorProblem):
    code = MediaDoorErrorCode.NOT_A_PIECE
    message = N_(
        "A piece of a file comes as application/offset+octet-stream, with its Upload-Offset."
    )


class OffsetDiffers(MediaDoorProblem):
    """`offset`: where to go on."""

    code = MediaDoorErrorCode.OFFSET_DIFFERS
    message = N_("This piece does not begin where the last one ended. Ask where to go on.")

    def __init__(self, offset: int) -> None:
        self.offset = offset
        super().__init__()


class ChecksumUnknown(MediaDoorProblem):
    code = MediaDoorErrorCode.CHECKSUM_UNKNOWN
    message = N_("The checksum of a piece must be {algorithms} in base64.")


class ChecksumDiffers(MediaDoorProblem):
    code = MediaDoorErrorCode.CHECKSUM_DIFFERS
    message = N_("This piece was damaged on its way and is not kept. Please send it again.")


class Overtaken(Exception):
    """Another connection sends the same upload now; nobody awaits an answer on this one."""
