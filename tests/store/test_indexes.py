"""Unique, partial, compound, `many` and expiring indexes."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from api.kit.store import (
    CollectionSpec,
    DuplicateKey,
    Index,
    StoreError,
    StoreUnavailable,
    UnsupportedOperator,
)
from api.kit.store.values import Value
from tests.store.conftest import Opener

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
PEOPLE = CollectionSpec(
    "people",
    (
        Index(("phone",), unique=True),
        Index(("agency.code", "badge"), unique=True),
        Index(("slot", "patient"), unique=True, partial={"state": {"$in": ["held", "booked"]}}),
        Index(("email",), unique=True, partial={"email": {"$exists": True}}),
        Index(("rank",), unique=True, partial={"rank": {"$gt": 10}, "active": True}),
    ),
)


def person(name: str, **fields: Value) -> dict[str, Any]:
    return {"_id": name, "phone": name, "agency": {"code": name}, **fields}


async def test_a_unique_value_is_taken_once(open_store: Opener) -> None:
    people = (await open_store(PEOPLE))[PEOPLE]
    await people.insert(person("a", phone=7))

    for taken in (7, 7.0):
        with pytest.raises(DuplicateKey) as refused:
            await people.insert(person("b", phone=taken))
        assert refused.value.fields == ("phone",)

    await people.insert(person("b", phone="7"))
    assert await people.count({}) == 2


async def test_missing_and_none_are_one_value(open_store: Opener, engine: str) -> None:
    if engine.startswith("mongo-"):
        pytest.skip("mongoeco's unique index tells missing from null; MongoDB's documented one not")
    people = (await open_store(PEOPLE))[PEOPLE]
    await people.insert({"_id": "a", "agency": {"code": "a"}})

    with pytest.raises(DuplicateKey):
        await people.insert(person("b", phone=None))

    assert await people.count({}) == 1


async def test_a_compound_key_is_taken_once(open_store: Opener) -> None:
    people = (await open_store(PEOPLE))[PEOPLE]
    await people.insert(person("a", agency={"code": "x"}, badge=1))
    await people.insert(person("b", agency={"code": "x"}, badge=2))

    with pytest.raises(DuplicateKey) as refused:
        await people.insert(person("c", agency={"code": "x"}, badge=2))

    assert refused.value.fields == ("agency.code", "badge")


@pytest.mark.parametrize("write", ["update_one", "update_many", "upsert", "replace"])
async def test_no_write_takes_what_is_taken(open_store: Opener, write: str) -> None:
    people = (await open_store(PEOPLE))[PEOPLE]
    before = [person("a", version=1), person("b", version=1)]
    await people.insert_many(before)
    writes: dict[str, Callable[[], Awaitable[object]]] = {
        "update_one": lambda: people.update_one({"_id": "b"}, {"$set": {"phone": "a"}}),
        "update_many": lambda: people.update_many({}, {"$set": {"phone": "c"}}),
        "upsert": lambda: people.upsert(person("b", phone="a")),
        "replace": lambda: people.replace_if_version(person("b", phone="a"), 1),
    }

    with pytest.raises(DuplicateKey) as refused:
        await writes[write]()

    assert refused.value.fields == ("phone",)
    assert await people.find({}) == before


async def test_a_partial_index_holds_only_what_matches(open_store: Opener) -> None:
    people = (await open_store(PEOPLE))[PEOPLE]
    await people.insert(person("a", slot=1, patient=1, state="cancelled"))
    await people.insert(person("b", slot=1, patient=1, state="held"))
    await people.insert(person("c", slot=1, patient=1))

    with pytest.raises(DuplicateKey) as refused:
        await people.insert(person("d", slot=1, patient=1, state="booked"))
    with pytest.raises(DuplicateKey):
        await people.update_one({"_id": "a"}, {"$set": {"state": "held"}})

    assert refused.value.fields == ("slot", "patient")
    await people.update_one({"_id": "b"}, {"$set": {"state": "cancelled"}})
    assert await people.update_one({"_id": "a"}, {"$set": {"state": "held"}}) is not None


async def test_a_partial_index_takes_exists_and_bounds(open_store: Opener) -> None:
    people = (await open_store(PEOPLE))[PEOPLE]
    await people.insert_many([person("a", email="x", rank=11, active=True), person("b", rank=3)])
    await people.insert_many([person("c", rank=11), person("d", rank=3, active=True)])
    await people.insert(person("e", rank="11", active=True))

    for taken in ({"email": "x"}, {"rank": 11, "active": True}):
        with pytest.raises(DuplicateKey):
            await people.insert(person("f", **taken))

    await people.insert(person("f", email=None, rank=3, active=True))
    assert await people.count({}) == 6


@pytest.mark.parametrize(
    "index",
    [
        Index(()),
        Index(("a..b",)),
        Index(("a.0",)),
        Index(("a", "b"), many=True),
        Index(("a",), many=True, unique=True),
        Index(("a", "b"), expire_after_seconds=1),
        Index(("a",), partial={"$or": [{"a": 1}]}),
        Index(("a",), partial={"a": {"$ne": 1}}),
        Index(("a",), partial={"a": {"$exists": False}}),
        Index(("a",), partial={"a": {"$prefix": "x"}}),
    ],
)
async def test_an_index_outside_the_subset_is_refused(open_store: Opener, index: Index) -> None:
    with pytest.raises(UnsupportedOperator):
        await open_store(CollectionSpec("things", (index,)))


@pytest.mark.parametrize("name", ["", "Things", "a b", "1a", "sqlite_things", "a__b", 'a"b', "a.b"])
async def test_a_strange_name_is_refused(open_store: Opener, name: str) -> None:
    with pytest.raises(UnsupportedOperator):
        await open_store(CollectionSpec(name))


LISTS = CollectionSpec(
    "lists",
    (Index(("a.b",)), Index(("c.d",), many=True), Index(("e",), partial={"f": 1})),
)


@pytest.mark.parametrize(
    "document",
    [
        {"a": {"b": [1]}},
        {"a": {"b": []}},
        {"a": [{"b": 1}]},
        {"c": [{"d": 1}]},
        {"e": [1]},
        {"f": [1]},
    ],
)
async def test_a_list_has_no_place_in_a_plain_index(
    open_store: Opener, document: dict[str, Any]
) -> None:
    lists = (await open_store(LISTS))[LISTS]

    with pytest.raises(UnsupportedOperator):
        await lists.insert({"_id": "a", **document})
    with pytest.raises(UnsupportedOperator):
        await lists.upsert({"_id": "a", **document})

    assert await lists.count({}) == 0


@pytest.mark.parametrize(
    "update",
    [
        {"$set": {"a.b": [1]}},
        {"$set": {"a": [{"b": 1}]}},
        {"$set": {"a": {"b": [1]}}},
        {"$push": {"a": {"b": 1}}},
        {"$push": {"a.b": 1}},
        {"$addToSet": {"f": 1}},
        {"$push": {"c": {"d": 1}}},
    ],
)
async def test_no_update_puts_a_list_into_a_plain_index(
    open_store: Opener, update: dict[str, Any]
) -> None:
    lists = (await open_store(LISTS))[LISTS]
    await lists.insert({"_id": "a"})

    with pytest.raises(UnsupportedOperator):
        await lists.update_one({"_id": "a"}, update)
    with pytest.raises(UnsupportedOperator):
        await lists.update_many({}, update)

    assert await lists.get("a") == {"_id": "a"}


async def test_a_many_index_is_over_a_nested_list(open_store: Opener) -> None:
    lists = (await open_store(LISTS))[LISTS]
    await lists.insert({"_id": "a", "c": {"d": ["x", 1, NOON, None]}})
    await lists.update_one({"_id": "a"}, {"$push": {"c.d": "y"}})
    await lists.insert({"_id": "b", "c": {}})

    for value in ("x", "y", 1, NOON):
        assert [d["_id"] for d in await lists.find({"c.d": value})] == ["a"]
    assert [d["_id"] for d in await lists.find({"c.d": None})] == ["a", "b"]


async def test_a_closed_store_refuses_and_opens_again_with_everything(open_store: Opener) -> None:
    store = await open_store(PEOPLE, LISTS)
    people = store[PEOPLE]
    await people.insert(person("a"))

    with pytest.raises(StoreError):
        await store.open([PEOPLE])
    await store.close()
    for call in (store.ping(), people.get("a"), people.insert(person("b"))):
        with pytest.raises(StoreUnavailable):
            await call
    await store.open([LISTS, PEOPLE])

    assert await people.find({}) == [person("a")]
