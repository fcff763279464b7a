"""Who may call what: a row for every field of the roots. A new field without a row fails here.

A row is a promise; what a stranger is told who calls a field that is not for everybody is tested
beside the slice, and here for the ones listed in REFUSALS.
"""

from enum import Enum, auto

import pytest
from graphql import GraphQLSchema, build_schema

from tests.conftest import ROOT


class Caller(Enum):
    """Who may call. What a caller must show is checked by the service, never by the app."""

    ANYONE = auto()
    DEVICE = auto()  # shows the secret that registerDevice answered, in the input
    BOT = auto()  # shows a ticket, in Authorization


MATRIX = {
    "Query.place": Caller.ANYONE,
    "Query.places": Caller.ANYONE,
    "Query.marketsOn": Caller.ANYONE,
    "Query.commune": Caller.ANYONE,
    "Query.communes": Caller.ANYONE,
    "Query.activeAlerts": Caller.ANYONE,
    "Query.alert": Caller.ANYONE,
    "Subscription.alerts": Caller.ANYONE,
}


@pytest.fixture(scope="module")
def published() -> GraphQLSchema:
    return build_schema((ROOT / "graphql" / "schema.graphql").read_text(encoding="utf-8"))


def test_every_field_of_the_roots_says_who_may_call_it(published: GraphQLSchema) -> None:
    offered = {
        f"{root.name}.{name}"
        for root in (published.query_type, published.mutation_type, published.subscription_type)
        if root is not None
        for name in root.fields
    }

    assert offered == set(MATRIX)
