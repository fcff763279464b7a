import random
import time
from collections.abc import Sequence
from math import asin, atan2, cos, degrees, pi, radians, sin

import h3
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from api.kit.area import CELLS_AT_MOST, Area, AreaTooWide, Circle
from api.kit.geo import Position, cell_of, distance_metres

NOWHERE = Area.of([], [])
RESOLUTIONS = st.integers(3, 9)


def ring(text: str) -> list[Position]:
    """Return the positions of "latitude,longitude latitude,longitude …"."""
    return [Position(*map(float, pair.split(","))) for pair in text.split()]


def drawn(*rings: str) -> Area:
    return Area.of([ring(text) for text in rings], [])


def around(latitude: float, longitude: float, metres: float) -> Area:
    return Area.of([], [Circle(Position(latitude, longitude), metres)])


SQUARE = drawn("22,103 22,104 23,104 23,103 22,103")


def test_the_inside_and_the_boundary_are_covered_and_the_rest_is_not() -> None:
    covered = ["22.5,103.5", "22,103", "22,103.5", "23,104", "22.5,104"]
    outside = ["21.999999,103.5", "22.5,104.000001", "-22.5,103.5"]

    assert all(SQUARE.covers(position) for text in covered for position in ring(text))
    assert not any(SQUARE.covers(position) for text in outside for position in ring(text))


@given(
    corners=st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), max_size=12),
    asked=st.lists(st.tuples(st.integers(-22, 22), st.integers(-22, 22)), max_size=600),
)
def test_many_positions_are_answered_as_each_of_them(
    corners: list[tuple[int, int]], asked: list[tuple[int, int]]
) -> None:
    outline = [Position(latitude / 10, longitude / 10) for latitude, longitude in corners]
    drawn_and_round = Area.of([outline], [Circle(Position(1.0, 1.0), 50_000)])
    positions = [Position(latitude / 10, longitude / 10) for latitude, longitude in asked]

    answers = drawn_and_round.covers_each(positions)

    assert answers == [drawn_and_round.covers(it) for it in positions]


@pytest.mark.parametrize(
    ("way", "is_met"),
    [
        ("22.5,103.5", True),
        ("22.5,104.1", False),
        ("22.5,102.9 22.5,104.1", True),
        ("22.95,102.9 23.1,103.05", False),
        ("21.9,102.9 22,103", True),
    ],
    ids=["a place inside", "a place outside", "through", "around a corner", "to the boundary"],
)
def test_a_way_is_met_between_its_positions_too(way: str, is_met: bool) -> None:
    assert SQUARE.meets_way(ring(way)) is is_met
    assert not NOWHERE.meets_way(ring(way))


@pytest.mark.parametrize(
    ("way", "metres", "is_met"),
    [
        ("22.5,102.99", 1_000, False),  # 1,027 m west
        ("22.5,102.99", 1_040, True),
        ("22.95,102.9 23.1,103.05", 4_000, True),
        ("22.5,104.1", 1_000, False),
        ("22.5,103.5", 1_000, True),
    ],
)
def test_a_way_is_met_from_so_far(way: str, metres: float, is_met: bool) -> None:
    assert SQUARE.meets_way(ring(way), metres) is is_met
    assert not NOWHERE.meets_way(ring(way), metres)


@pytest.mark.parametrize(
    ("other", "is_met"),
    [
        ("22.4,103.4 22.4,103.6 22.6,103.6 22.6,103.4 22.4,103.4", True),
        ("21,102 21,105 24,105 24,102 21,102", True),
        ("23,104 23,105 24,105 24,104 23,104", True),
        ("23.1,104 23.1,105 24,105 24,104 23.1,104", False),
    ],
    ids=["within", "around", "at a corner", "apart"],
)
def test_areas_that_share_a_position_meet(other: str, is_met: bool) -> None:
    assert SQUARE.meets(drawn(other)) is drawn(other).meets(SQUARE) is is_met
    assert not SQUARE.meets(NOWHERE)
    assert not NOWHERE.meets(SQUARE)


def test_an_area_of_nothing_is_empty() -> None:
    assert NOWHERE.is_empty
    assert NOWHERE.cells(7) == frozenset()
    assert not NOWHERE.covers(Position(0, 0))
    assert not NOWHERE.touches_cell(cell_of(Position(0, 0), 7))
    assert not SQUARE.is_empty


