"""The rows of conditions: anybody looks, officers of an agency keep its rules, clerks its road events."""

from collections.abc import Callable
from typing import Any

from tests.contract.condition_world import STATION
from tests.contract.rows import EVERYBODY, SIGNED_IN, Row, Sight, Variables
from tests.contract.world import AGENCY, REPORT_DESK, Actor, World

_HERE = {"latitude": 22.335, "longitude": 103.84}
_THERE = {"latitude": 22.335, "longitude": 103.86}
_OFFICERS = frozenset({Actor.ALERT_AUTHOR, Actor.ALERT_APPROVER})
_OF_AGENCY = {"agencyId": AGENCY.id}


def _for_anyone(operation: str, variables: dict[str, Any]) -> Row:
    return Row(f"conditions/{operation}", EVERYBODY, variables=lambda _: variables)


def _of(
    actors: frozenset[Actor],
    operation: str,
    number: int,
    variables: Callable[[World], Variables],
    refusal: str = "NOT_ALLOWED",
) -> Row:
    key = {"idempotencyKey": f"authorization-matrix-condition-{number}"} if number else {}
    return Row(
        f"conditions/{operation}",
        actors,
        refusal,
        "NOT_SIGNED_IN",
        lambda world: {**variables(world), **key},
    )


CONDITION_ROWS: dict[str, Row] = {
    "Query.conditions": _for_anyone("Conditions", {"near": _HERE}),
    "Query.stations": _for_anyone("Stations", {}),
    "Query.stationReadings": _for_anyone("StationReadings", {"stationId": STATION}),
    "Query.observations": _for_anyone(
        "Observations",
        {
            "stationId": STATION,
            "measure": "WATER_LEVEL",
            "from": "2026-05-01T00:00:00+07:00",
            "to": "2026-05-02T00:00:00+07:00",
        },
    ),
    "Query.roadEvents": _for_anyone(
        "RoadEvents", {"bounds": {"south": 22.0, "west": 103.0, "north": 23.0, "east": 104.0}}
    ),
    "Query.eventsAlong": _for_anyone("EventsAlong", {"points": [_HERE, _THERE]}),
    "Query.thresholdRules": _of(_OFFICERS, "ThresholdRules", 0, lambda _: _OF_AGENCY),
    "Query.thresholdEpisodes": _of(_OFFICERS, "ThresholdEpisodes", 0, lambda _: _OF_AGENCY),
    "Mutation.addStation": _of(
        frozenset({Actor.ADMINISTRATOR}),
        "AddStation",
        1,
        lambda _: {
            "id": "mua.a-station",
            "kind": "RAIN",
            "name": "Trạm đo mưa",
            "position": _HERE,
            "source": "UBND xã",
        },
    ),
    "Mutation.retireStation": _of(
        frozenset({Actor.ADMINISTRATOR}), "RetireStation", 2, lambda _: {"id": STATION}
    ),
    "Mutation.addRoadEvent": _of(
        frozenset({Actor.REPORT_CLERK}),
        "AddRoadEvent",
        3,
        lambda _: {
            "agencyId": REPORT_DESK.id,
            "kind": "ICE",
            "line": [_HERE, _THERE],
            "source": "UBND phường",
        },
    ),
    "Mutation.endRoadEvent": _of(
        frozenset({Actor.REPORT_CLERK}),
        "EndRoadEvent",
        4,
        lambda world: {"id": world.conditions.event_id, "expectedVersion": 1},
        "NOT_FOUND",
    ),
    "Query.followedRoutes": _of(SIGNED_IN, "FollowedRoutes", 0, lambda _: {}),
    "Mutation.followRoute": _of(
        SIGNED_IN,
        "FollowRoute",
        8,
        lambda world: {"points": [_HERE, _THERE], "until": world.conditions.until},
    ),
    "Mutation.unfollowRoute": _of(
        frozenset({Actor.OWNER}),
        "UnfollowRoute",
        0,
        lambda world: {"id": world.conditions.route_id},
        "NOT_FOUND",
    ),
    "Mutation.proposeThresholdRule": _of(
        frozenset({Actor.ALERT_AUTHOR}),
        "ProposeThresholdRule",
        5,
        lambda world: {
            **_OF_AGENCY,
            "name": "Báo động 3",
            "measure": "WATER_LEVEL",
            "comparison": "AT_LEAST",
            "level": 83.5,
            "clearLevel": 83.0,
            "holdsFor": 0,
            "hazard": "river-flood",
            "hazardLevel": "BD3",
            "stationIds": [STATION],
            "communes": [world.conditions.commune],
        },
    ),
    "Mutation.approveThresholdRule": _of(
        frozenset({Actor.ALERT_APPROVER}),
        "ApproveThresholdRule",
        6,
        lambda world: {"id": world.conditions.rule_id, "expectedVersion": 1},
        "NOT_FOUND",
    ),
    "Mutation.retireThresholdRule": _of(
        frozenset({Actor.ALERT_AUTHOR}),
        "RetireThresholdRule",
        7,
        lambda world: {"id": world.conditions.rule_id, "expectedVersion": 1},
        "NOT_FOUND",
    ),
}

