from api.health.errors import HealthErrorCode, HealthProblem
from api.kit.errors import N_


class SessionFull(HealthProblem):
    code = HealthErrorCode.SESSION_FULL
    field = "sessionId"
    message = N_("This session has as many patients as it can take.")


class SessionNotBegun(HealthProblem):
    code = HealthErrorCode.SESSION_NOT_BEGUN
    field = "sessionId"
    message = N_(
        "Patients without an appointment are taken from {minutes} minutes before the session."
    )


class SessionOver(HealthProblem):
    code = HealthErrorCode.SESSION_CLOSED
    field = "sessionId"
    message = N_("The session is over.")


class DelayNotUnderstood(HealthProblem):
    code = HealthErrorCode.INVALID_DELAY
    field = "minutes"
    message = N_("A delay has 0 to {most} minutes.")


class ReasonNotUnderstood(HealthProblem):
    code = HealthErrorCode.INVALID_TEXT
    field = "reason"
    message = N_("Write the reason in 1 to {most} characters of plain text.")


class PatientNotUnderstood(HealthProblem):
    code = HealthErrorCode.INVALID_PATIENT
    field = "name"
    message = N_("Write the patient's name in 1 to {most} characters of plain text.")


class BirthYearNotUnderstood(HealthProblem):
    code = HealthErrorCode.INVALID_PATIENT
    field = "birthYear"
    message = N_("Write the year of birth, {first} to {last}.")


class DayOutOfReach(HealthProblem):
    code = HealthErrorCode.INVALID_DATE
    field = "date"
    message = N_("There is a code for today and the next {most} days.")


class DayListLinkEnded(HealthProblem):
    code = HealthErrorCode.LINK_ENDED
    message = N_("This link has ended. Ask for the list once more.")