@pytest.mark.parametrize(
    ("shape", "inside", "outside"),
    [
        ("0,0 0,4 4,4 4,0", "2,2", "5,2"),
        ("0,0 4,4 4,0 0,4 0,0", "0.5,2 3.5,2", "2,0.5 2,3.5"),
        ("0,0 0,4 4,4 4,0 0,0 0,4 4,4 4,0 0,0", "2,2", "5,2"),
        ("0,0 0,4 4,4 4,0 0,0 1,1 3,1 3,3 1,3 1,1 0,0", "0.5,2", "2,2"),
        ("0,0 0,4 4,4 4,0 0,0 1,1 1,3 3,3 3,1 1,1 0,0", "0.5,2 2,2", "5,2"),
        ("0,0 0,2 2,2 4,4 4,2 2,2 2,0 0,0", "1,1 3.5,3", "1,3"),
        ("0,0 0,4 4,4 4,0 0,0 6,6 0,0", "2,2", "6,6"),
        ("0,0 0,4 4,4 4,0 0,0 4,0 4,4 0,4 0,0", "2,2", "5,2"),
        ("0,0 0,3 3,3 3,1 1,1 1,4 4,4 4,0 0,0", "0.5,1 2,2 3.5,2 2,0.5 2,3.5", "5,2 0.5,3.5"),
    ],
    ids=[
        "open ring",
        "bow tie",
        "drawn twice",
        "hole by a keyhole",
        "hole drawn the same way round",
        "touching itself",
        "with a spike",
        "there and back",
        "lobes of opposite turns that overlap",
    ],
)
def test_rings_as_people_draw_them_lose_nothing_of_their_inside(
    shape: str, inside: str, outside: str
) -> None:
    area = drawn(shape)

    assert all(area.covers(position) for position in ring(inside))
    assert not any(area.covers(position) for position in ring(outside))


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=14))
@settings(max_examples=300, deadline=None)
def test_whatever_another_repair_takes_for_inside_is_inside(corners: list[tuple[int, int]]) -> None:
    other = shapely.make_valid(shapely.Polygon([(x, y) for x, y in corners]))
    polygons = [part for part in shapely.get_parts(other) if part.area > 0]

    area = Area.of([[Position(y, x) for x, y in corners]], [])

    assert shapely.union_all(polygons).difference(area.geometry.buffer(1e-6)).area == 0


@pytest.mark.parametrize(
    ("shape", "on_it"),
    [("5,5", "5,5"), ("5,5 5,5 5,5 5,5", "5,5"), ("5,5 5,6 5,7 5,5", "5,6"), ("5,5 5,6", "5,5.5")],
)
def test_a_ring_without_an_inside_is_the_line_or_point_that_it_draws(
    shape: str, on_it: str
) -> None:
    area = drawn(shape)
    (position,) = ring(on_it)

    assert not area.is_empty
    assert area.covers(position)
    assert area.touches_cell(cell_of(position, 7))
    assert cell_of(position, 7) in area.cells(7)


def test_an_area_is_the_union_of_its_parts() -> None:
    area = Area.of([ring("0,0 0,1 1,1 1,0 0,0")], [Circle(Position(5, 5), 1_000)])

    both = area | drawn("8,8 8,9 9,9 9,8 8,8")

    assert all(both.covers(position) for position in ring("0.5,0.5 5,5 8.5,8.5"))
    assert not area.covers(Position(8.5, 8.5))


@pytest.mark.parametrize(
    ("shape", "inside", "outside"),
    [
        ("-18,177 -18,-178 -16,-178 -16,177 -18,177", "-17,179 -17,-179 -17,180", "-17,0 -17,-177"),
        ("-90,-180 -90,180 90,180 90,-180 -90,-180", "0,0 22,103 89,-179", ""),
        ("10,-180 10,180 20,180 20,-180 10,-180", "15,0 15,179.9", "25,0 5,0"),
        ("70,0 70,120 70,-120 70,0", "89,50 75,10 90,0", "60,10 -89,0"),
        ("-70,0 -70,120 -70,-120 -70,0", "-89,50 -90,0", "-60,10 89,0"),
    ],
    ids=["over the antimeridian", "the world", "a belt", "the north pole", "the south pole"],
)
def test_the_ends_of_the_map_are_no_ends_of_an_area(shape: str, inside: str, outside: str) -> None:
    area = drawn(shape)

    assert all(area.covers(position) for position in ring(inside))
    assert not any(area.covers(position) for position in ring(outside))


