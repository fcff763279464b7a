"""Why a delivery, or one item of it, is refused. Of an item the code is answered, no sentence."""

from api.conditions.errors import ConditionErrorCode, ConditionProblem
from api.kit.errors import N_


class InvalidAgencyKey(ConditionProblem):
    code = ConditionErrorCode.INVALID_AGENCY_KEY
    message = N_(
        "A key needs the agency's name, and one to 50 beginnings of station ids or the agency of its road"
        " events."
    )


class AgencyKeyNotFound(ConditionProblem):
    code = ConditionErrorCode.NOT_FOUND
    message = N_("There is no key with this id.")


class KeyMissing(ConditionProblem):
    code = ConditionErrorCode.KEY_MISSING
    message = N_("Send the agency's key as a bearer token.")


class KeyRefused(ConditionProblem):
    code = ConditionErrorCode.KEY_REFUSED
    message = N_("This key is not valid here.")


class RoadsNotAllowed(ConditionProblem):
    code = ConditionErrorCode.KEY_REFUSED
    message = N_("This key sends no events on the road.")


class MediaTypeNotSupported(ConditionProblem):
    code = ConditionErrorCode.MEDIA_TYPE_NOT_SUPPORTED
    message = N_("Send observations as JSON or CSV in UTF-8, not compressed.")


class NotReadable(ConditionProblem):
    code = ConditionErrorCode.NOT_READABLE
    message = N_("The delivery is not JSON or CSV of the documented shape.")


class TooManyItems(ConditionProblem):
    code = ConditionErrorCode.TOO_MANY_ITEMS
    message = N_("A delivery holds at most {most} observations.")


class UnknownStation(ConditionProblem):
    """Also for a station that the key may not speak for."""

    code = ConditionErrorCode.UNKNOWN_STATION
    message = N_("The key speaks for no station of this id.")


class UnknownMeasure(ConditionProblem):
    code = ConditionErrorCode.UNKNOWN_MEASURE
    message = N_("This property is not one that is kept.")


class InvalidValue(ConditionProblem):
    code = ConditionErrorCode.INVALID_VALUE
    message = N_("The value is not a number that this property can have.")


class InvalidUnit(ConditionProblem):
    code = ConditionErrorCode.INVALID_UNIT
    message = N_("The unit is not one of this property.")


class InvalidTime(ConditionProblem):
    code = ConditionErrorCode.INVALID_TIME
    message = N_("The time of the observation is missing, or without its offset from UTC.")


class InTheFuture(ConditionProblem):
    code = ConditionErrorCode.IN_THE_FUTURE
    message = N_("The observation is of a time that has not come yet.")


class TooOld(ConditionProblem):
    code = ConditionErrorCode.TOO_OLD
    message = N_("The observation is older than is kept.")


class ConflictingValue(ConditionProblem):
    code = ConditionErrorCode.CONFLICTING_VALUE
    message = N_("Another value of this moment was accepted before.")
