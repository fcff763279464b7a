"""By area, category and owner of the road: which agency a new report goes to."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from api.feedback.agencies.agency import PROVINCE_OFFICE, AgencyLibrary
from api.feedback.categories.category import ROAD_FIELD, Category, RouteKind
from api.feedback.reports.records import Route, RouteReason
from api.province import province_file

SHIPPED_OWNERS = Path(__file__).parents[1] / "data" / "road_owners.json"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Literal[1]
    sample: bool
    owners: dict[str, str]


@cache
def shipped_owners() -> Mapping[str, str]:
    """Return the agency that looks after each road, by the road's code."""
    return _File.model_validate_json(province_file(SHIPPED_OWNERS).read_bytes()).owners


class Routing:
    """Raises ValueError when an owner is no agency."""

    def __init__(self, agencies: AgencyLibrary, road_owners: Mapping[str, str]) -> None:
        self._agencies = agencies
        self._road_owners = road_owners
        if unknown := set(road_owners.values()) - agencies.agencies.keys():
            raise ValueError(f"no such agency: {unknown}")

    def route(self, category: Category, commune_code: str, answers: Mapping[str, str]) -> Route:
        """Return who has it first, and why. A road that nobody is known to own is the commune's."""
        road = answers.get(ROAD_FIELD)
        owner = self._road_owners.get(road) if road else None
        if category.route is RouteKind.ROAD_OWNER and owner is not None:
            return Route(owner, RouteReason.ROAD_OWNER, road=road)
        if category.route is RouteKind.AGENCY:
            return Route(category.agency_id or PROVINCE_OFFICE, RouteReason.PROVINCE_WIDE)
        return Route(self._agencies.of_commune(commune_code).id, RouteReason.COMMUNE)
