"""Who is expected is looked up by index, in the order in which it is read: nothing is scanned, nothing sorted."""

import sqlite3

import pytest

from api.alerts.stays.repository import STAYS, in_commune
from api.kit.store import CollectionSpec, Filter
from api.kit.store.queries import parsed_filter, parsed_page
from api.kit.store.sqlite_schema import create
from api.kit.store.sqlite_statements import Statements
from api.safety.trips.repository import TRIPS, open_and_due_later_than
from tests.conftest import NOW


@pytest.mark.parametrize("after", [None, "a" * 26])
@pytest.mark.parametrize(
    ("spec", "order", "index"),
    [
        (STAYS, "person_id", "commune_code+person_id"),
        (TRIPS, "trekker", "state+trekker"),
    ],
    ids=["stays", "trips"],
)
def test_people_are_looked_up_in_their_order(
    spec: CollectionSpec, order: str, index: str, after: str | None
) -> None:
    wanted: Filter = (
        in_commune("03006", NOW, NOW, after)
        if spec is STAYS
        else open_and_due_later_than(NOW, after)
    )

    steps = plan_of(spec, wanted, order)

    assert len(steps) == 1
    assert steps[0].startswith(f"SEARCH {spec.name} USING INDEX {spec.name}.{index}")


def plan_of(spec: CollectionSpec, wanted: Filter, order: str) -> list[str]:
    """Return the steps by which SQLite reads a page."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        create(connection, [spec])
        page = parsed_page([(order, 1)], 100)
        statements = Statements(spec)
        sql, parameters = statements.selection("document", parsed_filter(wanted), page)
        return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)]
    finally:
        connection.close()
