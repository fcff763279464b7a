"""The embedded engine looks indexed fields up instead of reading every document."""

import sqlite3
from collections.abc import Generator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from api.kit.store import CollectionSpec, Filter, Index, Sort
from api.kit.store.queries import parsed_filter, parsed_page
from api.kit.store.sqlite_schema import create
from api.kit.store.sqlite_statements import Statements
from api.kit.store.values import Value

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
PLACES = CollectionSpec(
    "places",
    (
        Index(("category",)),
        Index(("commune.code", "rank")),
        Index(("cells",), many=True),
        Index(("due_at",)),
        Index(("phone",), unique=True),
        Index(("token",), unique=True, partial={"token": {"$exists": True}}),
    ),
)


@pytest.fixture(scope="module")
def connection() -> Generator[sqlite3.Connection]:
    with sqlite3.connect(":memory:", isolation_level=None) as opened:
        create(opened, [PLACES])
        documents = [
            {
                "_id": f"{n:04}",
                "category": f"category {n % 20}",
                "commune": {"code": n % 50},
                "rank": n,
                "cells": [f"cell {n % 30}", f"cell {n % 7}"],
                "due_at": NOON.replace(minute=n % 60),
                "phone": n,
            }
            for n in range(2000)
        ]
        Statements(PLACES).insert(documents)(opened)
        yield opened
    opened.close()


def plan(
    connection: sqlite3.Connection,
    filter: Filter,
    sort: Sort = (),
    after: Sequence[Any] | None = None,
    limit: int | None = None,
) -> list[str]:
    """Return the steps SQLite takes to find the documents."""
    sql, parameters = Statements(PLACES).selection(
        "document", parsed_filter(filter), parsed_page(sort, limit, after)
    )
    return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)]


@pytest.mark.parametrize(
    ("filter", "index"),
    [
        ({"category": "category 3"}, "places.category."),
        ({"category": None}, "places.category."),
        ({"category": {"$in": ["category 3", "category 4"]}}, "places.category."),
        ({"category": {"$in": [f"category {n}" for n in range(5000)]}}, "places.category."),
        ({"category": {"$prefix": "category 1"}}, "places.category."),
        ({"category": {"$gte": "category 3", "$lt": "category 4"}}, "places.category."),
        ({"commune.code": 7, "rank": {"$gt": 5}}, "places.commune.code+rank."),
        ({"commune.code": 7.5}, "places.commune.code+rank."),
        ({"due_at": {"$lte": NOON}}, "places.due_at."),
        ({"due_at": {"$in": [NOON]}}, "places.due_at."),
        ({"phone": 7}, "places.phone."),
        ({"category": "category 3", "$or": [{"rank": 1}, {"rank": 2}]}, "places.category."),
        ({"_id": "0001"}, "sqlite_autoindex_places_1"),
        ({"_id": {"$in": ["0001", "0002"]}}, "sqlite_autoindex_places_1"),
        ({"_id": {"$gt": "0001"}}, "sqlite_autoindex_places_1"),
        ({"_id": {"$prefix": "00"}}, "sqlite_autoindex_places_1"),
    ],
    ids=repr,
)
def test_a_condition_on_an_indexed_field_is_a_search(
    connection: sqlite3.Connection, filter: Filter, index: str
) -> None:
    steps = plan(connection, filter)

    searches = [step for step in steps if step.startswith("SEARCH places USING INDEX")]
    assert any(step.startswith(f"SEARCH places USING INDEX {index}") for step in searches), steps
    assert not any(step.startswith("SCAN places") for step in steps)


@pytest.mark.parametrize(
    "condition", ["cell 3", {"$in": ["cell 3", "cell 4"]}, {"$prefix": "cell 1"}, {"$gt": "cell 9"}]
)
def test_an_element_is_looked_up_in_its_own_table(
    connection: sqlite3.Connection, condition: Value
) -> None:
    steps = plan(connection, {"cells": condition})

    assert any(step.startswith("SEARCH places__cells USING PRIMARY KEY") for step in steps), steps
    assert any(step.startswith("SEARCH places USING INTEGER PRIMARY KEY") for step in steps), steps


@pytest.mark.parametrize(
    ("filter", "page"),
    [
        ({}, {}),
        ({}, {"sort": [("category", 1)]}),
        ({"category": "category 3"}, {}),
        ({"commune.code": 7}, {"sort": [("rank", 1)]}),
        ({}, {"sort": [("category", 1)], "after": ["category 3", "0001"], "limit": 20}),
        ({"due_at": {"$gte": NOON}}, {"sort": [("due_at", 1)], "after": [NOON, "0001"]}),
        ({"category": "category 3"}, {"after": ["0001"], "limit": 20}),
    ],
    ids=repr,
)
def test_an_order_the_index_has_needs_no_sorting(
    connection: sqlite3.Connection, filter: Filter, page: dict[str, Any]
) -> None:
    assert not any("TEMP B-TREE" in step for step in plan(connection, filter, **page))


@pytest.mark.parametrize(
    ("sort", "after"),
    [([("due_at", -1)], [NOON, "0001"]), ([("category", 1)], ["category 3", "0001"])],
)
def test_a_page_begins_where_it_begins(
    connection: sqlite3.Connection, sort: Sort, after: list[Any]
) -> None:
    steps = plan(connection, {}, sort=sort, after=after, limit=20)

    assert any("SEARCH places USING INDEX places." in step for step in steps), steps


def test_a_partial_index_serves_queries_that_imply_it(connection: sqlite3.Connection) -> None:
    steps = plan(connection, {"token": "x", "$and": [{"token": {"$exists": True}}]})

    assert steps[0].startswith("SEARCH places USING INDEX places.token."), steps


def test_documents_leave_in_the_order_that_was_asked(connection: sqlite3.Connection) -> None:
    page = parsed_page([("due_at", -1), ("phone", -1)], limit=500)

    found = Statements(PLACES).find(parsed_filter({}), page)(connection)

    keys = [(document["due_at"], document["phone"]) for document in found]
    assert keys == sorted(keys, reverse=True)
    assert len(keys) == 500
