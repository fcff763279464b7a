"""The parts of the slice's contract, merged."""

import strawberry

from api.conditions.condition_error import ConditionErrors
from api.conditions.near.schema import NearQuery
from api.conditions.roads.following_schema import FollowingMutation, FollowingQuery
from api.conditions.roads.schema import RoadsMutation, RoadsQuery
from api.conditions.stations.schema import StationsMutation, StationsQuery
from api.conditions.thresholds.schema import ThresholdsMutation, ThresholdsQuery

__all__ = ["ConditionErrors", "ConditionsMutation", "ConditionsQuery"]


@strawberry.type
class ConditionsQuery(NearQuery, StationsQuery, RoadsQuery, FollowingQuery, ThresholdsQuery):
    pass


@strawberry.type
class ConditionsMutation(StationsMutation, RoadsMutation, FollowingMutation, ThresholdsMutation):
    pass
