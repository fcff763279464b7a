"""The stations that ship with the product: data/stations.json, whose positions are about right."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from api.conditions.stations.measures import StationKind
from api.conditions.stations.station import Station
from api.kit.geo import Position
from api.province import province_file

SHIPPED_STATIONS = Path(__file__).parents[1] / "data" / "stations.json"


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str
    kind: StationKind
    names: dict[str, str]
    latitude: float
    longitude: float
    source: str
    alarm_levels: list[float] = []
    river: str | None = None

    def record(self) -> Station:
        return Station(
            id=self.id,
            kind=self.kind,
            names=self.names,
            position=Position(self.latitude, self.longitude),
            source=self.source,
            alarm_levels=tuple(self.alarm_levels),
            river=self.river,
        )


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Literal[1]
    note: str
    stations: list[_Row]


@cache
def shipped_stations() -> Mapping[str, Station]:
    """Return them by id, in the order of the file."""
    rows = _File.model_validate_json(province_file(SHIPPED_STATIONS).read_bytes()).stations
    return {row.id: row.record() for row in rows}
