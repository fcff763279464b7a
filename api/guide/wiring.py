"""Builds what the slice offers."""

from dataclasses import dataclass

from api.alerts.service import AlertService
from api.conditions.roads.service import RoadEventService
from api.foundations import Foundations
from api.guide.narrations.service import NarrationService
from api.guide.packs.service import PackService
from api.guide.packs.wiring import packs_on
from api.guide.planner.road_graph import shipped_graph
from api.guide.planner.service import PlannerService
from api.guide.planner.solvers import Solvers
from api.guide.planner.travel_sources import TravelSources
from api.guide.search.service import SearchService
from api.guide.speech.recordings import Recordings
from api.guide.tours.library import shipped_tours
from api.guide.tours.service import TourService
from api.kit.search.catalog import SearchCatalogs
from api.kit.search.documents import SearchSource
from api.media.wiring import MediaServices
from api.tourism.commune_index import CommuneIndex
from api.tourism.events.search_source import EventSearch
from api.tourism.search_source import PlaceSearch
from api.tourism.trails.search_source import TrailSearch
from api.tourism.wiring import TourismServices


@dataclass(frozen=True, slots=True)
class GuideServices:
    """Everything of the slice."""

    tours: TourService
    search: SearchService
    speech: Recordings
    narrations: NarrationService
    packs: PackService
    planner: PlannerService


@dataclass(frozen=True, slots=True)
class GuideSources:
    """What the guide asks of slices below it, and of the computers that plan and route."""

    alerts: AlertService
    roads: RoadEventService
    communes: CommuneIndex
    media: MediaServices
    speech: Recordings
    solvers: Solvers
    travel: TravelSources


def guide_on(
    on: Foundations, sources: GuideSources, tourism: TourismServices, tours: TourService
) -> GuideServices:
    """Build the services."""
    narrations = NarrationService(
        on.store,
        shipped_tours(),
        sources.media.library,
        on.audit,
        on.clock,
        public_url=on.public_url,
    )
    return GuideServices(
        tours=tours,
        search=_search(on, tours),
        speech=sources.speech,
        narrations=narrations,
        packs=_packs(on, sources, narrations),
        planner=_planner(on, sources, tourism),
    )


def _search(on: Foundations, tours: TourService) -> SearchService:
    found: tuple[SearchSource, ...] = (
        PlaceSearch(on.store),
        TrailSearch(on.store),
        tours,
        EventSearch(on.store),
    )
    return SearchService(SearchCatalogs(found, on.clock))


def _packs(on: Foundations, sources: GuideSources, narrations: NarrationService) -> PackService:
    return packs_on(
        on.store,
        on.sealer,
        shipped_tours(),
        sources.speech,
        narrations,
        sources.communes,
        on.clock,
        public_url=on.public_url,
    )


def _planner(on: Foundations, sources: GuideSources, tourism: TourismServices) -> PlannerService:
    return PlannerService(
        tourism=tourism.places,
        alerts=sources.alerts,
        closures=tourism.closures,
        road_events=sources.roads,
        communes=sources.communes,
        graph=shipped_graph(),
        sources=sources.travel,
        solvers=sources.solvers,
        clock=on.clock,
    )
