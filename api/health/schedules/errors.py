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
