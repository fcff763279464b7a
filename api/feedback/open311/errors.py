"""Refusals of the door. GeoReport has no codes of its own: it gives the HTTP status, and words."""

from enum import StrEnum, auto
from typing import ClassVar

from api.kit.errors import N_, DomainError


class Open311ErrorCode(StrEnum):
    """Stable across releases."""

    NOT_FOUND = auto()
    KEY_REFUSED = auto()
    INVALID_KEY = auto()
    METHOD_NOT_ALLOWED = auto()
    INVALID_PARAMETER = auto()
    MISSING_PARAMETER = auto()
    UNSUPPORTED_MEDIA_TYPE = auto()
    NOT_TAKEN = auto()


class Open311Problem(DomainError):
    """Any refusal of the door. `status`: HTTP's, and the `code` of the answer."""

    status: ClassVar[int] = 400


class NothingHere(Open311Problem):
    code = Open311ErrorCode.NOT_FOUND
    message = N_("There is nothing at this address. Formats are xml and json.")
    status = 404


class WrongMethodHere(Open311Problem):
    code = Open311ErrorCode.METHOD_NOT_ALLOWED
    message = N_("This address does not answer requests of this method.")
    status = 405

    def __init__(self, allowed: str) -> None:
        super().__init__()
        self.allowed = allowed


class UnknownJurisdiction(Open311Problem):
    code = Open311ErrorCode.NOT_FOUND
    message = N_("There is no jurisdiction of this jurisdiction_id here: it is {known}.")
    status = 404


class UnknownServiceCode(Open311Problem):
    code = Open311ErrorCode.NOT_FOUND
    message = N_("There is no service with this service_code. Ask for the list of services.")
    status = 404


class UnknownServiceRequest(Open311Problem):
    """Also the answer for what is shown to nobody."""

    code = Open311ErrorCode.NOT_FOUND
    message = N_("There is no service request with this service_request_id that you may see.")
    status = 404


class UnknownToken(Open311Problem):
    code = Open311ErrorCode.NOT_FOUND
    message = N_("There is no service request with this token.")
    status = 404


class KeyRefused(Open311Problem):
    """None, a wrong one, one that was ended, or one that is not for this."""

    code = Open311ErrorCode.KEY_REFUSED
    message = N_("This needs an api_key of the province that is valid for it.")
    status = 403


class InvalidKeyName(Open311Problem):
    code = Open311ErrorCode.INVALID_KEY
    message = N_("A key needs a name of 1 to {most} characters, and if at all an agency there is.")


class KeyNotFound(Open311Problem):
    code = Open311ErrorCode.NOT_FOUND
    message = N_("There is no key with this id.")
    status = 404


class MissingParameter(Open311Problem):
    code = Open311ErrorCode.MISSING_PARAMETER
    message = N_("The parameter {name} is missing.")


class InvalidParameter(Open311Problem):
    """Not of its kind, out of its bounds, or there twice."""

    code = Open311ErrorCode.INVALID_PARAMETER
    message = N_("The parameter {name} is not understood.")


class QueryNotUnderstood(Open311Problem):
    """Too many parameters, or not in UTF-8."""

    code = Open311ErrorCode.INVALID_PARAMETER
    message = N_("A parameter of the address is not understood.")


class TimesTooFarApart(Open311Problem):
    code = Open311ErrorCode.INVALID_PARAMETER
    message = N_("From start_date to end_date there are at most {days} days, and not fewer than 0.")


class PageTooFar(Open311Problem):
    code = Open311ErrorCode.INVALID_PARAMETER
    message = N_("Pages end after {most} rows. Ask for a shorter time.")


class CircleTooFull(Open311Problem):
    """So much lies just outside of it that the page was not found by looking at what is near."""

    code = Open311ErrorCode.INVALID_PARAMETER
    message = N_("Too much lies around this circle. Ask for another radius, or a shorter time.")


class NotAForm(Open311Problem):
    code = Open311ErrorCode.UNSUPPORTED_MEDIA_TYPE
    message = N_("Send application/x-www-form-urlencoded in UTF-8, not compressed.")
    status = 415


class PositionMissing(Open311Problem):
    code = Open311ErrorCode.MISSING_PARAMETER
    message = N_("Give lat and long: we do not guess a place from an address.")


class MediaUrlNotTaken(Open311Problem):
    code = Open311ErrorCode.NOT_TAKEN
    message = N_(
        "Photos behind a link are not taken. Send the request without media_url, or report with photos in the app of the province."
    )


class UpdateIdReused(Open311Problem):
    code = Open311ErrorCode.INVALID_PARAMETER
    message = N_("This update_id was already used for another update.")


class StatusNotTaken(Open311Problem):
    code = Open311ErrorCode.NOT_TAKEN
    message = N_(
        "With this key an update has one of these statuses: {taken}. A repair needs a photo that proves it, and is said at the desk."
    )
