"""The shape of a tour's file (data/tours/*.json), checked when it is read. See docs/guide.md, "Writing a tour"."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from api.guide.tours.records import Polygon, Stop, Tour, Zone
from api.kit.area import Circle
from api.kit.geo import Position
from api.tourism.content_rows import Language, composed
from locales import AVAILABLE

STOPS_AT_MOST = 60
_CORNERS_AT_MOST = 200


def _in_all_languages(texts: dict[str, str]) -> dict[str, str]:
    if missing := [language for language in AVAILABLE if language not in texts]:
        raise ValueError(f"{', '.join(missing)} missing")
    return texts


def _in_vietnamese_and_english(texts: dict[str, str]) -> dict[str, str]:
    if missing := [language for language in ("vi", "en") if language not in texts]:
        raise ValueError(f"{', '.join(missing)} missing")
    return texts


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(composed)]
Short = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(composed)]
Long = Annotated[str, Field(min_length=1, max_length=4_000), AfterValidator(composed)]
Names = Annotated[dict[Language, Name], AfterValidator(_in_all_languages)]
ShortTexts = Annotated[dict[Language, Short], AfterValidator(_in_all_languages)]
LongTexts = Annotated[dict[Language, Long], AfterValidator(_in_vietnamese_and_english)]
Directions = Annotated[dict[Language, Short], AfterValidator(_in_vietnamese_and_english)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, str_strip_whitespace=True)


class PointRow(_Row):
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]

    def position(self) -> Position:
        return Position(self.latitude, self.longitude)


class CircleRow(PointRow):
    radius_metres: Annotated[float, Field(ge=10, le=2_000)]


class ZoneRow(_Row):
    """A circle or a polygon, not both."""

    circle: CircleRow | None = None
    polygon: Annotated[list[PointRow], Field(min_length=3, max_length=_CORNERS_AT_MOST)] | None = (
        None
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.circle is None) == (self.polygon is None):
            raise ValueError("give either a circle or a polygon")
        return self

    def record(self) -> Zone:
        if self.circle is not None:
            return Circle(self.circle.position(), self.circle.radius_metres)
        return Polygon(tuple(point.position() for point in self.polygon or ()))


class StopRow(_Row):
    id: Id
    names: Names
    position: PointRow
    zones: Annotated[list[ZoneRow], Field(min_length=1, max_length=10)]
    short: ShortTexts
    long: LongTexts
    directions: Directions | None = None
    place_id: Name | None = None

    def record(self) -> Stop:
        return Stop(
            id=self.id,
            names=self.names,
            position=self.position.position(),
            zones=tuple(zone.record() for zone in self.zones),
            short=self.short,
            long=self.long,
            directions=self.directions or {},
            place_id=self.place_id,
        )


class TourFile(_Row):
    version: Literal[1]
    id: Id
    names: Names
    names_unchecked: list[Language] = []
    summaries: ShortTexts
    advice: Directions
    walking_minutes: Annotated[int, Field(gt=0, le=24 * 60)]
    climb_metres: Annotated[int, Field(ge=0, le=4_000)]
    are_zones_surveyed: bool
    corridor_metres: Annotated[float, Field(ge=50, le=5_000)]
    stops: Annotated[list[StopRow], Field(min_length=2, max_length=STOPS_AT_MOST)]

    @model_validator(mode="after")
    def _stops_in_a_row(self) -> Self:
        ids = [stop.id for stop in self.stops]
        if len(set(ids)) < len(ids):
            raise ValueError("a stop is there twice")
        if any(stop.directions is None for stop in self.stops[:-1]):
            raise ValueError("every stop but the last says how to go on")
        return self

    def record(self) -> Tour:
        return Tour(
            id=self.id,
            names=self.names,
            names_unchecked=tuple(self.names_unchecked),
            summaries=self.summaries,
            advice=self.advice,
            walking_minutes=self.walking_minutes,
            climb_metres=self.climb_metres,
            are_zones_surveyed=self.are_zones_surveyed,
            corridor_metres=self.corridor_metres,
            stops=tuple(stop.record() for stop in self.stops),
        )
