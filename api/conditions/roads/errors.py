from api.conditions.errors import ConditionErrorCode, ConditionProblem
from api.kit.errors import N_


class InvalidRoadEvent(ConditionProblem):
    code = ConditionErrorCode.INVALID_ROAD_EVENT
    message = N_(
        "An event on the road has a line of 1 to {points} points in the province, a source, and ends"
        " after it starts and after now, within {days} days."
    )


class InvalidNotes(ConditionProblem):
    code = ConditionErrorCode.INVALID_TEXT
    field = "notes"
    message = N_(
        "Notes have at most {most} characters, once in each language of ours, and always in Vietnamese."
    )


class RoadEventNotFound(ConditionProblem):
    """Also the answer to whoever may not end it."""

    code = ConditionErrorCode.NOT_FOUND
    field = "id"
    message = N_("There is no such event on the road.")


class InvalidBounds(ConditionProblem):
    code = ConditionErrorCode.INVALID_BOUNDS
    field = "bounds"
    message = N_("The map's edges must lie on the earth, south below north and west before east.")


class InvalidRoute(ConditionProblem):
    code = ConditionErrorCode.INVALID_ROUTE
    field = "points"
    message = N_(
        "A route has 2 to {points} points, and is looked at within {least} to {most} metres."
    )


class InvalidFollowing(ConditionProblem):
    code = ConditionErrorCode.INVALID_PERIOD
    field = "until"
    message = N_("A route is followed until a moment within the next {hours} hours.")


class TooManyRoutes(ConditionProblem):
    code = ConditionErrorCode.TOO_MANY_ROUTES
    field = "points"
    message = N_("You follow {most} routes already. End one of them first.")


class FollowedRouteNotFound(ConditionProblem):
    """Also the answer to whoever does not follow it."""

    code = ConditionErrorCode.NOT_FOUND
    field = "id"
    message = N_("You follow no such route.")
