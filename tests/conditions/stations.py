"""Names of stations that ship with the product, and factories of what tests need of them."""

from typing import Any

import httpx

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.conditions.stations.measures import Measure
from api.conditions.thresholds.repository import EPISODES
from api.conditions.thresholds.rule import Comparison, Rule, RuleAction
from api.conditions.thresholds.service import NewRule
from api.context import Services
from api.kit.store import Document
from tests.accounts.people import new_key
from tests.conftest import send

RIVER, SECOND_RIVER = "thuy-van.lao-cai", "thuy-van.bao-ha"
WEATHER = "khi-tuong.lao-cai"
NEAR_RIVER = {"latitude": 22.501, "longitude": 103.967}
AGENCY = Scope(ScopeKind.AGENCY, "civil-defence")
AUTHOR = Caller("an-author", grants=frozenset({Grant(Role.ALERT_AUTHOR, AGENCY)}))
BOTH = frozenset({Grant(Role.ALERT_AUTHOR, AGENCY), Grant(Role.ALERT_APPROVER, AGENCY)})
APPROVER = Caller("an-approver", grants=frozenset({Grant(Role.ALERT_APPROVER, AGENCY)}))


def a_new_rule(**changes: Any) -> NewRule:  # noqa: ANN401
    """Return: 82 m or more for 20 minutes, until below 81.5 m."""
    said: dict[str, Any] = {
        "agency_id": AGENCY.id,
        "name": "Sông Hồng trên báo động 2",
        "measure": Measure.WATER_LEVEL,
        "comparison": Comparison.AT_LEAST,
        "level": 82.0,
        "clear_level": 81.5,
        "holds_for_minutes": 20,
        "station_ids": (RIVER,),
        "stations_at_least": 1,
        "communes": ("02671",),
        "action": RuleAction.DRAFT,
        "hazard": "river-flood",
        "hazard_level": "BD2",
        "warns_for_hours": 6,
    }
    return NewRule(**{**said, **changes})


async def a_rule(services: Services, **changes: Any) -> Rule:  # noqa: ANN401
    communes = tuple(sorted(services.communes.codes)[:1])
    new = a_new_rule(communes=communes, **changes)
    return await services.conditions.rules.propose(AUTHOR, new, new_key())


async def episodes(services: Services) -> list[Document]:
    return await services.store[EPISODES].find({}, sort=[("began_at", 1)])


async def near(
    client: httpx.AsyncClient, position: dict[str, float], language: str = "en"
) -> dict[str, Any]:
    data = await send(client, "conditions/Conditions", {"near": position}, language=language)
    found: dict[str, Any] = data["conditions"]
    return found
