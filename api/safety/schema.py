"""What the slice adds to the roots of the contract."""

import strawberry

from api.safety.safe.schema import SafeMutation, SafeQuery
from api.safety.safety_error import SafetyErrors
from api.safety.sos.schema import SosMutation, SosQuery, SosSubscription
from api.safety.trips.schema import TripsMutation, TripsQuery

__all__ = ["SafetyErrors", "SafetyMutation", "SafetyQuery", "SafetySubscription"]


@strawberry.type
class SafetyQuery(SosQuery, TripsQuery, SafeQuery):
    pass


@strawberry.type
class SafetyMutation(SosMutation, TripsMutation, SafeMutation):
    pass


@strawberry.type
class SafetySubscription(SosSubscription):
    pass
