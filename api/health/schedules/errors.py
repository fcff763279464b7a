from api.health.errors import HealthErrorCode, HealthProblem
from api.kit.errors import N_


class SessionNotFound(HealthProblem):
    code = HealthErrorCode.NOT_FOUND
    field = "sessionId"
    message = N_("There is no such session.")


class SessionClosed(HealthProblem):
    code = HealthErrorCode.SESSION_CLOSED
    field = "sessionId"
    message = N_("This session takes no more patients.")


class ScheduleNotFound(HealthProblem):
    """Also the answer to a desk whose schedule it is not."""

    code = HealthErrorCode.NOT_FOUND
    field = "scheduleId"
    message = N_("There is no such schedule.")


class AbsenceNotFound(HealthProblem):
    code = HealthErrorCode.NOT_FOUND
    field = "absenceId"
    message = N_("There is no such absence.")


class InvalidSchedule(HealthProblem):
    code = HealthErrorCode.INVALID_SCHEDULE
    message = N_(
        "This schedule cannot be: sessions of a weekday follow one another and are long enough for"
        " a place of 5 to 240 minutes, 1 to 50 patients share a place, at most as many more are"
        " overbooked, and days end after they begin."
    )

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field
