from api.health.errors import HealthErrorCode, HealthProblem
from api.kit.errors import N_


class SlotNotFound(HealthProblem):
    """Also of a place that was closed before anybody had it."""

    code = HealthErrorCode.NOT_FOUND
    field = "slotId"
    message = N_("There is no such place. It may have been closed: search once more.")


class SlotTaken(HealthProblem):
    code = HealthErrorCode.SLOT_TAKEN
    field = "slotId"
    message = N_("Somebody else has this place. Choose another one.")


class InvalidSearch(HealthProblem):
    """`field`: `specialty` when nothing narrows the search down, `near` for nearest first, `to`."""

    code = HealthErrorCode.INVALID_SEARCH
    message = N_(
        "Search by a specialty of the list, a hospital or a doctor, over 90 days at most; for the"
        " nearest first, say where you are."
    )

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field
