from enum import StrEnum, auto

from api.kit.errors import N_, DomainError
from api.tourism.errors import TourismErrorCode, TourismProblem


class StopNotFound(TourismProblem):
    code = TourismErrorCode.NOT_FOUND
    message = N_("There is no such tour or stop.")


class NothingWritten(TourismProblem):
    """A recording says what is written, so that who cannot hear it reads the same."""

    code = TourismErrorCode.UNKNOWN_LANGUAGE
    field = "language"
    message = N_("This text of the stop is not written in this language: write it first.")


class RecordingNotUsable(TourismProblem):
    code = TourismErrorCode.INVALID_NARRATION
    field = "mediaId"
    message = N_("This recording is not yours, is not ready yet, or is no recording.")


class NarrationMissing(TourismProblem):
    code = TourismErrorCode.NOT_FOUND
    message = N_("Nobody's recording is attached to this text.")


class NarrationErrorCode(StrEnum):
    """Code of the REST door. Stable across releases: clients switch on it."""

    RECORDING_NOT_FOUND = auto()


class NarrationGone(DomainError):
    code = NarrationErrorCode.RECORDING_NOT_FOUND
    message = N_("There is no such recording.")
