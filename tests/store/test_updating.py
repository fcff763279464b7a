"""Every operator of an update, and what an update answers."""

from datetime import UTC, datetime
from typing import Any

import pytest

from api.kit.store import Collection, CollectionSpec, StoreError, UnsupportedOperator, Update
from tests.store.conftest import Opener

THINGS = CollectionSpec("things")
NOON = datetime(2026, 5, 1, 12, 0, 0, 5000, tzinfo=UTC)


@pytest.fixture
async def things(open_store: Opener) -> Collection:
    return (await open_store(THINGS))[THINGS]


async def changed(
    things: Collection, before: dict[str, Any], update: Update
) -> dict[str, Any] | None:
    """Return a document after one update, having checked that it is also what is stored."""
    await things.insert({"_id": "a", **before})
    after = await things.update_one({"_id": "a"}, update)
    assert after == await things.get("a")
    if after is not None:
        assert after.pop("_id") == "a"
    return after


@pytest.mark.parametrize(
    ("before", "update", "after"),
    [
        ({}, {"$set": {"x": 1}}, {"x": 1}),
        ({"x": {"y": 1}}, {"$set": {"x.y": NOON, "x.z": [1]}}, {"x": {"y": NOON, "z": [1]}}),
        ({}, {"$set": {"x.y.z": None}}, {"x": {"y": {"z": None}}}),
        ({"x": 5}, {"$set": {"x": {"y": 1}}}, {"x": {"y": 1}}),
        ({"x": [1, 2]}, {"$set": {"x.1": 9}}, {"x": [1, 9]}),
        ({"x": [1]}, {"$set": {"x.3": 9}}, {"x": [1, None, None, 9]}),
        ({"x": [{"y": 1}]}, {"$set": {"x.0.y": 2}}, {"x": [{"y": 2}]}),
        ({"x": {"02701": 1}}, {"$inc": {"x.02701": 2}}, {"x": {"02701": 3}}),
        ({}, {"$set": {"x.0": 1}}, {"x": {"0": 1}}),
        ({"x": 1}, {"$set": {}}, {"x": 1}),
        ({"x": 1, "y": 2}, {"$unset": {"x": ""}}, {"y": 2}),
        ({"x": {"y": 1}}, {"$unset": {"x.y": "", "x.z": "", "q.r": ""}}, {"x": {}}),
        ({"x": [1, 2]}, {"$unset": {"x.0": ""}}, {"x": [None, 2]}),
        ({"x": 1}, {"$unset": {"x.y": ""}}, {"x": 1}),
        ({"x": 1}, {"$inc": {"x": 2, "y": -3}}, {"x": 3, "y": -3}),
        ({"x": 1}, {"$inc": {"x": 0.5}}, {"x": 1.5}),
        ({"x": 2**53}, {"$inc": {"x": 1}}, {"x": 2**53 + 1}),
        ({"x": 1.5}, {"$inc": {"x": 1}}, {"x": 2.5}),
        ({"x": 5}, {"$min": {"x": 3}}, {"x": 3}),
        ({"x": 5}, {"$min": {"x": 7, "y": 1}}, {"x": 5, "y": 1}),
        ({"x": 5}, {"$max": {"x": 7.5}}, {"x": 7.5}),
        ({"x": 5}, {"$max": {"x": 5.0}}, {"x": 5}),
        ({"x": 5}, {"$max": {"x": "a"}}, {"x": "a"}),
        ({"x": "a"}, {"$min": {"x": NOON}}, {"x": "a"}),
        ({"x": None}, {"$max": {"x": 0}}, {"x": 0}),
        ({"x": None}, {"$min": {"x": 0}}, {"x": None}),
        ({"x": NOON}, {"$max": {"x": NOON.replace(year=2027)}}, {"x": NOON.replace(year=2027)}),
        ({"x": [1]}, {"$push": {"x": [2]}}, {"x": [1, [2]]}),
        ({}, {"$push": {"x.y": {"at": NOON}}}, {"x": {"y": [{"at": NOON}]}}),
        ({"x": [1, 2, 1.0, [1], "1", None]}, {"$pull": {"x": 1}}, {"x": [2, [1], "1", None]}),
        ({"x": [None, 1]}, {"$pull": {"x": None}}, {"x": [1]}),
        ({"y": 1}, {"$pull": {"x": 1, "z.w": 1}}, {"y": 1}),
        ({"x": [1]}, {"$addToSet": {"x": 1.0}}, {"x": [1]}),
        ({"x": [5]}, {"$addToSet": {"x": "a", "y": NOON}}, {"x": [5, "a"], "y": [NOON]}),
        (
            {"x": 1, "y": [1], "z": 0},
            {"$set": {"w": "a"}, "$inc": {"x": 1}, "$push": {"y": 2}, "$unset": {"z": ""}},
            {"x": 2, "y": [1, 2], "w": "a"},
        ),
    ],
)
async def test_an_update_answers_the_document_after_it(
    things: Collection, before: dict[str, Any], update: dict[str, Any], after: dict[str, Any]
) -> None:
    assert await changed(things, before, update) == after


