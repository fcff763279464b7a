"""What the slice adds to the roots of the contract."""

import strawberry

from api.safety.safety_error import SafetyErrors
from api.safety.sos.schema import SosMutation, SosQuery, SosSubscription

__all__ = ["SafetyErrors", "SafetyMutation", "SafetyQuery", "SafetySubscription"]


@strawberry.type
class SafetyQuery(SosQuery):
    pass


@strawberry.type
class SafetyMutation(SosMutation):
    pass


@strawberry.type
class SafetySubscription(SosSubscription):
    pass
