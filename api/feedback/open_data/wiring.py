"""Builds what publishes reports."""

from dataclasses import dataclass

from api.feedback.categories.category import CategoryLibrary
from api.feedback.life.steps import StepRepository
from api.feedback.open_data.league import LeagueTable
from api.feedback.open_data.map_feed import MapFeed
from api.feedback.open_data.open_reports import OpenReports
from api.kit.clock import Clock
from api.kit.store import Store


@dataclass(frozen=True, slots=True)
class OpenData:
    reports: OpenReports
    map_feed: MapFeed
    league: LeagueTable
    clock: Clock


def open_data_on(
    store: Store, steps: StepRepository, categories: CategoryLibrary, clock: Clock
) -> OpenData:
    """Build it."""
    reports = OpenReports(store, steps)
    return OpenData(
        reports, MapFeed(reports, categories, clock), LeagueTable(reports, clock), clock
    )
