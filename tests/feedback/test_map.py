"""What lies where is found by cells, and no page reads everything."""

import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

import h3
import httpx
import pytest

from api.context import Services
from api.feedback.reports.map_cells import (
    CELL_FIELDS,
    Box,
    cells_of,
    lying_in,
    of_categories,
    province_box,
)
from api.feedback.reports.public_search import PUBLIC_PAGES, PublicQuery, filters_of
from api.feedback.reports.repository import REPORTS
from api.kit.geo import Position, distance_metres
from api.kit.store import Filter, Sort
from api.kit.store.queries import parsed_filter, parsed_page
from api.kit.store.sqlite_schema import create
from api.kit.store.sqlite_statements import Statements
from tests.conftest import NOW
from tests.feedback.desk_play import DeskPlay
from tests.feedback.reporting import SA_PA, ask

TOWN = Position(22.3364, 103.8438)
NEAR = {"near": SA_PA, "within": 1_000}
SA_PA_BOX = {"south": 22.3, "west": 103.8, "north": 22.4, "east": 103.9}


def boxes(count: int) -> Iterator[Box]:
    """Yield boxes of streets, valleys and half the province, and slivers."""
    chance = random.Random(3)  # noqa: S311 - not a secret
    for _ in range(count):
        south, west = chance.uniform(21.3, 22.9), chance.uniform(103.5, 105.1)
        high, wide = 10 ** chance.uniform(-4, 0), 10 ** chance.uniform(-4, 0)
        yield Box(south, west, south + high, west + wide)


def test_no_cell_of_a_box_is_forgotten() -> None:
    chance = random.Random(4)  # noqa: S311 - not a secret
    for box in boxes(150):
        found = lying_in(box)
        common = box.within(province_box())
        assert found is not None
        assert common is not None
        (field,) = found.keys() & CELL_FIELDS.keys()
        for _ in range(20):
            inside = Position(
                chance.uniform(common.south, common.north), chance.uniform(common.west, common.east)
            )
            assert cells_of(inside)[field] in found[field]["$in"], (box, inside)


def test_a_small_box_asks_for_small_cells_and_never_for_many() -> None:
    streets = lying_in(Box.around(TOWN, 300.0))
    valley = lying_in(Box.around(TOWN, 5_000.0))
    whole = lying_in(Box(-80.0, -170.0, 80.0, 170.0))

    assert streets is not None
    assert valley is not None
    assert whole is not None
    assert [next(iter(one)) for one in (streets, valley, whole)] == ["cell_9", "cell_7", "cell_5"]
    assert len(whole["cell_5"]["$in"]) <= 150
    counts = [len(next(iter(one.values()))["$in"]) for one in map(lying_in, boxes(50)) if one]
    assert max(counts) <= 150


def test_nothing_lies_outside_the_province() -> None:
    assert lying_in(Box(24.0, 110.0, 25.0, 111.0)) is None
    assert lying_in(Box(-80.0, -170.0, 80.0, 0.0)) is None


def test_a_box_around_holds_everything_near() -> None:
    chance = random.Random(5)  # noqa: S311 - not a secret
    for metres in (1.0, 90.0, 1_000.0, 50_000.0):
        box = Box.around(TOWN, metres)
        for _ in range(200):
            there = Position(
                TOWN.latitude + chance.uniform(-0.6, 0.6),
                TOWN.longitude + chance.uniform(-0.6, 0.6),
            )
            is_inside = (
                box.south <= there.latitude <= box.north and box.west <= there.longitude <= box.east
            )
            assert is_inside or distance_metres(TOWN, there) > metres


def test_the_whole_province_lies_in_its_box(services: Services) -> None:
    table = services.communes.table
    corners = [
        corner
        for cell in table.cells_of(services.communes.codes, 8, 6)
        for corner in h3.cell_to_boundary(f"{cell:x}")
    ]

    assert min(latitude for latitude, _ in corners) > province_box().south
    assert max(latitude for latitude, _ in corners) < province_box().north
    assert min(longitude for _, longitude in corners) > province_box().west
    assert max(longitude for _, longitude in corners) < province_box().east


async def test_pages_go_back_over_years_without_gap_or_repetition(
    play: DeskPlay, client: httpx.AsyncClient
) -> None:
    made: list[str] = []
    for days in (0, 0.5, 3, 40, 300, 900):
        play.clock.advance(days=days)
        made.append((await play.reported()).code)

    for filters in (
        {},
        {"category": "waste"},
        NEAR,
        {"bounds": SA_PA_BOX},
        {**NEAR, "bounds": SA_PA_BOX},
    ):
        found: list[str] = []
        page = await ask(client, "PublicReports", {**filters, "first": 2})
        for _ in range(2):
            found += [edge["node"]["code"] for edge in page["edges"]]
            after = page["pageInfo"]["endCursor"]
            page = await ask(client, "PublicReports", {**filters, "first": 2, "after": after})
        found += [edge["node"]["code"] for edge in page["edges"]]

        assert found == made[::-1]
        assert not page["pageInfo"]["hasNextPage"]


async def test_a_cursor_of_any_moment_is_answered(play: DeskPlay, services: Services) -> None:
    report = await play.reported()
    long_ago = PUBLIC_PAGES.cursor((datetime(1, 1, 1, tzinfo=UTC), report.id))
    ahead = PUBLIC_PAGES.cursor((datetime(9999, 12, 31, tzinfo=UTC), report.id))
    reading = services.feedback.reading

    before = await reading.public(PublicQuery(), 10, long_ago)
    all_of_them = await reading.public(PublicQuery(), 10, ahead)

    assert before.items == ()
    assert [one.code for one in all_of_them.items] == [report.code]


@pytest.fixture(scope="module")
def connection() -> Iterator[sqlite3.Connection]:
    with sqlite3.connect(":memory:", isolation_level=None) as opened:
        create(opened, [REPORTS])
        yield opened
    opened.close()


def plan(
    connection: sqlite3.Connection, wanted: Filter, sort: Sort = (("received_at", -1),)
) -> str:
    page = parsed_page(sort, 20)
    sql, parameters = Statements(REPORTS).selection("document", parsed_filter(wanted), page)
    return "\n".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters))


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (PublicQuery(), "category+state+received_at"),
        (PublicQuery(categories=("waste",)), "category+state+received_at"),
        (PublicQuery(near=TOWN, within_metres=500), "cell_9+state+received_at"),
        (
            PublicQuery(near=TOWN, within_metres=5_000, categories=("waste",)),
            "cell_7+state+received_at",
        ),
        (PublicQuery(bounds=Box(21.5, 103.6, 22.7, 105.0)), "cell_5+state+received_at"),
        (PublicQuery(bounds=Box(22.3, 103.8, 22.31, 103.81)), "cell_9+state+received_at"),
    ],
)
def test_what_everybody_sees_is_looked_up(
    connection: sqlite3.Connection, query: PublicQuery, index: str
) -> None:
    for wanted in filters_of(query, ["power", "waste"], NOW):
        steps = plan(connection, wanted)

        assert f"SEARCH feedback_reports USING INDEX feedback_reports.{index}" in steps
        assert "received_at" in wanted


def test_what_is_similar_is_looked_up(connection: sqlite3.Connection) -> None:
    place = lying_in(Box.around(TOWN, 100.0))
    assert place is not None
    similar = {**of_categories(["waste"], ["waste", "power"]), "state": {"$in": ["received"]}}

    steps = plan(connection, {**place, **similar}, sort=())

    assert "USING INDEX feedback_reports.cell_9+state+received_at" in steps
