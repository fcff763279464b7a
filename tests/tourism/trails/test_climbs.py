"""Climbs, times and difficulty: what a line tells, and what a receiver's noise must not."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.tourism.trails.elevation import CLIMB_METRES, climbs_of, elevations_of, sampled
from api.tourism.trails.line import Line
from api.tourism.trails.walking import Difficulty, measured
from tests.tourism.trails.test_lines import north

heights = st.lists(st.floats(0, 3_000), min_size=2, max_size=60)


def climbs(*metres: float) -> tuple[float, float]:
    return climbs_of(np.array(metres, dtype=np.float64))


def slope(length: float, rise: float, *, step: float = 10.0) -> Line:
    """Return an even way north that rises, or falls, by `rise` metres."""
    count = round(length / step)
    return Line.of(north(n * step, 1_000 + rise * n / count) for n in range(count + 1))


@pytest.mark.parametrize(
    ("metres", "expected"),
    [
        ([0, 100], (100, 0)),
        ([100, 0], (0, 100)),
        ([0, 50, 30, 80], (100, 20)),
        ([0, 9, 0, 9, 0], (0, 0)),
        ([0, 9.9], (0, 0)),
        ([0, 10], (10, 0)),
        ([5, 0, 50], (50, 0)),
        # A dip of less than ten metres is not lost to the climb, it is not counted.
        ([0, 50, 45, 100], (100, 0)),
        ([0, 50, 45, 40, 100], (110, 10)),
        ([0, 3, 6, 9, 12, 15], (15, 0)),
        ([7, 7], (0, 0)),
    ],
)
def test_a_rise_counts_whole_once_it_is_high_enough(
    metres: list[float], expected: tuple[float, float]
) -> None:
    assert climbs(*metres) == expected


@given(heights)
def test_up_less_down_is_about_the_difference_of_the_ends(metres: list[float]) -> None:
    ascent, descent = climbs(*metres)

    assert abs((ascent - descent) - (metres[-1] - metres[0])) < 2 * CLIMB_METRES
    assert ascent >= max(0.0, metres[-1] - metres[0] - 2 * CLIMB_METRES)


@given(heights)
def test_the_way_back_goes_down_what_it_went_up(metres: list[float]) -> None:
    assert climbs(*reversed(metres)) == pytest.approx(tuple(reversed(climbs(*metres))))


@pytest.mark.parametrize(("rise", "least", "most"), [(0, 0, 0), (600, 590, 640)])
def test_the_noise_of_a_receiver_is_no_climbing(rise: float, least: float, most: float) -> None:
    noise = np.random.default_rng(4711)
    count = 1_200
    noisy = Line.of(
        north(n * 6, 1_000 + rise * n / count + float(noise.normal(0, 4))) for n in range(count + 1)
    )
    steps = [
        b.elevation - a.elevation
        for a, b in pairwise(noisy.points)
        if a.elevation is not None and b.elevation is not None
    ]

    ascent = measured(noisy).ascent_metres

    assert ascent is not None
    assert least <= ascent <= most
    # The control: what adding up every step would tell.
    assert sum(step for step in steps if step > 0) > 2_000


def test_heights_between_known_ones_are_in_proportion() -> None:
    line = Line.of([north(0, 1_000), north(250), north(1_000, 1_200)])

    heights_known = elevations_of(line)

    assert heights_known is not None
    assert heights_known.tolist() == pytest.approx([1_000, 1_050, 1_200], abs=0.1)


@pytest.mark.parametrize("elevation", [None, 1_000.0])
def test_one_height_is_no_profile(elevation: float | None) -> None:
    line = Line.of([north(0, elevation), north(500), north(1_000)])

    assert elevations_of(line) is None
    assert measured(line).ascent_metres is None
    assert measured(line).minutes == 12


@given(st.integers(2, 200))
def test_a_profile_is_even_and_ends_at_the_end(count: int) -> None:
    line = slope(3_000, 300)
    known = elevations_of(line)
    assert known is not None

    distances, found = sampled(line, known, count)

    assert len(distances) == len(found) == count
    assert (distances[0], distances[-1]) == (0.0, line.length_metres)
    assert np.allclose(np.diff(distances), line.length_metres / (count - 1))


@pytest.mark.parametrize(
    ("length", "rise", "minutes"),
    [
        (5_000, 0, 60),  # Naismith: five kilometres an hour
        (5_000, 600, 120),  # and an hour more for six hundred metres
        (5_000, -200, 60),  # 2.3 degrees down: no correction
        (3_000, -500, 20),  # 9.5 degrees down: ten minutes less for each three hundred metres
        (3_000, -1_000, 70),  # 18 degrees down: ten minutes more for each
    ],
)
def test_the_time_is_naismith_s_with_langmuir_s_corrections(
    length: float, rise: float, minutes: int
) -> None:
    assert measured(slope(length, rise)).minutes == pytest.approx(minutes, abs=1)


@pytest.mark.parametrize(
    ("length", "rise", "difficulty"),
    [
        (7_900, 0, Difficulty.EASY),
        (8_100, 0, Difficulty.MODERATE),
        (7_500, 600, Difficulty.MODERATE),
        (10_000, 700, Difficulty.HARD),
        (16_000, 1_100, Difficulty.VERY_HARD),
        # Short, but steeper than 30 %.
        (2_000, 500, Difficulty.EASY),
        (2_000, 700, Difficulty.HARD),
        (1_000, -350, Difficulty.MODERATE),
    ],
)
def test_difficulty_goes_by_effort_and_steepness(
    length: float, rise: float, difficulty: Difficulty
) -> None:
    assert measured(slope(length, rise)).proposed is difficulty
