"""What goes out as a file is what comes in again, and other readers read it."""

from datetime import UTC, datetime

import gpxpy
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.tourism.commune_index import CommuneIndex
from api.tourism.trails.courses import course_of
from api.tourism.trails.errors import NoLine
from api.tourism.trails.exports import ExportedTrail, geojson_of, gpx_of
from api.tourism.trails.files import TrailFormat, line_in
from api.tourism.trails.line import Line, LinePoint
from api.tourism.trails.trail import LineKind, Trail, TrailFacts, TrailOrigin
from locales import translator

# No two of them further apart than two points of a survey may be.
latitudes, longitudes = st.floats(22.338, 22.349), st.floats(103.840, 103.852)
heights = st.floats(-100, 4_000)
some_heights = st.lists(
    st.builds(LinePoint, latitudes, longitudes, st.none() | heights), min_size=2
)
all_heights = st.lists(st.builds(LinePoint, latitudes, longitudes, heights), min_size=2)
names = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1
)


def exported(line: Line, name: str = "Đường thử") -> ExportedTrail:
    trail = Trail(
        id="T999",
        facts=TrailFacts(names={"vi": name}),
        course=course_of(line, LineKind.SURVEYED, 20.0),
        origin=TrailOrigin.EDITED,
        changed_at=datetime(2026, 5, 1, tzinfo=UTC),
    )
    return ExportedTrail(trail, line, "vi", translator("vi"))


def drawn(some: list[LinePoint]) -> Line | None:
    try:
        return Line.of(some)
    except NoLine:
        return None


@given(some_heights)
@settings(max_examples=50)
def test_gpx_goes_out_and_comes_in(communes: CommuneIndex, some: list[LinePoint]) -> None:
    if line := drawn(some):
        assert line_in(gpx_of(exported(line)), TrailFormat.GPX, communes) == line


@given(all_heights)
@settings(max_examples=50)
def test_geojson_goes_out_and_comes_in(communes: CommuneIndex, some: list[LinePoint]) -> None:
    if line := drawn(some):
        assert line_in(geojson_of(exported(line)), TrailFormat.GEOJSON, communes) == line


@given(some_heights, names)
@settings(max_examples=50)
def test_gpxpy_finds_the_same_points_and_the_name(some: list[LinePoint], name: str) -> None:
    line = drawn(some)
    if line is None:
        return

    document = gpxpy.parse(gpx_of(exported(line, name)))

    (track,) = document.tracks
    (segment,) = track.segments
    found = [LinePoint(it.latitude, it.longitude, it.elevation) for it in segment.points]
    assert found == list(line.points)
    assert (track.name or "").split() == name.split()
    assert (document.version, document.creator, document.time) == ("1.1", "Lào Cai", None)


def test_geojson_is_as_the_standard_has_it() -> None:
    line = Line((LinePoint(22.33, 103.84, 1_500.0), LinePoint(22.34, 103.85, 1_520.5)))

    document = orjson.loads(geojson_of(exported(line)))

    assert document == {
        "type": "Feature",
        "id": "T999",
        "bbox": [103.84, 22.33, 103.85, 22.34],
        "geometry": {
            "type": "LineString",
            "coordinates": [[103.84, 22.33, 1_500.0], [103.85, 22.34, 1_520.5]],
        },
        "properties": {
            "name": "Đường thử",
            "lineKind": "SURVEYED",
            "lineAccuracy": 20.0,
            "remark": "Tuyến có sai số khoảng 20 m.",
            "length": 1_515,
            "walkingMinutes": 21,
            "difficulty": "EASY",
        },
    }


@pytest.mark.parametrize("elevation", [None, 1_500.0])
def test_geojson_tells_heights_only_when_all_are_known(elevation: float | None) -> None:
    line = Line((LinePoint(22.33, 103.84, elevation), LinePoint(22.34, 103.85)))

    document = orjson.loads(geojson_of(exported(line)))

    assert document["geometry"]["coordinates"] == [[103.84, 22.33], [103.85, 22.34]]
