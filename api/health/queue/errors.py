from api.health.errors import HealthErrorCode, HealthProblem
from api.kit.errors import N_


class CheckInCodeWrong(HealthProblem):
    """Another facility's, another day's, or no code at all."""

    code = HealthErrorCode.CHECK_IN_CODE_WRONG
    field = "code"
    message = N_("This is not today's code of the facility. Scan the one at its entrance.")


class CheckInTooEarly(HealthProblem):
    code = HealthErrorCode.CHECK_IN_TOO_EARLY
    message = N_("You can check in from {minutes} minutes before your time.")


class CheckInTooLate(HealthProblem):
    code = HealthErrorCode.CHECK_IN_TOO_LATE
    message = N_("The session is over. Please ask at the desk.")


class NotBooked(HealthProblem):
    """Cancelled, missed or over: nobody can be checked in with it."""

    code = HealthErrorCode.APPOINTMENT_OVER
    field = "appointmentId"
    message = N_("This appointment was cancelled, or is over.")


class NotCalled(HealthProblem):
    code = HealthErrorCode.NOT_CALLED
    field = "appointmentId"
    message = N_("This patient has not been called.")


class NotInQueue(HealthProblem):
    code = HealthErrorCode.NOT_IN_QUEUE
    field = "appointmentId"
    message = N_("This patient is not in the queue.")


class NotMissedYet(HealthProblem):
    code = HealthErrorCode.NOT_MISSED_YET
    field = "appointmentId"
    message = N_(
        "This patient may still come. Wait until {minutes} minutes after the time of the place."
    )


class QueueEmpty(HealthProblem):
    code = HealthErrorCode.QUEUE_EMPTY
    field = "sessionId"
    message = N_("Nobody is waiting.")
