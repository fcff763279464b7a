"""What was reported already nearby, for whoever is about to report: open, of the category, never a private one."""

from dataclasses import dataclass

from api.feedback.categories.category import CategoryLibrary
from api.feedback.reports.map_cells import Box, lying_in, of_categories
from api.feedback.reports.records import Report
from api.feedback.reports.repository import ReportRepository
from api.kit.geo import Position, distance_metres

SUGGESTED_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class SimilarReport:
    report: Report
    distance_metres: float


class Duplicates:
    def __init__(self, reports: ReportRepository, categories: CategoryLibrary) -> None:
        self._reports = reports
        self._categories = categories

    async def near(self, position: Position, category_code: str) -> list[SimilarReport]:
        """Return the nearest ones within the category's distance. Raises CategoryNotFound."""
        category = self._categories.category(category_code)
        reach = float(category.duplicate_metres)
        place = lying_in(Box.around(position, reach))
        of_it = of_categories([category.code], self._categories.categories)
        found = await self._reports.open_in({**place, **of_it}) if place else []
        measured = [
            SimilarReport(report, distance_metres(position, report.spot))
            for report in found
            if report.spot is not None and report.lead_id is None
        ]
        near = [one for one in measured if one.distance_metres <= reach]
        near.sort(key=lambda one: (one.distance_metres, one.report.id))
        return near[:SUGGESTED_AT_MOST]
