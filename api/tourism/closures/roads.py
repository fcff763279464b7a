"""The roads of the province that have a number or a name: data/roads.json, small and in memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from api.province import province_file
from api.tourism.content_rows import Language, Names, Text, Texts
from api.tourism.records import Confidence

SHIPPED_ROADS = Path(__file__).parents[1] / "data" / "roads.json"


class RoadKind(StrEnum):
    ROAD = auto()
    PASS = auto()
    RAILWAY = auto()


@dataclass(frozen=True, slots=True)
class Road:
    """A road, a pass on one (`part_of`: the code of that road) or a railway.

    `commune_codes`: communes of the province through which it runs, as far as is known.
    """

    code: str
    names: Texts
    names_unchecked: tuple[str, ...]
    kind: RoadKind
    part_of: str | None
    commune_codes: tuple[str, ...]
    descriptions: Texts
    confidence: Confidence


class _RoadRow(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    code: Text
    names: Names
    names_unchecked: list[Language] = []
    kind: RoadKind
    part_of: Text | None = None
    commune_codes: list[Text] = []
    descriptions: Texts = {}
    confidence: Confidence

    def record(self) -> Road:
        return Road(
            code=self.code,
            names=self.names,
            names_unchecked=tuple(self.names_unchecked),
            kind=self.kind,
            part_of=self.part_of,
            commune_codes=tuple(self.commune_codes),
            descriptions=self.descriptions,
            confidence=self.confidence,
        )


class _RoadsFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Literal[1]
    roads: list[_RoadRow]


def read_roads(file: Path | None = None) -> Mapping[str, Road]:
    """Return the roads by code, in the order of the file; absent: the province's.

    Raises ValueError for a file that is broken, names a code twice, or a road it does not hold.
    """
    rows = _RoadsFile.model_validate_json((file or province_file(SHIPPED_ROADS)).read_bytes()).roads
    roads = {row.code: row.record() for row in rows}
    if len(roads) < len(rows):
        raise ValueError("a code is there twice")
    if unknown := {row.part_of for row in rows if row.part_of} - roads.keys():
        raise ValueError(f"no such road: {', '.join(sorted(unknown))}")
    return roads
