"""The roads of the province as a coarse graph: towns, junctions and passes, and what lies between them.

The file is the product's own: codes as in the list of roads, lengths and positions from public knowledge,
each with how well it is founded. Good for planning a day, not for steering a car.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from functools import cache
from pathlib import Path
from typing import Any

from api.kit.geo import Position
from api.province import province_file
from api.tourism.records import Confidence, Texts


class Vehicle(StrEnum):
    """What the speeds of a road are known for."""

    CAR = auto()
    MOTORBIKE = auto()
    FOOT = auto()


class RoadKind(StrEnum):
    """Of what make a road is; motorbikes and walkers may not use the expressway."""

    EXPRESSWAY = auto()
    NATIONAL = auto()
    PASS = auto()
    PROVINCIAL = auto()
    LOCAL = auto()
    CABLE_CAR = auto()


@dataclass(frozen=True, slots=True)
class Junction:
    """A town, a junction or a pass. `is_town`: there people live, and somebody sells food."""

    id: str
    names: Texts
    position: Position
    is_town: bool = True


@dataclass(frozen=True, slots=True)
class Stretch:
    """A road between two junctions, both ways. `roads`: codes of the roads and passes it is part of."""

    id: str
    start: str
    end: str
    roads: frozenset[str]
    kind: RoadKind
    kilometres: float
    confidence: Confidence


SHIPPED_GRAPH = Path(__file__).with_name("data") / "road_graph.json"


@dataclass(frozen=True, slots=True)
class RoadGraph:
    """`speeds`: kilometres an hour by kind and vehicle; None where it may not go."""

    junctions: Mapping[str, Junction]
    stretches: tuple[Stretch, ...]
    speeds: Mapping[RoadKind, Mapping[Vehicle, float | None]]

    def minutes(self, stretch: Stretch, vehicle: Vehicle) -> float | None:
        """Return minutes along a stretch, None where the vehicle may not go."""
        speed = self.speeds[stretch.kind][vehicle]
        return None if speed is None else stretch.kilometres / speed * 60


@cache
def shipped_graph() -> RoadGraph:
    """Return the graph that the product ships. Raises KeyError or ValueError for a broken file."""
    text = province_file(SHIPPED_GRAPH).read_text("utf-8")
    return graph_of(json.loads(text))


def graph_of(content: Mapping[str, Any]) -> RoadGraph:
    """Return the graph that a file holds. Raises KeyError or ValueError for a broken one."""
    junctions = {
        row["id"]: Junction(
            row["id"],
            row["names"],
            Position(row["latitude"], row["longitude"]),
            row.get("is_town", True),
        )
        for row in content["nodes"]
    }
    return RoadGraph(
        junctions,
        tuple(_stretch(row, junctions) for row in content["edges"]),
        {
            RoadKind(kind): {Vehicle(vehicle): speed for vehicle, speed in of_kind.items()}
            for kind, of_kind in content["speeds"].items()
        },
    )


def _stretch(row: Mapping[str, Any], junctions: Mapping[str, Junction]) -> Stretch:
    start, end = junctions[row["from"]].id, junctions[row["to"]].id
    if not row["kilometres"] > 0:
        raise ValueError(f"{start} to {end}: a road has a length")
    return Stretch(
        f"{start}-{end}",
        start,
        end,
        frozenset(row["roads"]),
        RoadKind(row["kind"]),
        row["kilometres"],
        Confidence(row["confidence"]),
    )