def test_a_ring_that_winds_round_the_earth_loses_nothing_of_its_inside() -> None:
    outward = [Position(step, (step * 120 + 180) % 360 - 180) for step in range(13)]
    homeward = [Position(corner.latitude + 10, corner.longitude) for corner in reversed(outward)]

    wound = Area.of([[*outward, *homeward]], [])

    between = [Position(step + 5.5, (step * 120 + 240) % 360 - 180) for step in range(12)]
    assert all(wound.covers(position) for position in between)
    assert not wound.covers(Position(-0.1, 0))


def test_cells_go_on_over_the_antimeridian() -> None:
    area = drawn("-18,177 -18,-178 -16,-178 -16,177 -18,177")

    cells = area.cells(5)

    assert {cell_of(position, 5) for position in ring("-17,179 -17,-179 -17,180 -17,-180")} <= cells
    assert cell_of(Position(-17, 0), 5) not in cells
    assert len(cells) < 1_000


@given(
    latitude=st.floats(-85, 85),
    longitude=st.floats(-180, 180),
    metres=st.floats(1, 3_000_000),
    share=st.floats(0, 1),
    bearing=st.floats(0, 360),
)
@settings(max_examples=300, deadline=None)
def test_a_circle_loses_nobody_and_is_hardly_larger(
    latitude: float, longitude: float, metres: float, share: float, bearing: float
) -> None:
    centre = Position(latitude, longitude)
    area = around(latitude, longitude, metres)

    inside = _away(centre, bearing, metres * share)
    outside = _away(centre, bearing, metres * 1.02 + 1)

    assert distance_metres(centre, inside) <= metres * 1.000001 + 0.01
    assert area.covers(inside)
    assert not area.covers(outside)


def _away(start: Position, bearing: float, metres: float) -> Position:
    angle, course, y = metres / 6_371_008.8, radians(bearing), radians(start.latitude)
    end_y = asin(sin(y) * cos(angle) + cos(y) * sin(angle) * cos(course))
    turn = atan2(sin(course) * sin(angle) * cos(y), cos(angle) - sin(y) * sin(end_y))
    longitude = (start.longitude + degrees(turn) + 180) % 360 - 180
    return Position(degrees(end_y), longitude)


def test_a_circle_of_radius_0_is_a_point() -> None:
    area = around(22.3364, 103.8438, 0)

    assert area.covers(Position(22.3364, 103.8438))
    assert not area.covers(Position(22.3365, 103.8438))
    assert cell_of(Position(22.3364, 103.8438), 7) in area.cells(7)


def test_a_circle_larger_than_a_quarter_of_the_earth_is_the_earth() -> None:
    assert around(22, 103, 15_000_000).covers(Position(-80, -77))


@given(
    centre=st.tuples(st.floats(-65, 65), st.floats(-180, 180)),
    offsets=st.lists(st.tuples(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5)), min_size=1, max_size=9),
    probe=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    resolution=RESOLUTIONS,
)
@settings(max_examples=300, deadline=None)
def test_the_cell_of_a_covered_position_is_never_missed(
    centre: tuple[float, float],
    offsets: list[tuple[float, float]],
    probe: tuple[float, float],
    resolution: int,
) -> None:
    corners = [Position(centre[0] + y, (centre[1] + x + 180) % 360 - 180) for y, x in offsets]
    area = Area.of([corners], [])
    # Somewhere on the line between two corners: often at the very edge, sometimes inside.
    one, other = corners[0], corners[int(probe[0] * (len(corners) - 1))]
    position = Position(
        one.latitude + (other.latitude - one.latitude) * probe[1],
        one.longitude + (other.longitude - one.longitude) * probe[1],
    )

    if area.covers(position):
        cell = cell_of(position, resolution)
        assert area.touches_cell(cell)
        if area.cells_estimate(resolution) < 20_000:
            assert cell in area.cells(resolution)


def test_cells_are_those_that_touch_and_hardly_more() -> None:
    area = around(22.3364, 103.8438, 5_000)

    cells = area.cells(7)

    near = h3.grid_disk(cell_of(Position(22.3364, 103.8438), 7), 8)
    assert cells == {cell for cell in near if area.touches_cell(cell)}
    assert 19 <= len(cells) <= 31