CONDITION_TYPES: dict[str, tuple[Sight, str]] = {
    "AddRoadEventSuccess": (Sight.PUBLIC, "event"),
    "AddStationSuccess": (Sight.PUBLIC, "station"),
    "AirCondition": (Sight.PUBLIC, "near band words"),
    "ApproveThresholdRuleSuccess": (Sight.OWN, "rule"),
    "ConditionError": (Sight.PUBLIC, "message code field"),
    "Conditions": (Sight.PUBLIC, "weather river air parking"),
    "EndRoadEventSuccess": (Sight.PUBLIC, "event"),
    "EventOnRoute": (Sight.PUBLIC, "event distanceAlong distance"),
    "FollowRouteSuccess": (Sight.OWN, "route events"),
    "FollowedRoute": (Sight.OWN, "id points until"),
    "EventsAlong": (Sight.PUBLIC, "events"),
    "FollowedRoutes": (Sight.OWN, "routes"),
    "HourOfObservations": (Sight.PUBLIC, "hour least most mean count"),
    "NearStation": (Sight.PUBLIC, "station distance readings"),
    "Observation": (Sight.PUBLIC, "observedAt value"),
    "ObservationHistory": (Sight.PUBLIC, "unit values hours isWhole"),
    "ProposeThresholdRuleSuccess": (Sight.OWN, "rule"),
    "Reading": (Sight.PUBLIC, "measure state value unit observedAt age"),
    "RetireStationSuccess": (Sight.PUBLIC, "station"),
    "RetireThresholdRuleSuccess": (Sight.OWN, "rule"),
    "RiverCondition": (Sight.PUBLIC, "near alarm words"),
    "RoadEvent": (
        Sight.PUBLIC,
        "id kind words road line direction note source reportCode starts ends endedAt version",
    ),
    "RoadEvents": (Sight.PUBLIC, "events"),
    "Station": (Sight.PUBLIC, "id kind name position source river alarmLevels spaces"),
    "StationConnection": (Sight.PUBLIC, "edges pageInfo"),
    "StationEdge": (Sight.PUBLIC, "node cursor"),
    "UnfollowRouteSuccess": (Sight.OWN, "id"),
    "ThresholdEpisode": (
        Sight.OWN,
        "id ruleId stationIds isAutomatic draftId stationId value observedAt beganAt endedAt",
    ),
    "ThresholdEpisodeConnection": (Sight.OWN, "edges pageInfo"),
    "ThresholdEpisodeEdge": (Sight.OWN, "node cursor"),
    "ThresholdRule": (
        Sight.OWN,
        "id name measure comparison level clearLevel holdsFor stationIds stationsAtLeast communes"
        " action hazard hazardLevel warnsFor isAutomatic retiredAt version",
    ),
    "ThresholdRuleConnection": (Sight.OWN, "edges pageInfo"),
    "ThresholdRuleEdge": (Sight.OWN, "node cursor"),
}
