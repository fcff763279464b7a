"""Builds the services of the slice, and names its collections."""

from dataclasses import dataclass
from typing import Protocol

from api.accounts.people.repository import AccountRepository
from api.accounts.staff.grants import Grants
from api.conditions.intake.agency_keys import STATION_KEYS, StationKeys
from api.conditions.intake.taking import Intake
from api.conditions.near.service import NearService
from api.conditions.personal_data import FollowedRouteData, ThresholdRuleData
from api.conditions.readings.history import HistoryService
from api.conditions.readings.repository import HOURS, LATEST, OBSERVATIONS, ReadingRepository
from api.conditions.roads.feed_intake import RoadFeedIntake
from api.conditions.roads.followed_routes import FOLLOWED_ROUTES, FollowedRouteRepository
from api.conditions.roads.following import Following
from api.conditions.roads.repository import ROAD_EVENTS, RoadEventRepository
from api.conditions.roads.service import RoadEventService
from api.conditions.roads.telling import RoadTelling
from api.conditions.stations.repository import STATIONS, StationRepository
from api.conditions.stations.service import StationService
from api.conditions.stations.shipped import shipped_stations
from api.conditions.thresholds.drafting import Drafting
from api.conditions.thresholds.drafts import Drafts, SamePeople
from api.conditions.thresholds.repository import (
    EPISODES,
    RULE_STATES,
    RULES,
    STANDINGS,
    EpisodeRepository,
    RuleRepository,
    StandingRepository,
)
from api.conditions.thresholds.service import RuleService
from api.conditions.thresholds.telling import AuthorTelling
from api.conditions.thresholds.watching import Watching
from api.foundations import Foundations
from api.kit.geo import Position
from api.kit.jobs import Handler
from api.kit.personal_data import PersonalData
from api.kit.store import CollectionSpec

CONDITION_COLLECTIONS: tuple[CollectionSpec, ...] = (
    STATIONS,
    STATION_KEYS,
    OBSERVATIONS,
    HOURS,
    LATEST,
    RULES,
    STANDINGS,
    RULE_STATES,
    EPISODES,
    ROAD_EVENTS,
    FOLLOWED_ROUTES,
)


class Communes(Protocol):
    """Where positions lie: CommuneIndex, in the product."""

    @property
    def codes(self) -> frozenset[str]: ...

    def at(self, position: Position) -> str | None: ...


@dataclass(frozen=True, slots=True)
class ConditionServices:
    stations: StationService
    intake: Intake
    history: HistoryService
    near: NearService
    rules: RuleService
    roads: RoadEventService
    drafting: Drafting
    road_feed: RoadFeedIntake
    road_telling: RoadTelling
    following: Following
    data: tuple[PersonalData, ...]

    def handlers(self) -> dict[str, Handler]:
        return {**self.drafting.handlers(), **self.road_telling.handlers()}


def conditions_on(
    on: Foundations,
    communes: Communes,
    drafts: Drafts,
    same_people: SamePeople,
) -> ConditionServices:
    """Return the services over an opened store.

    Without `followers` nobody follows a route.
    """
    store, clock = on.store, on.clock
    stations = StationService(
        StationRepository(store, shipped_stations()), on.idempotency, on.audit, clock
    )
    readings = ReadingRepository(store)
    rules, episodes = RuleRepository(store), EpisodeRepository(store)
    events = RoadEventRepository(store)
    roads = RoadEventService(events, communes, on.jobs, on.idempotency, on.audit, clock)
    routes = FollowedRouteRepository(store)
    watching = Watching(rules, StandingRepository(store), episodes, on.jobs, clock)
    telling = AuthorTelling(Grants(store), on.notifications, clock)
    return ConditionServices(
        stations=stations,
        intake=Intake(store, StationKeys(store, clock), stations, readings, watching, clock),
        history=HistoryService(readings, clock),
        near=NearService(stations, readings, clock),
        rules=RuleService(
            rules,
            episodes,
            stations,
            communes.codes,
            drafts,
            same_people,
            on.idempotency,
            on.audit,
            clock,
        ),
        roads=roads,
        road_feed=RoadFeedIntake(store, events, communes, on.jobs, clock),
        drafting=Drafting(rules, episodes, stations, drafts, telling, clock),
        road_telling=RoadTelling(events, routes, on.notifications, clock),
        following=Following(
            routes, roads, AccountRepository(store, on.sealer), on.idempotency, clock
        ),
        data=(ThresholdRuleData(rules), FollowedRouteData(routes)),
    )
