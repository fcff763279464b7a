"""Whatever lies outside the documented subset is refused, and nothing is written."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from typing_extensions import override

from api.kit.store import Collection, CollectionSpec, UnsupportedOperator
from api.kit.store.values import Value
from tests.store.conftest import Opener

THINGS = CollectionSpec("things")
BEFORE = {"_id": "a", "x": 1, "list": [1]}


@pytest.fixture
async def things(open_store: Opener) -> AsyncGenerator[Collection]:
    """A collection of one document, which is still the only one afterwards."""
    collection = (await open_store(THINGS))[THINGS]
    await collection.insert(BEFORE)
    yield collection
    assert await collection.find({}) == [BEFORE]


class Kind(StrEnum):
    MARKET = "market"


def nested(levels: int) -> Value:
    value: Value = 1
    for _ in range(levels):
        value = {"x": value}
    return value


class Odd:
    @override
    def __repr__(self) -> str:
        return "odd"


BAD_VALUES: list[Any] = [
    float("nan"),
    float("inf"),
    -float("inf"),
    2**63,
    -(2**63) - 1,
    "nul\0",
    "\ud800",
    "x\udfffy",
    datetime(2026, 5, 1),  # noqa: DTZ001 - without a time zone on purpose
    datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=7))),
    b"bytes",
    Decimal(1),
    {1, 2},
    Odd(),
    datetime(2026, 5, 1, tzinfo=UTC).date(),
    timedelta(1),
]
BAD_KEYS: list[Any] = ["", ".", "a.b", "$x", "nul\0", "\ud800", 1, None, b"x"]


@pytest.mark.parametrize("value", BAD_VALUES, ids=repr)
async def test_a_bad_value_is_refused_everywhere(things: Collection, value: Value) -> None:
    attempts: list[Callable[[], Awaitable[object]]] = [
        lambda: things.insert({"_id": "b", "x": value}),
        lambda: things.insert_many([{"_id": "b"}, {"_id": "c", "x": [{"y": value}]}]),
        lambda: things.upsert({"_id": "a", "x": {"y": [value]}}),
        lambda: things.replace_if_version({"_id": "a", "x": value}, 1),
        lambda: things.update_one({"_id": "a"}, {"$set": {"x": value}}),
        lambda: things.update_many({}, {"$push": {"list": value}}),
        lambda: things.find({"x": value}),
        lambda: things.find({"x": {"$in": [1, value]}}),
        lambda: things.count({"x": {"$gt": value}}),
        lambda: things.delete_many({"x": {"$ne": value}}),
        lambda: things.find({}, sort=[("x", 1)], after=[value, "a"]),
    ]

    for attempt in attempts:
        with pytest.raises(UnsupportedOperator):
            await attempt()


@pytest.mark.parametrize("key", BAD_KEYS, ids=repr)
async def test_a_bad_key_is_refused_everywhere(things: Collection, key: Value) -> None:
    for document in ({"_id": "b", key: 1}, {"_id": "a", "x": [{"y": {key: 1}}]}):
        with pytest.raises(UnsupportedOperator):
            await things.insert(document)
        with pytest.raises(UnsupportedOperator):
            await things.upsert(document)
    with pytest.raises(UnsupportedOperator):
        await things.update_one({"_id": "a"}, {"$set": {"x": {key: 1}}})


@pytest.mark.parametrize("document", [{}, {"x": 1}, {"_id": None}, {"_id": 1}, {"_id": ["a"]}])
async def test_a_document_without_a_string_id_is_refused(
    things: Collection, document: dict[str, Any]
) -> None:
    attempts: list[Callable[[], Awaitable[object]]] = [
        lambda: things.insert(document),
        lambda: things.upsert(document),
        lambda: things.insert_many([document]),
    ]

    for attempt in attempts:
        with pytest.raises(UnsupportedOperator):
            await attempt()


@pytest.mark.parametrize(
    "filter",
    [
        {"x": {"$regex": "a"}},
        {"x": {"$not": {"$eq": 1}}},
        {"x": {"$elemMatch": {"y": 1}}},
        {"x": {"$size": 1}},
        {"x": {"$type": "string"}},
        {"x": {"$gt": 1, "y": 2}},
        {"x": {"y": 1}},
        {"x": {}},
        {"x": [1]},
        {"x": {"$eq": {"y": 1}}},
        {"x": {"$in": [[1]]}},
        {"x": {"$in": 1}},
        {"x": {"$in": "abc"}},
        {"x": {"$nin": None}},
        {"x": {"$gt": None}},
        {"x": {"$lte": None}},
        {"x": {"$gte": [1]}},
        {"x": {"$exists": 1}},
        {"x": {"$exists": None}},
        {"x": {"$prefix": 1}},
        {"x": {"$prefix": "a\0"}},
        {"$nor": [{"x": 1}]},
        {"$where": "true"},
        {"$expr": {"$eq": ["$x", 1]}},
        {"$text": {"$search": "x"}},
        {"$and": []},
        {"$or": []},
        {"$or": {"x": 1}},
        {"$or": [{"x": {"$regex": "a"}}]},
        {"": 1},
        {"x.": 1},
        {".x": 1},
        {"x..y": 1},
        {"x.$y": 1},
        {"x.0": 1},
        {"x.0.y": 1},
        {'x"y': 1},
        {"x\\y": 1},
        {"x\ny": 1},
        {"a.b.c.d.e.f": 1},
    ],
    ids=repr,
)
async def test_a_filter_outside_the_subset_is_refused(
    things: Collection, filter: dict[str, Any]
) -> None:
    attempts: list[Callable[[], Awaitable[object]]] = [
        lambda: things.find(filter),
        lambda: things.find_one(filter),
        lambda: things.count(filter),
        lambda: things.count_by("x", filter),
        lambda: things.update_one(filter, {"$set": {"x": 2}}),
        lambda: things.update_many(filter, {"$set": {"x": 2}}),
        lambda: things.delete_one(filter),
        lambda: things.delete_many(filter),
    ]

    for attempt in attempts:
        with pytest.raises(UnsupportedOperator):
            await attempt()


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"x": 2},
        {"$rename": {"x": "y"}},
        {"$setOnInsert": {"x": 2}},
        {"$currentDate": {"x": True}},
        {"$mul": {"x": 2}},
        {"$pop": {"list": 1}},
        {"$set": {"x": 2}, "$inc": {"x": 1}},
        {"$set": {"x": 2, "x.y": 1}},
        {"$set": {"q.a": 2, "q-": 3}, "$unset": {"q": ""}},
        {"$set": {"_id": "b"}},
        {"$unset": {"_id": ""}},
        {"$set": {"": 2}},
        {"$set": {"x.": 2}},
        {"$set": {"list.$": 2}},
        {"$set": {"list.$[]": 2}},
        {"$set": {"a.b.c.d.e.f": 2}},
        {"$inc": {"x": "1"}},
        {"$inc": {"x": None}},
        {"$inc": {"x": True}},
        {"$push": {"list": {"$each": [2]}}},
        {"$addToSet": {"list": {"$each": [2]}}},
        {"$addToSet": {"list": {"y": 2}}},
        {"$addToSet": {"list": [2]}},
        {"$pull": {"list": {"$gt": 0}}},
        {"$pull": {"list": [1]}},
        {"$min": {"x": [0]}},
        {"$max": {"x": {"y": 9}}},
    ],
    ids=repr,
)
async def test_an_update_outside_the_subset_is_refused(
    things: Collection, update: dict[str, Any]
) -> None:
    with pytest.raises(UnsupportedOperator):
        await things.update_one({"_id": "a"}, update)
    with pytest.raises(UnsupportedOperator):
        await things.update_many({}, update)


@pytest.mark.parametrize(
    "options",
    [
        {"limit": -1},
        {"limit": True},
        {"sort": [("x", 0)]},
        {"sort": [("x", 2)]},
        {"sort": [("x.0", 1)]},
        {"sort": [("$x", 1)]},
        {"after": []},
        {"after": ["a", "b"]},
        {"sort": [("x", 1)], "after": ["a"]},
        {"sort": [("x", 1)], "after": [[1], "a"]},
    ],
    ids=repr,
)
async def test_a_page_outside_the_subset_is_refused(
    things: Collection, options: dict[str, Any]
) -> None:
    with pytest.raises(UnsupportedOperator):
        await things.find({}, **options)


async def test_counting_by_a_strange_path_is_refused(things: Collection) -> None:
    for path in ("", "x.0", "$x", "x'\"y"):
        with pytest.raises(UnsupportedOperator):
            await things.count_by(path, {})


async def test_depth_and_length_have_bounds(things: Collection) -> None:
    await things.insert({"_id": "b", "deep": nested(99)})
    await things.delete_one({"_id": "b"})

    for document in (
        {"_id": "b", "deep": nested(100)},
        {"_id": "b", "deep": nested(5000)},
        {"_id": "b", "long": "x" * 17_000_000},
    ):
        with pytest.raises(UnsupportedOperator):
            await things.insert(document)


async def test_quotes_are_only_text(things: Collection) -> None:
    attack = "'; DROP TABLE things; --"
    await things.insert({"_id": attack, "x": attack, "it's": {"a-b c": attack}})

    for asked in ({"x": attack}, {"_id": attack}, {"it's.a-b c": {"$prefix": "';"}}):
        assert [document["_id"] for document in await things.find(asked)] == [attack]
    for operand in ("' OR 1=1 --", '" OR ""="', "%", "?1", "{$gt: 0}"):
        assert await things.count({"x": operand}) == 0

    await things.delete_one({"_id": attack})


async def test_an_enumeration_is_its_text_and_a_tuple_a_list(things: Collection) -> None:
    await things.insert({"_id": "b", "kind": Kind.MARKET, "days": (1, 2)})

    found = await things.find_one({"kind": Kind.MARKET}) or {}
    assert found == {"_id": "b", "kind": "market", "days": [1, 2]}
    assert type(found["kind"]) is str

    await things.delete_one({"_id": "b"})
