from api.kit.errors import N_
from api.tourism.errors import TourismErrorCode, TourismProblem


class WayNotFound(TourismProblem):
    code = TourismErrorCode.NOT_FOUND
    field = "wayId"
    message = N_("There is no such road, trail or place.")


class ClosureNotFound(TourismProblem):
    code = TourismErrorCode.NOT_FOUND
    field = "id"
    message = N_("There is no closure with this id.")


class ClosureEnded(TourismProblem):
    code = TourismErrorCode.CLOSURE_ENDED
    message = N_("This closure is over already.")


class ClosureElsewhere(TourismProblem):
    code = TourismErrorCode.CLOSURE_ELSEWHERE
    field = "area"
    message = N_("The closed part does not lie on this road, trail or place.")


class InvalidClosedPart(TourismProblem):
    code = TourismErrorCode.INVALID_CLOSED_PART
    field = "area"
    message = N_("The closed part has a radius of {least} to {most} metres.")


class InvalidPeriod(TourismProblem):
    code = TourismErrorCode.INVALID_PERIOD
    field = "ends"
    message = N_("A closure ends after it starts, and not before now; within {years} years.")
