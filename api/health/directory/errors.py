from api.health.errors import HealthErrorCode, HealthProblem
from api.kit.errors import N_


class ServiceNotFound(HealthProblem):
    """Also the answer to a desk whose service it is not."""

    code = HealthErrorCode.NOT_FOUND
    field = "serviceId"
    message = N_("There is no such service.")


class PractitionerNotFound(HealthProblem):
    """Also the answer to a desk whose practitioner it is not."""

    code = HealthErrorCode.NOT_FOUND
    field = "practitionerId"
    message = N_("There is no such doctor, nurse or therapist.")


class InvalidService(HealthProblem):
    code = HealthErrorCode.INVALID_SERVICE
    message = N_(
        "This service cannot be: it has a specialty of the list, a name in Vietnamese, plain texts"
        " that are not too long, at least one way to pay, and a price from 0 to 1 billion đồng."
    )

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


class InvalidPractitioner(HealthProblem):
    code = HealthErrorCode.INVALID_PRACTITIONER
    message = N_(
        "This person cannot be entered so: a name and a qualification in one line each, 1 to 10"
        " specialties of the list, and 1 to 10 languages by their tags, such as vi or en."
    )

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field
