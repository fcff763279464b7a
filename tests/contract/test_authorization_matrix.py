"""Every root field is tried by everybody, and no way leads anybody to what is another's."""

import asyncio
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from graphql import GraphQLObjectType, GraphQLSchema, GraphQLUnionType, build_schema, get_named_type

from api.collections import COLLECTIONS
from api.kit.events import EVENT_SEQUENCE, EVENTS
from api.kit.store import Store
from tests.conftest import ROOT, send_raw
from tests.contract.authorization import PROVE_THEMSELVES, ROOT_FIELDS, TYPES
from tests.contract.kept_world import KeptWorld, entered
from tests.contract.rows import EVERYBODY, Row, Sight
from tests.contract.world import Actor, World
from tests.kept_file import KeptFile

ROOTS = ("Query", "Mutation", "Subscription")
# Guesses are counted whoever makes them; that is no change of anybody's things.
COUNTERS = {"challenges", "send_counts", EVENTS.name, EVENT_SEQUENCE.name}
NOT_FOR_ANYONE = {name: row for name, row in ROOT_FIELDS.items() if row.allowed != EVERYBODY}
BY_ROLE = {name: row for name, row in NOT_FOR_ANYONE.items() if row.allowed}


@cache
def published() -> GraphQLSchema:
    return build_schema((ROOT / "graphql" / "schema.graphql").read_text(encoding="utf-8"))


def object_types() -> Iterator[GraphQLObjectType]:
    for name, kind in published().type_map.items():
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__"):
            yield kind


def reached_from(kind: Any, seen: set[str]) -> set[str]:  # noqa: ANN401 - graphql-core's union of types
    """Return the names of all object types that a field of this type leads to."""
    named = cast("object", get_named_type(kind))
    if isinstance(named, GraphQLUnionType):
        for member in named.types:
            reached_from(member, seen)
    if isinstance(named, GraphQLObjectType) and named.name not in seen:
        seen.add(named.name)
        for field in named.fields.values():
            reached_from(field.type, seen)
    return seen


def test_every_root_field_has_a_row() -> None:
    offered = {
        f"{kind.name}.{field}"
        for kind in object_types()
        if kind.name in ROOTS
        for field in kind.fields
    }

    assert offered == set(ROOT_FIELDS)


def test_every_field_of_every_type_has_a_row() -> None:
    offered = {kind.name: set(kind.fields) for kind in object_types() if kind.name not in ROOTS}

    assert offered == {name: set(fields.split()) for name, (_, fields) in TYPES.items()}


@pytest.mark.parametrize("name", ROOT_FIELDS)
def test_what_is_for_anyone_leads_to_nobody_s_things(name: str) -> None:
    root, _, field = name.partition(".")
    kind = published().type_map[root]
    assert isinstance(kind, GraphQLObjectType)

    led_to = reached_from(kind.fields[field].type, set())

    private = {reached for reached in led_to if TYPES[reached][0] is not Sight.PUBLIC}
    is_open = ROOT_FIELDS[name].allowed == EVERYBODY and name not in PROVE_THEMSELVES
    assert not (private and is_open), private


@pytest.mark.parametrize("name", BY_ROLE)
def test_what_is_of_others_is_for_staff_only(name: str) -> None:
    root, _, field = name.partition(".")
    kind = published().type_map[root]
    assert isinstance(kind, GraphQLObjectType)

    led_to = reached_from(kind.fields[field].type, set())

    shows_others = any(TYPES[reached][0] is Sight.STAFF for reached in led_to)
    assert not (shows_others and ROOT_FIELDS[name].allowed & {Actor.STRANGER, Actor.ANONYMOUS})


@pytest.mark.parametrize("name", NOT_FOR_ANYONE)
async def test_whoever_may_not_is_refused_and_changes_nothing(
    kept_world: KeptWorld, kept_file: KeptFile, tmp_path: Path, name: str
) -> None:
    row = ROOT_FIELDS[name]
    async with entered(kept_world, kept_file, tmp_path / "copy") as (client, services):
        before = await everything(services.store)

        answers = {
            actor: await code_answered(client, row, kept_world.world, actor)
            for actor in EVERYBODY - row.allowed
        }

        assert answers == {actor: row.code_for(actor) for actor in answers}
        assert await everything(services.store) == before


@pytest.mark.parametrize("name", BY_ROLE)
async def test_whoever_may_is_answered(
    kept_world: KeptWorld, kept_file: KeptFile, tmp_path: Path, name: str
) -> None:
    row = ROOT_FIELDS[name]

    # Who changes something does so in a world of their own, for a thing may be had once only.
    together = [row.allowed] if name.startswith("Query.") else [{actor} for actor in row.allowed]
    for number, actors in enumerate(together):
        async with entered(kept_world, kept_file, tmp_path / str(number)) as (client, _):
            answers = {
                actor: await code_answered(client, row, kept_world.world, actor) for actor in actors
            }
        assert answers == dict.fromkeys(actors, "ANSWERED")


async def code_answered(
    client: httpx.AsyncClient, row: Row, world: World, actor: Actor
) -> str | None:
    """Return the code of the refusal, None for a null, and ANSWERED for anything else."""
    variables = row.variables(world)
    is_mutation = "mutation" in (ROOT / f"graphql/operations/{row.operation}.graphql").read_text()
    reply = await send_raw(
        client,
        row.operation,
        {"input": variables} if is_mutation and variables else variables,
        headers=world.headers(actor),
    )
    body = reply.json()
    if errors := body.get("errors"):
        return str(errors[0]["extensions"]["code"])
    (result,) = body["data"].values()
    if result is None:
        return None
    return str(result["code"]) if "Error" in result.get("__typename", "") else "ANSWERED"


async def everything(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Return every document of every collection but counters."""
    kept = [spec for spec in COLLECTIONS if spec.name not in COUNTERS]
    found = await asyncio.gather(*(store[spec].find({}) for spec in kept))
    return {spec.name: documents for spec, documents in zip(kept, found, strict=True)}
