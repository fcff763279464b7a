"""A province of two square communes side by side, a third that overlaps the second, and a gap."""

import json
from pathlib import Path
from typing import Any

import pytest

from api.kit.area import Area, Circle
from api.kit.geo import Position
from api.tourism.commune_cells import import_boundaries
from api.tourism.commune_index import CommuneIndex
from api.tourism.errors import InvalidBoundaries, TourismErrorCode

SOUTH, NORTH = 22.0, 22.1


def square(code: str, west: float, east: float) -> dict[str, Any]:
    ring = [[west, SOUTH], [east, SOUTH], [east, NORTH], [west, NORTH], [west, SOUTH]]
    return {
        "type": "Feature",
        "properties": {"code": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


WEST, EAST, FAR_EAST = (
    square("1", 104.0, 104.1),
    square("2", 104.1003, 104.2),  # 30 m of nobody's land before it
    square("3", 104.19, 104.3),  # 1 km of it belongs to 2 as well
)


def imported(folder: Path, *features: object) -> CommuneIndex:
    source = folder / "boundaries.geojson"
    source.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    steps: list[tuple[str, int, int]] = []
    import_boundaries(
        source,
        folder / "commune_cells.npz",
        lambda step, done, total: steps.append((step, done, total)),
    )
    assert steps[0] == ("communes", 1, len(features))
    assert steps[-1][1] == steps[-1][2]
    return CommuneIndex.in_folder(folder)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> CommuneIndex:
    return imported(tmp_path_factory.mktemp("communes"), FAR_EAST, EAST, WEST)


def middle(longitude: float) -> Position:
    return Position(22.05, longitude)


@pytest.mark.parametrize(
    ("longitude", "code"),
    [
        (103.99, None),
        (104.002, "1"),
        (104.098, "1"),
        (104.102, "2"),
        (104.18, "2"),
        (104.195, "2"),
        (104.202, "3"),
        (104.29, "3"),
        (104.31, None),
    ],
)
def test_a_position_lies_in_one_commune_or_none(
    index: CommuneIndex, longitude: float, code: str | None
) -> None:
    assert index.at(middle(longitude)) == code


def test_a_gap_of_some_metres_belongs_to_one_side_or_the_other(index: CommuneIndex) -> None:
    in_the_gap = [Position(SOUTH + step / 1_000, 104.10015) for step in range(1, 100)]

    assert {index.at(position) for position in in_the_gap} == {"1", "2"}


def test_the_codes_are_known(index: CommuneIndex) -> None:
    assert index.codes == {"1", "2", "3"}


@pytest.mark.parametrize(
    ("longitude", "radius", "codes"),
    [
        (104.05, 1_000, {"1"}),
        (104.05, 6_000, {"1", "2"}),
        (104.1, 0, {"1", "2"}),
        (104.195, 10, {"2", "3"}),
        (104.15, 100_000, {"1", "2", "3"}),
        (103.9, 9_000, set[str]()),
        (103.9, 11_000, {"1"}),
        (0.0, 1_000, set[str]()),
        (104.15, 9_000_000, {"1", "2", "3"}),
    ],
)
def test_an_area_touches_the_communes_it_meets(
    index: CommuneIndex, longitude: float, radius: float, codes: set[str]
) -> None:
    area = Area.of([], [Circle(middle(longitude), radius)])

    assert index.touching(area) == codes


def test_nothing_touches_no_commune(index: CommuneIndex) -> None:
    assert index.touching(Area.of([], [])) == set()


def test_the_area_of_a_commune_holds_it_and_little_more(index: CommuneIndex) -> None:
    area = index.area_of(frozenset({"3"}))

    corners = [Position(SOUTH, 104.19), Position(NORTH, 104.19), Position(NORTH, 104.3)]
    assert all(area.covers(corner) for corner in corners)
    assert area.covers(middle(104.25))
    assert not area.covers(middle(104.185))
    assert not area.covers(middle(104.305))


def test_the_same_boundaries_give_the_same_bytes(tmp_path: Path) -> None:
    imported(tmp_path, WEST)
    first = (tmp_path / "commune_cells.npz").read_bytes()

    imported(tmp_path, WEST)

    assert (tmp_path / "commune_cells.npz").read_bytes() == first


def test_without_an_import_the_shipped_table_answers(tmp_path: Path) -> None:
    shipped = CommuneIndex.in_folder(tmp_path)

    assert len(shipped.codes) == 99
    assert shipped.at(Position(22.3364, 103.8438)) == "03006"
    assert shipped.table.border_error_metres < 100
    assert shipped.table.wrong_share < 0.01


NOT_ON_EARTH = square("4", 170.0, 190.0)
FLAT = square("4", 104.0, 104.0)
WITHOUT_CODE: dict[str, Any] = {**WEST, "properties": {}}
OF_NUMBER: dict[str, Any] = {**WEST, "properties": {"code": 1}}
A_POINT: dict[str, Any] = {**WEST, "geometry": {"type": "Point", "coordinates": [104, 22]}}
NO_GEOMETRY: dict[str, Any] = {**WEST, "geometry": None}
SPHERE: dict[str, Any] = {**WEST, "geometry": {"type": "Sphere", "coordinates": []}}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"features": []}',
        '{"features": 3}',
        '{"features": [null]}',
        "[" * 100_000,
        "\xff",
        *(
            json.dumps({"features": [feature]})
            for feature in (
                NOT_ON_EARTH,
                FLAT,
                WITHOUT_CODE,
                OF_NUMBER,
                A_POINT,
                NO_GEOMETRY,
                SPHERE,
            )
        ),
        json.dumps({"features": [WEST, WEST]}),
    ],
    ids=lambda text: text[:60],
)
def test_broken_boundaries_are_refused_and_the_table_stays(tmp_path: Path, text: str) -> None:
    source, table = tmp_path / "boundaries.geojson", tmp_path / "commune_cells.npz"
    source.write_text(text, encoding="latin-1")
    table.write_bytes(b"as it was")

    with pytest.raises(InvalidBoundaries) as refusal:
        import_boundaries(source, table, lambda _step, _done, _total: None)

    assert refusal.value.code is TourismErrorCode.INVALID_BOUNDARIES
    assert table.read_bytes() == b"as it was"
    assert sorted(tmp_path.iterdir()) == [source, table]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidBoundaries):
        import_boundaries(tmp_path / "none", tmp_path / "t", lambda _step, _done, _total: None)
