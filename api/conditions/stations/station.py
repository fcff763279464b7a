"""What a station is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from api.conditions.errors import InvalidStation
from api.conditions.stations.measures import StationKind
from api.kit.geo import Position

STATION_ID = re.compile(r"[a-z0-9][a-z0-9.-]{1,63}")
_TEXT_CHARACTERS_AT_MOST = 200
_LEVELS_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Station:
    """`source`: who measures. `alarm_levels`: of a river, báo động 1 to 3 in metres, as far as there are.

    `spaces`: of a car park, all of them. Raises InvalidStation.
    """

    id: str
    kind: StationKind
    names: Mapping[str, str]
    position: Position
    source: str
    alarm_levels: tuple[float, ...] = ()
    river: str | None = None
    spaces: int | None = None
    retired_at: datetime | None = None

    def __post_init__(self) -> None:
        texts = (*self.names.values(), self.source, *([self.river] if self.river else []))
        is_sound = (
            STATION_ID.fullmatch(self.id) is not None
            and "vi" in self.names
            and all(map(_is_line, texts))
            and len(self.alarm_levels) <= _LEVELS_AT_MOST
            and all(low < high for low, high in pairwise(self.alarm_levels))
            and (self.spaces is None or 0 < self.spaces <= 100_000)
        )
        if not is_sound:
            raise InvalidStation


def _is_line(text: str) -> bool:
    return 0 < len(text.strip()) <= _TEXT_CHARACTERS_AT_MOST and text.isprintable()
