"""The shape of the rows in data/trails.json, checked when they are loaded."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from api.tourism.content_rows import Language, Latitude, Longitude, Names, Text, Texts
from api.tourism.records import Confidence
from api.tourism.trails.courses import course_of
from api.tourism.trails.line import Line, LinePoint
from api.tourism.trails.trail import GuideNeed, LineKind, Trail, TrailFacts, TrailOrigin
from api.tourism.trails.typed_points import POINTS_AT_MOST
from api.tourism.trails.walking import Difficulty


def _each_once(months: list[int]) -> list[int]:
    if len(set(months)) < len(months):
        raise ValueError("holds a month twice")
    return months


Month = Annotated[int, Field(ge=1, le=12)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, str_strip_whitespace=True)


class PointRow(_Row):
    latitude: Latitude
    longitude: Longitude
    elevation_metres: float | None = None


class TrailRow(_Row):
    id: Annotated[str, Field(pattern=r"^[\w-]{1,64}$")]
    names: Names
    names_unchecked: list[Language] = []
    descriptions: Texts = {}
    notes: Texts = {}
    start_place_id: Text | None = None
    end_place_id: Text | None = None
    stated_length_metres: Annotated[float, Field(gt=0)] | None = None
    stated_minutes: Annotated[int, Field(gt=0)] | None = None
    difficulty: Difficulty | None = None
    guide: GuideNeed
    needs_permit: bool
    best_months: Annotated[list[Month], AfterValidator(_each_once)] = []
    confidence: Confidence
    line_kind: LineKind
    line_accuracy_metres: Annotated[float, Field(gt=0)]
    line: Annotated[list[PointRow], Field(min_length=2, max_length=POINTS_AT_MOST)]

    @model_validator(mode="after")
    def _with_difficulty(self) -> "TrailRow":
        if self.line_kind is LineKind.SKETCH and self.difficulty is None:
            raise ValueError("a sketch needs a difficulty")
        return self

    def drawn(self) -> Line:
        """Return the line. Raises NoLine when its points are one and the same."""
        return Line.of(
            LinePoint(it.latitude, it.longitude, it.elevation_metres) for it in self.line
        )

    def record(self, line: Line, now: datetime) -> Trail:
        return Trail(
            id=self.id,
            facts=TrailFacts(
                names=self.names,
                names_unchecked=tuple(self.names_unchecked),
                descriptions=self.descriptions,
                notes=self.notes,
                start_place_id=self.start_place_id,
                end_place_id=self.end_place_id,
                stated_length_metres=self.stated_length_metres,
                stated_minutes=self.stated_minutes,
                difficulty=self.difficulty,
                guide=self.guide,
                needs_permit=self.needs_permit,
                best_months=tuple(sorted(self.best_months)),
                confidence=self.confidence,
            ),
            course=course_of(line, self.line_kind, self.line_accuracy_metres),
            origin=TrailOrigin.SHIPPED,
            changed_at=now,
        )


class TrailsFile(_Row):
    version: Literal[1]
    trails: list[TrailRow]
