from api.health.errors import HealthErrorCode, HealthProblem
from api.kit.errors import N_


class WishNotFound(HealthProblem):
    """Also the answer to whoever may not see it."""

    code = HealthErrorCode.NOT_FOUND
    field = "id"
    message = N_("You do not wait for a place under this id.")


class WaitsAlready(HealthProblem):
    code = HealthErrorCode.WAITS_ALREADY
    field = "patientId"
    message = N_("This patient waits for a place there already.")


class TooManyWishes(HealthProblem):
    code = HealthErrorCode.LIMIT_REACHED
    message = N_("You can wait for {most} places at once.")


class InvalidWish(HealthProblem):
    code = HealthErrorCode.INVALID_WISH
    message = N_(
        "Name a service, or a facility and a specialty that it has, and days from today on, {days}"
        " ahead at most."
    )

    def __init__(self, field: str, **params: object) -> None:
        super().__init__(**params)
        self.field = field


class OfferOver(HealthProblem):
    code = HealthErrorCode.OFFER_OVER
    field = "appointmentId"
    message = N_("This place is no longer held for you. You go on waiting for the next one.")
