from api.health.errors import HealthErrorCode, HealthProblem
from api.kit.errors import N_


class AppointmentNotFound(HealthProblem):
    """Also the answer to whoever may not see the appointment, so that ids cannot be tried out."""

    code = HealthErrorCode.NOT_FOUND
    field = "appointmentId"
    message = N_("There is no appointment with this id that you may see.")
