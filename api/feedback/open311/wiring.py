"""Builds the door on the services of the slice."""

from dataclasses import dataclass

from api.feedback.agencies.agency import AgencyLibrary
from api.feedback.categories.category import CategoryLibrary
from api.feedback.life.agency_turn import AgencyTurn
from api.feedback.life.reporter_turn import ReporterTurn
from api.feedback.life.steps import StepRepository
from api.feedback.open311.api_keys import ApiKeys
from api.feedback.open311.door import Open311Door
from api.feedback.open311.request_rows import RequestRows
from api.feedback.open311.request_search import RequestSearch
from api.feedback.open311.requesting import Requesting
from api.feedback.open311.update_search import UpdateSearch
from api.feedback.open311.updating import Updating
from api.feedback.reports.reading import Reading
from api.feedback.reports.repository import ReportRepository
from api.feedback.reports.submitting import Submitting
from api.foundations import Foundations
from api.media.library import MediaLibrary


@dataclass(frozen=True, slots=True)
class Parts:
    """What of the slice the door stands on."""

    keys: ApiKeys
    categories: CategoryLibrary
    agencies: AgencyLibrary
    reports: ReportRepository
    steps: StepRepository
    submitting: Submitting
    reading: Reading
    agency_turn: AgencyTurn
    reporter_turn: ReporterTurn
    library: MediaLibrary


def open311_on(on: Foundations, parts: Parts) -> Open311Door:
    """Build the door."""
    return Open311Door(
        keys=parts.keys,
        categories=parts.categories,
        search=RequestSearch(parts.reports, on.clock),
        rows=RequestRows(parts.reading, parts.categories, parts.agencies, parts.library),
        requesting=Requesting(parts.submitting, parts.categories, on.idempotency, on.clock),
        update_search=UpdateSearch(parts.reports, parts.steps, on.clock),
        updating=Updating(
            parts.reports,
            parts.agency_turn,
            parts.reporter_turn,
            parts.agencies,
            on.idempotency,
        ),
        public_url=on.public_url,
    )
