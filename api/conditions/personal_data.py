"""What conditions keep of officers, and of people who follow a route."""

from typing import Any

from api.conditions.roads.followed_routes import FollowedRouteRepository
from api.conditions.thresholds.repository import RuleRepository
from api.conditions.thresholds.rule import Rule
from api.kit.errors import N_


class ThresholdRuleData:
    name = "threshold-rules"
    explanation = N_(
        "Rules on measured values that you proposed or approved for an agency. They stay the agency's, and"
        " issue nothing by themselves any more."
    )

    def __init__(self, rules: RuleRepository) -> None:
        self._rules = rules

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        return [_told(rule, person_id) for rule in await self._rules.of_person(person_id)]

    async def erase(self, person_id: str) -> None:
        """Make what the person proposed and approved nobody's."""
        await self._rules.forget(person_id)


class FollowedRouteData:
    name = "followed-routes"
    explanation = N_("Routes that you follow. Each is forgotten at the end that you gave it.")

    def __init__(self, routes: FollowedRouteRepository) -> None:
        self._routes = routes

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        return [
            {
                "points": [[it.latitude, it.longitude] for it in route.line],
                "until": route.until.isoformat(),
                "toldOf": [it.event_id for it in route.told],
            }
            for route in await self._routes.of_person(person_id)
        ]

    async def erase(self, person_id: str) -> None:
        await self._routes.forget(person_id)


def _told(rule: Rule, person_id: str) -> dict[str, Any]:
    return {
        "id": rule.id,
        "agency": rule.agency_id,
        "name": rule.name,
        "proposed": rule.proposed_by == person_id,
        "approved": rule.approved_by == person_id,
    }
