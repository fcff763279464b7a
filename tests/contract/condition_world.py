"""What the rows of conditions need: a rule of the agency, and an event on the road of the report desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from api.accounts.caller import Caller, Grant, Role, Scope
from api.conditions.roads.road_event import RoadEventKind
from api.conditions.roads.service import NewRoadEvent
from api.conditions.stations.measures import Measure
from api.conditions.thresholds.rule import Comparison, RuleAction
from api.conditions.thresholds.service import NewRule
from api.context import Services
from api.kit.geo import Position
from tests.accounts.people import new_key

STATION = "thuy-van.lao-cai"


@dataclass(frozen=True, slots=True)
class ConditionThings:
    rule_id: str
    event_id: str
    commune: str
    route_id: str
    until: str


async def condition_things(
    services: Services, agency: Scope, desk: Scope, owner: Caller, now: datetime
) -> ConditionThings:
    """Let somebody else than the actors propose the rule."""
    commune = min(services.communes.codes)
    author = Caller("an-author", grants=frozenset({Grant(Role.ALERT_AUTHOR, agency)}))
    rule = NewRule(
        agency_id=agency.id,
        name="Báo động 2",
        measure=Measure.WATER_LEVEL,
        comparison=Comparison.AT_LEAST,
        level=82.0,
        clear_level=81.5,
        holds_for_minutes=20,
        station_ids=(STATION,),
        stations_at_least=1,
        communes=(commune,),
        action=RuleAction.AUTOMATIC,
        hazard="river-flood",
        hazard_level="BD2",
        warns_for_hours=6,
    )
    proposed = await services.conditions.rules.propose(author, rule, new_key())
    clerk = Caller("a-clerk", grants=frozenset({Grant(Role.CLERK, desk)}))
    fog = NewRoadEvent(desk.id, RoadEventKind.FOG, (Position(22.335, 103.84),), "UBND phường")
    event = await services.conditions.roads.add(clerk, fog, new_key())
    line, until = (Position(22.335, 103.84), Position(22.335, 103.86)), now + timedelta(hours=48)
    followed = await services.conditions.following.follow(owner, line, until, new_key())
    return ConditionThings(proposed.id, event.id, commune, followed.route.id, until.isoformat())
