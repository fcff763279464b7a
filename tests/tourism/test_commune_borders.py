"""The shipped table of cells against the boundaries it was computed from."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from api.kit.area import Area, Circle
from api.kit.geo import Position
from api.tourism.commune_cells import measured_error, read_boundaries
from api.tourism.commune_index import CommuneIndex

BOUNDARIES = Path(__file__).resolve().parents[3] / "shared/data/communes/communes.geojson"
POINTS = 20_000
AREAS = 30

pytestmark = pytest.mark.skipif(
    not BOUNDARIES.exists(), reason="the boundaries are not part of the product: no ../shared here"
)


@cache
def polygons() -> Mapping[str, BaseGeometry]:
    return {boundary.code: boundary.geometry for boundary in read_boundaries(BOUNDARIES)}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> CommuneIndex:
    return CommuneIndex.in_folder(tmp_path_factory.mktemp("empty"))


def met_by(area: Area) -> set[str]:
    return {code for code, polygon in polygons().items() if polygon.intersects(area.geometry)}


def random_circles() -> list[Circle]:
    random = np.random.default_rng(7)
    west, south, east, north = shapely.union_all(list(polygons().values())).bounds
    return [
        Circle(
            Position(random.uniform(south, north), random.uniform(west, east)),
            10 ** random.uniform(0, 4.5),
        )
        for _ in range(AREAS)
    ]


def test_few_positions_are_given_to_the_neighbour_and_only_by_the_border(
    index: CommuneIndex,
) -> None:
    error = measured_error(
        index.table, read_boundaries(BOUNDARIES), POINTS, lambda _step, _done, _total: None
    )

    print(f"wrong: {error.wrong_share:.2%}, at most {error.greatest_metres:.0f} m from the border")  # noqa: T201
    assert error.wrong_share < 0.01
    assert error.greatest_metres < 100


def test_no_commune_that_an_area_touches_is_missed(index: CommuneIndex) -> None:
    for circle in random_circles():
        area = Area.of([], [circle])
        assert met_by(area) <= index.touching(area), circle


def test_a_commune_that_is_named_too_much_is_close_by(index: CommuneIndex) -> None:
    for circle in random_circles():
        area = Area.of([], [circle])
        grown = Area.of([], [Circle(circle.centre, circle.radius_metres + 300)])
        assert index.touching(area) <= met_by(grown), circle


def test_the_area_of_every_commune_holds_it_whole(index: CommuneIndex) -> None:
    for code, polygon in polygons().items():
        area = index.area_of(frozenset({code}))
        assert area.geometry.covers(polygon), code
