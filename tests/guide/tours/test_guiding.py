import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.guide.tours.guiding import GuideState, Turn, bearing_to, guide, turn_to
from api.guide.tours.records import Polygon, Stop, Tour, Zone
from api.guide.tours.whereabouts import Whereabouts
from api.kit.area import METRES_PER_DEGREE, Circle
from api.kit.geo import Position

START = Position(22.3, 103.85)


def north(metres: float, east: float = 0.0) -> Position:
    return Position(
        START.latitude + metres / METRES_PER_DEGREE,
        START.longitude + east / METRES_PER_DEGREE / 0.9252,
    )


def a_stop(name: str, position: Position, *zones: Zone) -> Stop:
    texts = {"vi": name, "en": name}
    return Stop(
        id=name,
        names=texts,
        position=position,
        zones=zones or (Circle(position, 50.0),),
        short=texts,
        long=texts,
        directions={"en": f"on from {name}"},
        place_id=None,
    )


def a_tour(*stops: Stop) -> Tour:
    return Tour(
        id="t",
        names={"vi": "T", "en": "T"},
        names_unchecked=(),
        summaries={},
        advice={},
        walking_minutes=60,
        climb_metres=0,
        are_zones_surveyed=True,
        corridor_metres=300.0,
        stops=stops,
    )


TOUR = a_tour(
    *(a_stop(name, north(metres)) for name, metres in (("a", 0), ("b", 500), ("c", 1000)))
)


@given(st.floats(0, 300), st.floats(5, 200), st.floats(10, 200))
def test_the_likelihood_of_a_circle_is_that_of_a_round_normal_error(
    metres: float, accuracy: float, radius: float
) -> None:
    where = Whereabouts(north(metres), accuracy)

    likelihood = where.likelihood_in(a_stop("a", START, Circle(START, radius)))

    deviation = accuracy / 1.5096
    assert likelihood == pytest.approx(_rice(metres / deviation, radius / deviation), abs=0.03)


def _rice(distance: float, radius: float) -> float:
    """Integrate a round normal density around a point `distance` away over a disc of `radius`."""
    most = min(radius, distance + 8)
    steps = 2_000
    r = (np.arange(steps) + 0.5) / steps * most
    x = np.minimum(distance * r, 600)
    ring = np.where(
        distance * r < 600,
        np.exp(-((r - distance) ** 2) / 2) * np.i0(x) * np.exp(-x),
        np.exp(-((r - distance) ** 2) / 2) / np.sqrt(2 * np.pi * np.maximum(distance * r, 1)),
    )
    return min(1.0, float((r * ring).sum() * most / steps))


def test_zones_of_a_stop_count_together_and_polygons_count() -> None:
    square = Polygon((north(-40, -40), north(-40, 40), north(40, 40), north(40, -40)))
    stop = a_stop("a", START, square, Circle(north(200), 30.0))

    assert Whereabouts(START, 1.0).likelihood_in(stop) == 1.0
    assert Whereabouts(north(200), 1.0).likelihood_in(stop) == 1.0
    assert Whereabouts(north(100), 1.0).likelihood_in(stop) == 0.0


def test_at_the_edge_of_a_zone_it_is_about_half() -> None:
    assert Whereabouts(north(50), 3.0).likelihood_in(TOUR.stops[0]) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(
    ("metres", "accuracy", "heard", "told"),
    [
        (0, 10, "", "a"),
        (0, 10, "a", None),
        (30, 10, "", "a"),
        (60, 10, "", None),
        (0, 70, "", None),
        (500, 10, "", "b"),
        (500, 10, "a", "b"),
        (500, 10, "abc", None),
        (250, 10, "a", None),
    ],
)
def test_a_story_is_told_where_one_certainly_stands_and_not_twice(
    metres: float, accuracy: float, heard: str, told: str | None
) -> None:
    guidance = guide(TOUR, Whereabouts(north(metres), accuracy), frozenset(heard))

    assert (guidance.told.id if guidance.told else None) == told


def test_in_two_zones_the_earlier_story_comes_first_and_then_the_other() -> None:
    wide = a_tour(a_stop("a", START, Circle(START, 100.0)), a_stop("b", START, Circle(START, 30.0)))
    where = Whereabouts(START, 5.0)

    first = guide(wide, where, frozenset())
    second = guide(wide, where, frozenset({"a"}))

    assert first.told is not None
    assert second.told is not None
    assert (first.told.id, second.told.id) == ("a", "b")


