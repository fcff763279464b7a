"""What of the province goes into a pack: all of it, a commune, or a tour and what lies beside it."""

from dataclasses import dataclass
from enum import StrEnum, auto

from api.guide.tours.records import Tour
from api.kit.geo import Position, distance_metres

BESIDE_TOUR_METRES = 2_000.0
"""So far from a stop a place still lies beside the tour."""


class PackAreaKind(StrEnum):
    PROVINCE = auto()
    COMMUNE = auto()
    TOUR = auto()


@dataclass(frozen=True, slots=True)
class PackScope:
    """`id`: the commune's code or the tour's id, empty for the province. `tour`: where it is one."""

    kind: PackAreaKind
    id: str = ""
    tour: Tour | None = None

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.id}" if self.id else self.kind.value

    def holds_place(self, place_id: str, position: Position, commune_code: str | None) -> bool:
        """Tell whether a place belongs to the pack."""
        if self.kind is PackAreaKind.COMMUNE:
            return commune_code == self.id
        if self.tour is None:
            return True
        return any(
            stop.place_id == place_id
            or distance_metres(stop.position, position) <= BESIDE_TOUR_METRES
            for stop in self.tour.stops
        )

    def holds_tour(self, tour: Tour, commune_codes: frozenset[str | None]) -> bool:
        """Tell whether a tour belongs to the pack; `commune_codes`: where its stops lie."""
        if self.kind is PackAreaKind.COMMUNE:
            return self.id in commune_codes
        return self.tour is None or self.tour.id == tour.id
