from enum import StrEnum, auto

from api.kit.errors import N_, DomainError


class AccountErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    DEVICE_NOT_FOUND = auto()
    INVALID_REGISTRATION = auto()
    REGISTRATION_IN_USE = auto()
    UNKNOWN_LANGUAGE = auto()
    UNKNOWN_COMMUNE = auto()
    TOO_MANY_COMMUNES = auto()
    INVALID_QUIET_HOURS = auto()
    UNKNOWN_TIME_ZONE = auto()
    CONSENT_MISSING = auto()
    POSITION_OUT_OF_RANGE = auto()
    INVALID_IDEMPOTENCY_KEY = auto()
    IDEMPOTENCY_KEY_REUSED = auto()
    NOT_SIGNED_IN = auto()
    NOT_ALLOWED = auto()
    INVALID_ADDRESS = auto()
    CODE_WRONG = auto()
    CODE_ENDED = auto()
    TOO_MANY_CODES = auto()
    TOO_MANY_REQUESTS = auto()
    SESSION_ENDED = auto()
    ADDRESS_IN_USE = auto()
    LAST_ADDRESS = auto()
    NOT_FOUND = auto()
    INVALID_PROFILE = auto()
    TOO_MANY_DEPENDANTS = auto()
    INVALID_IDENTITY_NUMBER = auto()
    IDENTITY_NUMBER_IN_USE = auto()
    CONSENT_OF_DEPENDANT_MISSING = auto()
    INVALID_CONSENT = auto()
    INVALID_GRANT = auto()
    LAST_ADMINISTRATOR = auto()
    PROVIDER_NOT_CONFIGURED = auto()
    PROVIDER_UNAVAILABLE = auto()
    PROVIDER_REFUSED = auto()
    REAUTHENTICATE = auto()
    UNKNOWN_REDIRECT = auto()
    ALREADY_SIGNED_IN = auto()
    MONEY_LEFT = auto()
    INVALID_RELAY = auto()
    INVALID_STAY = auto()
    TOO_MANY_STAYS = auto()


class AccountProblem(DomainError):
    """Any refusal of this slice. `retry_after_seconds`: when it is worth asking again."""

    retry_after_seconds: int | None = None


class NotSignedIn(AccountProblem):
    """Also for a token that is wrong, expired, or of a session that has ended."""

    code = AccountErrorCode.NOT_SIGNED_IN
    message = N_("Please sign in first.")


class NotAllowed(AccountProblem):
    code = AccountErrorCode.NOT_ALLOWED
    message = N_("Your account is not allowed to do this.")


class NotFound(AccountProblem):
    """Also the answer to another person's id, so that ids cannot be tried out."""

    code = AccountErrorCode.NOT_FOUND
    message = N_("There is nothing with this id in your account.")


class DeviceNotFound(AccountProblem):
    """Also the answer to a wrong secret, so that ids cannot be tried out."""

    code = AccountErrorCode.DEVICE_NOT_FOUND
    message = N_("No device has this id and secret. Register it again.")


class InvalidRegistration(AccountProblem):
    code = AccountErrorCode.INVALID_REGISTRATION
    message = N_("This is not a registration that Firebase Cloud Messaging gives.")


class RegistrationTaken(AccountProblem):
    code = AccountErrorCode.REGISTRATION_IN_USE
    message = N_("Another device has this registration. Register it again.")


class UnknownLanguage(AccountProblem):
    code = AccountErrorCode.UNKNOWN_LANGUAGE
    message = N_("We do not speak this language yet. Choose one of: {languages}.")


class UnknownCommune(AccountProblem):
    code = AccountErrorCode.UNKNOWN_COMMUNE
    message = N_("One of the home communes is not the code of a commune of {province}.")


class TooManyCommunes(AccountProblem):
    code = AccountErrorCode.TOO_MANY_COMMUNES
    message = N_("Choose at most {most} home communes.")


class QuietHoursNotUnderstood(AccountProblem):
    code = AccountErrorCode.INVALID_QUIET_HOURS
    message = N_("Quiet hours need a start and an end such as 22:00 and 06:00 that differ.")


class UnknownTimeZone(AccountProblem):
    code = AccountErrorCode.UNKNOWN_TIME_ZONE
    message = N_("This time zone is unknown. Give a name such as Asia/Ho_Chi_Minh.")


class ConsentMissing(AccountProblem):
    code = AccountErrorCode.CONSENT_MISSING
    message = N_("A position is kept only with the consent of the person who holds the device.")


class PositionOutOfRange(AccountProblem):
    code = AccountErrorCode.POSITION_OUT_OF_RANGE
    message = N_(
        "A latitude lies between -90 and 90 degrees and a longitude between -180 and 180 degrees."
    )
