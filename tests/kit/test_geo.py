import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.kit.geo import (
    COARSE_RESOLUTION,
    InvalidPosition,
    Position,
    PositionErrorCode,
    cell_of,
    distance_metres,
)

HANOI = Position(21.0285, 105.8542)
SA_PA = Position(22.3364, 103.8438)

positions = st.builds(
    Position,
    st.floats(-90, 90, allow_nan=False),
    st.floats(-180, 180, allow_nan=False),
)


def test_sa_pa_lies_254_kilometres_from_hanoi() -> None:
    assert distance_metres(SA_PA, HANOI) == pytest.approx(253_572, abs=1)


def test_a_degree_of_latitude_measures_111_kilometres() -> None:
    assert distance_metres(Position(0, 0), Position(1, 0)) == pytest.approx(111_195, abs=1)


def test_the_antipodes_are_half_way_round() -> None:
    assert distance_metres(Position(0, 0), Position(0, 180)) == pytest.approx(20_015_115, abs=1)


def test_the_antimeridian_parts_nothing() -> None:
    assert distance_metres(Position(0, 179.9), Position(0, -179.9)) == pytest.approx(22_239, abs=1)


@given(positions)
def test_a_position_is_no_distance_from_itself(here: Position) -> None:
    assert distance_metres(here, here) == 0


@given(positions, positions)
def test_distance_is_symmetric_and_never_more_than_half_way_round(
    one: Position, other: Position
) -> None:
    there, back = distance_metres(one, other), distance_metres(other, one)

    assert there == pytest.approx(back, rel=1e-9, abs=1e-6)
    assert 0 <= there <= 20_015_116


@given(positions, positions, positions)
def test_a_detour_is_never_shorter(one: Position, other: Position, between: Position) -> None:
    straight = distance_metres(one, other)
    detour = distance_metres(one, between) + distance_metres(between, other)

    assert detour >= straight - 1


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(90.001, 0), (-90.001, 0), (0, 180.001), (0, -180.001), (math.nan, 0), (0, math.inf)],
)
def test_a_position_off_the_earth_is_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(InvalidPosition) as refusal:
        Position(latitude, longitude)

    assert refusal.value.code is PositionErrorCode.INVALID_POSITION


@given(positions)
def test_every_position_has_a_cell(here: Position) -> None:
    assert len(cell_of(here, COARSE_RESOLUTION)) == 15


def test_sa_pa_has_this_coarse_cell() -> None:
    assert cell_of(SA_PA, COARSE_RESOLUTION) == "8741592b2ffffff"
