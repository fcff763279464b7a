from api.health.errors import HealthErrorCode, HealthProblem
from api.kit.errors import N_


class SessionOver(HealthProblem):
    code = HealthErrorCode.SESSION_CLOSED
    field = "sessionId"
    message = N_("This session is over.")


class InvalidAbsence(HealthProblem):
    code = HealthErrorCode.INVALID_SCHEDULE
    field = "last"
    message = N_("Name days from today on, {days} at most, the first one first.")


class NotCancelledByFacility(HealthProblem):
    code = HealthErrorCode.NOTHING_TO_REPLACE
    field = "appointmentId"
    message = N_("The facility did not cancel this appointment, or you have another place instead.")


class NotAnEqualPlace(HealthProblem):
    code = HealthErrorCode.OTHER_SPECIALTY
    field = "slotId"
    message = N_("This place is not of the same kind as the one that was cancelled.")


class ReplacementGone(HealthProblem):
    """Whoever is answered so is shown the next nearest places."""

    code = HealthErrorCode.SLOT_TAKEN
    field = "slotId"
    message = N_("Somebody else has just taken this place. Here are the next nearest.")