def test_the_estimate_is_of_the_right_size_and_guards_the_memory() -> None:
    province = drawn("21.3,103.5 21.3,105.1 22.9,105.1 22.9,103.5 21.3,103.5")

    cells = len(province.cells(7))

    assert cells / 2 < province.cells_estimate(7) < cells * 2
    world = drawn("-90,-180 -90,180 90,180 90,-180 -90,-180")
    assert world.cells_estimate(7) > CELLS_AT_MOST
    with pytest.raises(AreaTooWide):
        world.cells(7)
    assert len(world.cells(1)) == 842


def test_an_area_of_cells_holds_all_their_descendants() -> None:
    parent = cell_of(Position(22.3364, 103.8438), 7)

    area = Area.of_cells([parent])

    for child in h3.cell_to_children(parent, 10):
        for latitude, longitude in h3.cell_to_boundary(child):
            assert area.covers(Position(latitude, longitude))
    assert len(area.cells(7)) == 7


def _zigzag(corners: int) -> list[Position]:
    slanted = [Position(number % 2 * 50, number * 0.001) for number in range(corners - 2)]
    return [*slanted, Position(60, 0), Position(-1, corners * 0.0005)]


def _scribble(corners: int) -> list[Position]:
    generator = random.Random(7)  # noqa: S311
    return [
        Position(generator.uniform(-60, 60), generator.uniform(-170, -10)) for _ in range(corners)
    ]


@pytest.mark.parametrize(
    "hostile",
    [_scribble(20_000), _zigzag(20_000), _scribble(300), [Position(1, 1)] * 20_000],
    ids=["scribble", "zigzag", "small scribble", "one point"],
)
def test_a_hostile_ring_costs_seconds_at_most_and_loses_none_of_its_corners(
    hostile: Sequence[Position],
) -> None:
    began = time.thread_time()

    area = Area.of([hostile], [])

    assert time.thread_time() - began < 5
    assert all(area.covers(corner) for corner in hostile[:100])


def _grid(slivers: int) -> list[list[Position]]:
    """Return thin strips that cross each other slivers² times."""
    step = 80 / slivers
    lying = [_box(-40 + step * number, -40, 0.001, 80) for number in range(slivers)]
    standing = [_box(-40, -40 + step * number, 80, 0.001) for number in range(slivers)]
    return [*lying, *standing]


def _box(south: float, west: float, height: float, width: float) -> list[Position]:
    north, east = south + height, west + width
    return [
        Position(south, west),
        Position(south, east),
        Position(north, east),
        Position(north, west),
    ]


@pytest.mark.parametrize(
    "hostile",
    [_grid(2_500), [_scribble(50)] * 150, [_scribble(200)] * 100, [_zigzag(500)] * 40],
    ids=["grid", "small scribbles", "large scribbles", "zigzags"],
)
def test_many_hostile_rings_cost_seconds_at_most(hostile: Sequence[Sequence[Position]]) -> None:
    began = time.thread_time()

    area = Area.of(hostile, [])

    assert all(area.covers(each[0]) for each in hostile)
    assert time.thread_time() - began < 10


@pytest.mark.parametrize(
    "centre",
    [Position(22.3, 103.8), Position(-17, 179.9), Position(89.9, 20)],
    ids=["Sa Pa", "antimeridian", "pole"],
)
def test_many_cells_asked_at_once_are_answered_like_each(centre: Position) -> None:
    area = Area.of([_box(centre.latitude, centre.longitude, 0.05, 0.05)], [])
    cells = [*h3.grid_disk(cell_of(centre, 6), 4)]

    touched = area.touches_cells(cells, 6)

    assert touched == [area.touches_cell(cell) for cell in cells]
    assert 0 < sum(touched) < len(cells)


def test_a_fine_outline_is_not_coarsened() -> None:
    turns = [2 * pi * number / 10_000 for number in range(10_000)]
    outline = [
        Position(22 + (0.5 + number % 2 * 0.005) * sin(turn), 103 + 0.5 * cos(turn))
        for number, turn in enumerate(turns)
    ]

    area = Area.of([outline], [])

    assert area.covers(Position(22, 103))
    assert not area.covers(Position(22.49, 103.49))