@pytest.mark.parametrize(
    ("where", "heard", "state"),
    [
        (Whereabouts(START, 10), "", GuideState.TELLING),
        (Whereabouts(north(250), 10), "a", GuideState.ON_THE_WAY),
        (Whereabouts(north(250, 290), 10), "a", GuideState.ON_THE_WAY),
        (Whereabouts(north(250, 330), 10), "a", GuideState.OFF_THE_WAY),
        (Whereabouts(north(250, 330), 60), "a", GuideState.ON_THE_WAY),
        (Whereabouts(north(250), 81), "a", GuideState.UNCERTAIN),
        (Whereabouts(START, 500), "", GuideState.UNCERTAIN),
        (Whereabouts(START, 10), "abc", GuideState.FINISHED),
    ],
)
def test_what_somebody_is_doing(where: Whereabouts, heard: str, state: GuideState) -> None:
    assert guide(TOUR, where, frozenset(heard)).state is state


@pytest.mark.parametrize(
    ("metres", "heard", "following", "comes_from"),
    [
        (-100, "", "a", None),
        (0, "", "b", "a"),
        (0, "a", "b", "a"),
        (500, "a", "c", "b"),
        (500, "", "c", "b"),
        (500, "b", "c", "b"),
        (900, "bc", "a", None),
    ],
)
def test_where_to_go_next(
    metres: float, heard: str, following: str, comes_from: str | None
) -> None:
    guidance = guide(TOUR, Whereabouts(north(metres), 10), frozenset(heard))

    assert guidance.next is not None
    before = guidance.next.comes_from
    assert (guidance.next.stop.id, before.id if before else None) == (following, comes_from)


def test_directions_are_seen_from_the_way_one_looks() -> None:
    guidance = guide(TOUR, Whereabouts(north(250), 10), frozenset("a"), heading=95.0)

    assert guidance.next is not None
    assert guidance.next.distance_metres == pytest.approx(250, abs=1)
    assert guidance.next.bearing == pytest.approx(0, abs=0.01)
    assert guidance.next.turn is Turn.LEFT


def test_no_bearing_is_told_from_a_position_that_may_lie_beyond_the_stop() -> None:
    guidance = guide(TOUR, Whereabouts(north(480), 30), frozenset("ab"), heading=0.0)
    near = guide(TOUR, Whereabouts(north(980), 30), frozenset("ab"), heading=0.0)

    assert guidance.next is not None
    assert guidance.next.turn is Turn.AHEAD
    assert near.next is None or near.next.bearing is None


@pytest.mark.parametrize(("speed", "is_brief"), [(None, False), (1.4, False), (8.0, True)])
def test_in_passing_only_the_short_text_is_told(speed: float | None, is_brief: bool) -> None:
    assert guide(TOUR, Whereabouts(START, 10), frozenset(), speed=speed).is_brief is is_brief


@pytest.mark.parametrize(
    ("bearing", "heading", "turn"),
    [
        (0, 0, Turn.AHEAD),
        (44, 0, Turn.AHEAD),
        (46, 0, Turn.RIGHT),
        (180, 0, Turn.BEHIND),
        (270, 0, Turn.LEFT),
        (10, 350, Turn.AHEAD),
        (350, 100, Turn.LEFT),
    ],
)
def test_turns_are_quarters(bearing: float, heading: float, turn: Turn) -> None:
    assert turn_to(bearing, heading) is turn


def test_bearings_are_from_north_eastwards() -> None:
    assert bearing_to(START, north(100)) == pytest.approx(0, abs=0.1)
    assert bearing_to(START, north(0, 100)) == pytest.approx(90, abs=0.1)
    assert bearing_to(START, north(-100)) == pytest.approx(180, abs=0.1)
    assert bearing_to(START, north(0, -100)) == pytest.approx(270, abs=0.1)


def test_who_is_off_the_way_gets_a_bearing_and_no_directions_from_the_stop_before() -> None:
    guidance = guide(TOUR, Whereabouts(north(250, 330), 10), frozenset("a"))

    assert guidance.state is GuideState.OFF_THE_WAY
    assert guidance.next is not None
    assert guidance.next.stop.id == "b"
    assert guidance.next.bearing is not None
    assert guidance.next.comes_from is None
