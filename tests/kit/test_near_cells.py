from itertools import pairwise
from math import asin, atan2, cos, degrees, inf, pi, radians, sin

import h3
from hypothesis import given
from hypothesis import strategies as st

from api.kit.geo import EARTH_RADIUS_METRES, Position, cell_of
from api.kit.near_cells import INDEXED_RESOLUTIONS, discs, indexed_cells

SA_PA = Position(22.3364, 103.8438)

positions = st.builds(Position, st.floats(-85, 85), st.floats(-180, 180))


def after(start: Position, bearing: float, metres: float) -> Position:
    angle = metres / EARTH_RADIUS_METRES
    y, x = radians(start.latitude), radians(start.longitude)
    end_y = asin(sin(y) * cos(angle) + cos(y) * sin(angle) * cos(bearing))
    end_x = x + atan2(sin(bearing) * sin(angle) * cos(y), cos(angle) - sin(y) * sin(end_y))
    return Position(degrees(end_y), (degrees(end_x) + 180) % 360 - 180)


@given(positions, st.floats(0, 2 * pi), st.floats(0, 1))
def test_a_disc_holds_all_that_it_claims_to_reach(
    centre: Position, bearing: float, share: float
) -> None:
    for disc in discs(centre, from_metres=0, to_metres=200_000, at_least_square_km=0):
        assert disc.cells is not None
        there = after(centre, bearing, share * disc.reach_metres)
        assert cell_of(there, h3.get_resolution(disc.cells[0])) in disc.cells


@given(st.floats(1, 200_000))
def test_discs_grow_until_they_reach_far_enough(metres: float) -> None:
    found = list(discs(SA_PA, from_metres=0, to_metres=metres, at_least_square_km=0))

    assert all(one.reach_metres < other.reach_metres for one, other in pairwise(found))
    assert [disc.reach_metres >= metres for disc in found] == [False] * (len(found) - 1) + [True]


def test_without_an_end_the_last_disc_is_the_whole_earth() -> None:
    found = list(discs(SA_PA, from_metres=0, to_metres=None, at_least_square_km=0))

    assert found[-1].cells is None
    assert found[-1].reach_metres == inf


def test_discs_that_are_known_or_too_small_are_left_out() -> None:
    everything = list(discs(SA_PA, from_metres=0, to_metres=None, at_least_square_km=0))

    after_ten_km = list(discs(SA_PA, from_metres=10_000, to_metres=None, at_least_square_km=0))
    of_a_province = list(discs(SA_PA, from_metres=0, to_metres=None, at_least_square_km=13_000))

    assert after_ten_km == [disc for disc in everything if disc.reach_metres > 10_000]
    assert of_a_province == everything[3:]


def test_a_document_carries_a_cell_of_each_resolution() -> None:
    assert [h3.get_resolution(cell) for cell in indexed_cells(SA_PA)] == list(INDEXED_RESOLUTIONS)
