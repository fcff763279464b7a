from api.kit.errors import N_
from api.tourism.errors import TourismErrorCode, TourismProblem


class InvalidExchange(TourismProblem):
    """A document that is not taken in, for the operator: `reason` is technical, in English."""

    code = TourismErrorCode.INVALID_EXCHANGE
    message = N_("Row {row} ({id}), {field}: {reason}")

    def __init__(self, row: int, place_id: str, field: str, reason: str) -> None:
        super().__init__(row=row, id=place_id or "?", field=field, reason=reason)


class UnreadableDocument(TourismProblem):
    code = TourismErrorCode.INVALID_EXCHANGE
    message = N_("This document cannot be read: {reason}")

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class UnknownFormat(TourismProblem):
    code = TourismErrorCode.INVALID_EXCHANGE
    message = N_("The file's name must end with .geojson or .jsonld.")
