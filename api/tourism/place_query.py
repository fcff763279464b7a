"""What may be asked of the places, within its bounds."""

from dataclasses import dataclass
from datetime import datetime

from api.kit.geo import Position, distance_metres
from api.tourism.errors import DistanceWithoutPosition, InvalidDistance, SearchTooLong
from api.tourism.opening.hours import OpeningHours, OpenState
from api.tourism.records import PlaceCategory

SEARCH_CHARACTERS_AT_MOST = 100
WITHIN_METRES_AT_LEAST = 1
WITHIN_METRES_AT_MOST = 200_000


def checked_search(search: str | None) -> str | None:
    """Return what is searched for, None for nothing but white space. Raises SearchTooLong."""
    if search is None:
        return None
    if len(search) > SEARCH_CHARACTERS_AT_MOST:
        raise SearchTooLong(most=SEARCH_CHARACTERS_AT_MOST)
    return search.strip() or None


@dataclass(frozen=True, slots=True)
class PlaceQuery:
    """Which places, and in which order.

    Best match first if there is a `search`, else nearest first if there is a `near`, else by id.
    No categories means all. `open_at`: only places that are open then, as far as is known.
    `without`: the id of a place that is left out. Raises SearchTooLong, InvalidDistance or DistanceWithoutPosition.
    """

    near: Position | None = None
    within_metres: float | None = None
    categories: frozenset[PlaceCategory] = frozenset()
    search: str | None = None
    open_at: datetime | None = None
    without: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "search", checked_search(self.search))
        if self.within_metres is None:
            return
        if not WITHIN_METRES_AT_LEAST <= self.within_metres <= WITHIN_METRES_AT_MOST:
            raise InvalidDistance(least=WITHIN_METRES_AT_LEAST, most=WITHIN_METRES_AT_MOST)
        if self.near is None:
            raise DistanceWithoutPosition

    def distance_to(self, position: Position) -> float | None:
        """Return metres from `near`, None without it."""
        return None if self.near is None else distance_metres(self.near, position)

    def wants(self, place_id: str, opening_hours: str | None) -> bool:
        """Tell whether a place with these hours is wanted."""
        if place_id == self.without:
            return False
        if self.open_at is None:
            return True
        if opening_hours is None:
            return False
        return OpeningHours.of(opening_hours).state_at(self.open_at) is OpenState.OPEN

    def admits(self, category: PlaceCategory, distance: float | None) -> bool:
        is_wanted = not self.categories or category in self.categories
        return is_wanted and (
            self.within_metres is None or distance is None or distance <= self.within_metres
        )
