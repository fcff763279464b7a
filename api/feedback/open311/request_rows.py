"""Reports as service requests: only what everybody may read, and words only once a clerk has accepted them."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.feedback.agencies.agency import AgencyLibrary
from api.feedback.categories.category import CategoryLibrary
from api.feedback.following.texts import follower_text
from api.feedback.labels import REFUSAL_LABELS, STATE_LABELS
from api.feedback.life.moves import Move, Mover
from api.feedback.life.steps import Step
from api.feedback.open311.documents import Listed
from api.feedback.open311.service_list import service_name
from api.feedback.open311.statuses import moment, status_of, update_status_of
from api.feedback.reports.public_text import public_text
from api.feedback.reports.reading import HistoryKey, Reading
from api.feedback.reports.records import GOING_ON, Report, ReportState
from api.kit.localized import best_language
from api.media.library import MediaLibrary
from api.media.records import MediaFormat
from locales import translator


class RequestRows:
    def __init__(
        self,
        reading: Reading,
        categories: CategoryLibrary,
        agencies: AgencyLibrary,
        library: MediaLibrary,
    ) -> None:
        self._reading = reading
        self._categories = categories
        self._agencies = agencies
        self._library = library

    async def requests(self, reports: Sequence[Report], language: str) -> Listed:
        """Return the list of service requests."""
        histories = await self._reading.histories([HistoryKey.of(one) for one in reports])
        photos = {one.photos[0] for one in reports if one.photos and one.is_read_by_clerk}
        links = await self._photo_links(sorted(photos))
        rows = tuple(
            self._request(report, steps, links, language)
            for report, steps in zip(reports, histories, strict=True)
        )
        return Listed("service_requests", "request", rows)

    async def updates(self, found: Sequence[tuple[Report, Step]], language: str) -> Listed:
        """Return the list of updates, each with its report."""
        photos = {step.photos[0] for _, step in found if step.photos}
        links = await self._photo_links(sorted(photos))
        rows = tuple(_update(report, step, links, language) for report, step in found)
        return Listed("service_request_updates", "request_update", rows)

    def _request(
        self, report: Report, steps: Sequence[Step], links: Mapping[str, str], language: str
    ) -> dict[str, Any]:
        content = report.content if report.is_read_by_clerk else None
        names = self._agencies.agency(report.route.agency_id).names
        spot = report.spot
        return {
            "service_request_id": report.code,
            "status": status_of(report.state),
            "status_notes": _notes(report, steps, language),
            "service_name": service_name(self._categories.category(report.category), language),
            "service_code": report.category,
            "description": public_text(content.text) if content else None,
            "agency_responsible": names[best_language(names, language) or "vi"],
            "service_notice": None,
            "requested_datetime": moment(report.received_at),
            "updated_datetime": moment(report.state_since),
            "expected_datetime": moment(report.due.fix) if report.state in GOING_ON else None,
            "address": None,
            "address_id": report.commune_code,
            "zipcode": None,
            "lat": spot.latitude if spot else None,
            "long": spot.longitude if spot else None,
            "media_url": links.get(report.photos[0]) if content and report.photos else None,
        }

    async def _photo_links(self, media_ids: Sequence[str]) -> Mapping[str, str]:
        """Return links that hold for an hour or two, of the photos that are still there."""
        found = await self._library.linked(media_ids)
        return {
            one.media_id: one.large[MediaFormat.JPEG]
            for one in found
            if one and MediaFormat.JPEG in one.large
        }


def update_id(report: Report, step: Step) -> str:
    """Return what an update is called: the code, and the number of the step."""
    return f"{report.code}.{step.number}"


def _update(report: Report, step: Step, links: Mapping[str, str], language: str) -> dict[str, Any]:
    words = step.words
    return {
        "update_id": update_id(report, step),
        "service_request_id": report.code,
        "status": update_status_of(step.move, step.state),
        "updated_datetime": moment(step.at),
        "description": public_text(words.text) if words else _what_happened(step, language),
        "media_url": links.get(step.photos[0]) if step.photos else None,
    }


def _what_happened(step: Step, language: str) -> str:
    if step.move in (Move.MERGE, Move.UNMERGE):
        return follower_text(step.move, language, other=step.other_code or "", code="").body
    return translator(language)(STATE_LABELS[step.state])


def _notes(report: Report, steps: Sequence[Step], language: str) -> str:
    """Return what the agency said last in this state, else what the state is called."""
    translate = translator(language)
    if report.state is ReportState.REFUSED and report.refusal:
        return translate(REFUSAL_LABELS[report.refusal])
    said = [
        it for it in steps if it.words and it.mover is Mover.AGENCY and it.state is report.state
    ]
    words = said[-1].words if said else None
    return public_text(words.text) if words else translate(STATE_LABELS[report.state])
