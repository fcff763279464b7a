"""What can keep texts from being spoken."""

from enum import StrEnum, auto

from api.kit.errors import N_, DomainError


class SpeechErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    SPEAKER_NOT_INSTALLED = auto()
    SPEAKER_FAILED = auto()
    RECORDING_NOT_FOUND = auto()


class SpeechProblem(DomainError):
    """Any refusal of speech."""


class SpeakerNotInstalled(SpeechProblem):
    code = SpeechErrorCode.SPEAKER_NOT_INSTALLED
    message = N_("espeak-ng is not installed. Tours can be read, and not listened to.")


class SpeakerFailed(SpeechProblem):
    code = SpeechErrorCode.SPEAKER_FAILED
    message = N_("espeak-ng made no recording in the language {language}: {reason}")


class RecordingNotFound(SpeechProblem):
    code = SpeechErrorCode.RECORDING_NOT_FOUND
    message = N_("There is no such recording.")
