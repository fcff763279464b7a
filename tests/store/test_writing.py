"""Insert, upsert, replace by version, delete."""

from typing import Any

import pytest

from api.kit.store import Collection, CollectionSpec, DuplicateKey
from tests.store.conftest import Opener

THINGS = CollectionSpec("things")


@pytest.fixture
async def things(open_store: Opener) -> Collection:
    return (await open_store(THINGS))[THINGS]


async def test_an_id_is_taken_once(things: Collection) -> None:
    await things.insert({"_id": "a", "x": 1})

    with pytest.raises(DuplicateKey) as refused:
        await things.insert({"_id": "a", "x": 2})

    assert (refused.value.collection, refused.value.fields) == ("things", ("_id",))
    assert await things.find({}) == [{"_id": "a", "x": 1}]


async def test_insert_many_inserts_all_or_none(things: Collection) -> None:
    await things.insert({"_id": "b", "x": 0})

    with pytest.raises(DuplicateKey):
        await things.insert_many([{"_id": key} for key in "abc"])
    with pytest.raises(DuplicateKey):
        await things.insert_many([{"_id": "d"}, {"_id": "d"}])

    assert await things.find({}) == [{"_id": "b", "x": 0}]
    await things.insert_many([{"_id": "c", "x": [{}]}, {"_id": "a"}])
    assert await things.find({}) == [{"_id": "a"}, {"_id": "b", "x": 0}, {"_id": "c", "x": [{}]}]
    await things.insert_many([])
    assert await things.count({}) == 3


async def test_upsert_inserts_or_replaces_whole(things: Collection) -> None:
    await things.upsert({"_id": "a", "x": 1, "y": 2})
    assert await things.get("a") == {"_id": "a", "x": 1, "y": 2}

    await things.upsert({"_id": "a", "z": 3})
    assert await things.find({}) == [{"_id": "a", "z": 3}]


async def test_a_version_is_replaced_once(things: Collection) -> None:
    await things.insert({"_id": "a", "version": 1, "x": 1})

    first = await things.replace_if_version({"_id": "a", "y": 2}, 1)
    second = await things.replace_if_version({"_id": "a", "z": 3}, 1)

    assert first == {"_id": "a", "y": 2, "version": 2}
    assert second is None
    assert await things.find({}) == [first]


async def test_an_absent_version_is_not_made(things: Collection) -> None:
    await things.insert({"_id": "b", "x": 1})

    assert await things.replace_if_version({"_id": "a"}, 1) is None
    assert await things.replace_if_version({"_id": "b"}, 1) is None
    assert await things.find({}) == [{"_id": "b", "x": 1}]


async def test_delete_answers_what_was_there(things: Collection) -> None:
    await things.insert_many([{"_id": "a", "x": 1}, {"_id": "b", "x": 1}, {"_id": "c", "x": 2}])

    assert await things.delete_one({"_id": "a"}) == {"_id": "a", "x": 1}
    assert await things.delete_one({"_id": "a"}) is None
    assert await things.delete_many({"x": {"$gte": 1}}) == 2
    assert await things.delete_many({}) == 0
    assert await things.find({}) == []


async def test_collections_are_apart(open_store: Opener) -> None:
    others = CollectionSpec("others")
    store = await open_store(THINGS, others)

    await store[THINGS].insert({"_id": "a"})
    await store[others].insert({"_id": "a", "x": 1})
    await store[THINGS].delete_many({})

    assert await store[others].find({}) == [{"_id": "a", "x": 1}]


async def test_a_long_document_is_kept_whole(things: Collection) -> None:
    document: dict[str, Any] = {
        "_id": "a",
        "outcomes": [{"device": f"device-{n}", "state": "queued", "tries": n} for n in range(2000)],
        "text": "Lào Cai " * 50_000,
    }

    await things.insert(document)

    assert await things.get("a") == document
    assert await things.find({"outcomes.device": "device-1999"}) == [document]
