from enum import StrEnum, auto

from api.kit.errors import N_, DomainError


class SafetyErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    NOT_FOUND = auto()
    NOT_SIGNED_IN = auto()
    NOT_ALLOWED = auto()
    DEVICE_NOT_FOUND = auto()
    INVALID_IDEMPOTENCY_KEY = auto()
    IDEMPOTENCY_KEY_REUSED = auto()
    INVALID_POSITION = auto()
    INVALID_CODE = auto()
    INVALID_TEXT = auto()
    INVALID_MOMENT = auto()
    INVALID_ROUTE = auto()
    INVALID_CONTACTS = auto()
    CONTACTS_NOT_ASKED = auto()
    INVALID_PEOPLE = auto()
    TOO_MANY_TRIPS = auto()
    ALREADY_ENDED = auto()
    STATE_CHANGED = auto()


class SafetyProblem(DomainError):
    """Any refusal of this slice. `field`: the part of the input that is refused."""

    field: str | None = None


class SosNotFound(SafetyProblem):
    """Also the answer to whoever may not see it."""

    code = SafetyErrorCode.NOT_FOUND
    field = "id"
    message = N_("There is no call for help with this id that you may see.")


class InvalidSosCode(SafetyProblem):
    code = SafetyErrorCode.INVALID_CODE
    field = "code"
    message = N_("The code of a call for help has 10 letters and digits, made anew by the app.")


class SosEnded(SafetyProblem):
    code = SafetyErrorCode.ALREADY_ENDED
    message = N_("This call for help has ended. If you need help, call for it again.")


class SosChanged(SafetyProblem):
    """Somebody else at the desk was faster."""

    code = SafetyErrorCode.STATE_CHANGED
    field = "seenState"
    message = N_("Somebody has changed this call for help meanwhile. Look at it again.")


class TripNotFound(SafetyProblem):
    """Also the answer to whoever may not see it."""

    code = SafetyErrorCode.NOT_FOUND
    field = "id"
    message = N_("There is no trip with this id that you may see.")


class TripEnded(SafetyProblem):
    code = SafetyErrorCode.ALREADY_ENDED
    message = N_("This trip has ended. Plan a new one.")


class InvalidText(SafetyProblem):
    """`field`: which text."""

    code = SafetyErrorCode.INVALID_TEXT
    message = N_("Write 1 to {most} characters of plain text, without links.")

    def __init__(self, field: str, most: int) -> None:
        super().__init__(most=most)
        self.field = field


class InvalidDueTime(SafetyProblem):
    code = SafetyErrorCode.INVALID_MOMENT
    field = "dueAt"
    message = N_("A trip is due back in {least} minutes to {most} days from now.")


class InvalidGrace(SafetyProblem):
    code = SafetyErrorCode.INVALID_MOMENT
    field = "graceMinutes"
    message = N_("Contacts are told {least} to {most} minutes after a trip was due back.")


class InvalidRoute(SafetyProblem):
    code = SafetyErrorCode.INVALID_ROUTE
    field = "route"
    message = N_("Give a trail that we have, or 1 to {most} points of your way.")


class InvalidContacts(SafetyProblem):
    code = SafetyErrorCode.INVALID_CONTACTS
    field = "contacts"
    message = N_("Name 1 to {most} people with mobile numbers, each number once.")


class ContactsNotAsked(SafetyProblem):
    code = SafetyErrorCode.CONTACTS_NOT_ASKED
    field = "contactsAgreed"
    message = N_("Ask the people you name first: they must agree to be told by SMS.")


class InvalidPeople(SafetyProblem):
    code = SafetyErrorCode.INVALID_PEOPLE
    field = "people"
    message = N_("A trip has 1 to {most} people.")


class TooManyTrips(SafetyProblem):
    code = SafetyErrorCode.TOO_MANY_TRIPS
    message = N_("You have {most} trips under way already. End one first.")


class AlertNotFound(SafetyProblem):
    code = SafetyErrorCode.NOT_FOUND
    field = "alertId"
    message = N_("There is no warning with this id.")


class NotInProvince(SafetyProblem):
    code = SafetyErrorCode.INVALID_POSITION
    field = "position"
    message = N_("This place lies in no commune of the province.")


class SafetyWordNotFound(SafetyProblem):
    """Also the answer for one that has ended or was taken back."""

    code = SafetyErrorCode.NOT_FOUND
    message = N_("This link does not hold any more.")
