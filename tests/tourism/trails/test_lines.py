"""Lines: what is kept of the points, and what is measured on them."""

from itertools import pairwise
from math import cos, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.kit.geo import Position, distance_metres
from api.tourism.trails.errors import NoLine
from api.tourism.trails.line import SPACING_METRES, Line, LinePoint, metres_from_line
from api.tourism.trails.polyline import encoded

DEGREE = 111_195.08
START = LinePoint(22.33, 103.84)


def north(metres: float, elevation: float | None = None) -> LinePoint:
    """Return the point that many metres north of the start."""
    return LinePoint(START.latitude + metres / DEGREE, START.longitude, elevation)


def on(point: LinePoint) -> Position:
    return Position(point.latitude, point.longitude)


points = st.builds(
    LinePoint,
    st.floats(22.3, 22.31),
    st.floats(103.8, 103.81),
    st.none() | st.floats(0, 3_000),
)


def test_points_that_stand_still_are_left_out_but_the_ends_stay() -> None:
    metres = [0, 1, 2, 20, 20, 23, 40, 41, 44]

    line = Line.of(map(north, metres))

    assert [round(it) for it in line.distances.tolist()] == [0, 20, 44]
    assert line.points[0] == LinePoint(22.33, 103.84)


def test_a_rest_on_the_way_adds_nothing_to_the_length() -> None:
    resting = [north(100 + 2 * sin(step), 1_500.0) for step in range(500)]

    line = Line.of([north(0), *resting, north(200)])

    assert line.length_metres == pytest.approx(200, abs=0.5)


@pytest.mark.parametrize("metres", [[], [0], [0, 1, 2, 4.9], [0, 0, 0]])
def test_what_stays_in_one_place_is_no_line(metres: list[float]) -> None:
    with pytest.raises(NoLine):
        Line.of(map(north, metres))


@given(st.lists(points, min_size=2, max_size=40))
def test_a_line_of_its_own_points_is_the_same_line(some: list[LinePoint]) -> None:
    try:
        line = Line.of(some)
    except NoLine:
        return

    assert Line.of(line.points) == line
    steps = pairwise(line.points)
    assert all(distance_metres(on(a), on(b)) >= SPACING_METRES for a, b in steps)


@given(st.lists(points, min_size=2, max_size=60), st.sampled_from([1.0, 10.0, 100.0]))
def test_what_is_left_out_lies_within_the_tolerance(
    some: list[LinePoint], tolerance: float
) -> None:
    try:
        line = Line.of(some)
    except NoLine:
        return

    simple = line.simplified(tolerance)

    outline = [on(it) for it in simple.points]
    assert set(simple.points) <= set(line.points)
    assert (simple.points[0], simple.points[-1]) == (line.points[0], line.points[-1])
    off = max(metres_from_line(on(it), outline) for it in line.points)
    assert off <= tolerance * 1.01


def test_too_many_points_raise_the_tolerance_until_they_fit() -> None:
    circle = [
        LinePoint(22.3 + 0.01 * sin(n / 159.2), 103.8 + 0.01 * cos(n / 159.2)) for n in range(1_000)
    ]
    line = Line.of(circle)

    fitting, tolerance = line.with_points_at_most(50, 0.0)

    assert len(fitting.points) <= 50
    assert tolerance == 8.0


def test_samples_are_never_further_apart_than_they_say() -> None:
    line = Line.of([north(0), north(950), north(1_000)])

    samples = line.samples()

    steps = [distance_metres(a, b) for a, b in pairwise(samples)]
    assert max(steps) <= 100
    assert (samples[0], samples[-1]) == (on(line.points[0]), on(line.points[-1]))


@pytest.mark.parametrize(
    ("metres", "distance"), [(500, 0), (0, 0), (-300, 300), (1_300, 300), (-400_000, 400_000)]
)
def test_the_distance_is_to_the_nearest_point_of_the_line(metres: float, distance: float) -> None:
    outline = [on(north(0)), on(north(1_000))]

    assert metres_from_line(on(north(metres)), outline) == pytest.approx(distance, rel=0.002, abs=1)


def test_the_distance_beside_a_line_is_across() -> None:
    outline = [on(north(0)), on(north(10_000))]
    beside = Position(22.375, 103.84 + 700 / DEGREE / cos(radians(22.375)))

    assert metres_from_line(beside, outline) == pytest.approx(700, rel=0.002)


def test_a_polyline_is_written_as_map_libraries_read_it() -> None:
    published = [Position(38.5, -120.2), Position(40.7, -120.95), Position(43.252, -126.453)]

    assert encoded(published) == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"
    assert encoded([]) == ""