@pytest.mark.parametrize(
    ("before", "update"),
    [
        ({"x": "1"}, {"$inc": {"x": 1}}),
        ({"x": None}, {"$inc": {"x": 1}}),
        ({"x": 1}, {"$push": {"x": 1}}),
        ({"x": None}, {"$push": {"x": 1}}),
        ({"x": "a"}, {"$addToSet": {"x": 1}}),
        ({"x": 1}, {"$pull": {"x": 1}}),
        ({"x": 1}, {"$set": {"x.y": 1}}),
        ({"x": None}, {"$set": {"x.y": 1}}),
        ({"x": [1]}, {"$set": {"x.y": 1}}),
    ],
)
async def test_an_update_that_does_not_fit_changes_nothing(
    things: Collection, before: dict[str, Any], update: dict[str, Any]
) -> None:
    await things.insert({"_id": "a", "other": 1, **before})

    with pytest.raises(UnsupportedOperator):
        await things.update_one({"_id": "a"}, {"$set": {"other": 2}, **update})

    assert await things.get("a") == {"_id": "a", "other": 1, **before}


async def test_an_integer_does_not_overflow(things: Collection, engine: str) -> None:
    await things.insert({"_id": "a", "x": 2**63 - 1})

    # mongoeco refuses too, but without MongoDB's error code, so the reason is lost on the way.
    refusal = StoreError if engine.startswith("mongo-") else UnsupportedOperator
    with pytest.raises(refusal):
        await things.update_one({"_id": "a"}, {"$inc": {"x": 1}})

    assert await things.get("a") == {"_id": "a", "x": 2**63 - 1}


async def test_an_update_without_a_match_answers_none(things: Collection) -> None:
    await things.insert({"_id": "a", "x": 1})

    assert await things.update_one({"x": 2}, {"$set": {"x": 3}}) is None
    assert await things.update_many({"x": 2}, {"$set": {"x": 3}}) == 0
    assert await things.get("a") == {"_id": "a", "x": 1}


async def test_the_first_in_order_is_updated(things: Collection) -> None:
    for key, due in [("a", 3), ("b", 1), ("c", 2), ("d", 1)]:
        await things.insert({"_id": key, "due": due})

    taken = [
        await things.update_one({"due": {"$gt": 0}}, {"$set": {"due": 0}}, sort=[("due", 1)])
        for _ in range(5)
    ]

    assert [document and document["_id"] for document in taken] == ["b", "d", "c", "a", None]


async def test_without_an_order_the_lowest_id_is_first(things: Collection) -> None:
    for key in ("c", "a", "b"):
        await things.insert({"_id": key, "x": 1})

    updated = await things.update_one({"x": 1}, {"$set": {"x": 2}})
    deleted = await things.delete_one({"x": 1})

    assert updated == {"_id": "a", "x": 2}
    assert deleted == {"_id": "b", "x": 1}
    assert await things.find({}) == [{"_id": "a", "x": 2}, {"_id": "c", "x": 1}]


async def test_update_many_counts_matches_even_unchanged(things: Collection) -> None:
    for key, x in [("a", 1), ("b", 1), ("c", 2), ("d", 5)]:
        await things.insert({"_id": key, "x": x})

    assert await things.update_many({"x": {"$lte": 2}}, {"$max": {"x": 2}}) == 3
    assert await things.count_by("x", {}) == {2: 3, 5: 1}


async def test_update_many_is_all_or_nothing(things: Collection) -> None:
    for key, x in [("a", 1), ("b", "text"), ("c", 2)]:
        await things.insert({"_id": key, "x": x})

    with pytest.raises(UnsupportedOperator):
        await things.update_many({}, {"$inc": {"x": 1}})

    assert [document["x"] for document in await things.find({})] == [1, "text", 2]


async def test_what_was_given_is_not_what_is_kept(things: Collection) -> None:
    words = ["a"]
    await things.insert({"_id": "a", "words": words})
    words.append("b")

    found = await things.get("a") or {}
    assert found == {"_id": "a", "words": ["a"]}
    found["words"].append("c")
    assert await things.get("a") == {"_id": "a", "words": ["a"]}
