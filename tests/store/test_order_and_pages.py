"""Order, limits, keyset paging and counts, on every engine."""

from datetime import timedelta
from typing import Any

import pytest

from api.kit.store import Collection
from tests.store.asking import NOON, given, ids


async def test_order_across_types_is_that_of_mongodb(things: Collection) -> None:
    await given(
        things,
        a=True,
        b=NOON,
        c="x",
        d=2,
        e=None,
        f=False,
        g=1.5,
        h="Y",
        i=NOON - timedelta(days=99999),
        k=-(2**63),
    )
    await things.insert({"_id": "j"})
    ascending = ["e", "j", "k", "g", "d", "h", "c", "f", "a", "i", "b"]

    assert await ids(things, {}, sort=[("value", 1)]) == ascending
    assert await ids(things, {}, sort=[("value", -1)]) == [*reversed(ascending[2:]), "e", "j"]


async def test_order_is_by_several_fields_then_by_id(things: Collection) -> None:
    for key, commune, rank in [("a", "x", 2), ("b", "x", 1), ("c", "y", 9), ("d", "x", 2)]:
        await things.insert({"_id": key, "place": {"commune": commune}, "rank": rank})

    by_both = [("place.commune", 1), ("rank", -1)]
    assert await ids(things, {}, sort=by_both) == ["a", "d", "b", "c"]
    assert await ids(things, {}, sort=[("place.commune", -1)]) == ["c", "a", "b", "d"]
    assert await ids(things, {}, sort=[("_id", -1)]) == ["d", "c", "b", "a"]
    assert await ids(things, {"place.commune": "x"}, sort=[("rank", 1)]) == ["b", "a", "d"]


async def test_strings_are_ordered_by_code_point(things: Collection) -> None:
    await given(things, a="z", b="Z", c="é", d="đ", e="", f="\U0001f304", g="\uffff", h="zz")

    found = await ids(things, {}, sort=[("value", 1)])
    assert found == ["e", "b", "a", "h", "c", "d", "g", "f"]


async def test_a_limit_takes_the_first(things: Collection) -> None:
    await given(things, a=3, b=1, c=2)

    assert await ids(things, {}, sort=[("value", 1)], limit=2) == ["b", "c"]
    assert await ids(things, {}, limit=0) == []
    assert await ids(things, {}, limit=9) == ["a", "b", "c"]
    assert await things.find_one({}, sort=[("value", -1)]) == {"_id": "a", "value": 3}


@pytest.mark.parametrize("directions", [(1, 1), (1, -1), (-1, 1), (-1, -1)])
async def test_pages_join_to_the_whole(things: Collection, directions: tuple[Any, Any]) -> None:
    values = [None, 1, 1.0, "a", "b", True, NOON, -3]
    for number in range(40):
        rank = values[number // 5]
        document = {"_id": f"{number:02}", "value": values[number % 8], "rank": rank}
        await things.insert({k: v for k, v in document.items() if v is not None or number % 2})
    sort = [("value", directions[0]), ("rank", directions[1])]
    whole = await things.find({}, sort=sort)

    paged: list[dict[str, Any]] = []
    while True:
        last = paged[-1] if paged else None
        after = None if last is None else (last.get("value"), last.get("rank"), last["_id"])
        page = await things.find({}, sort=sort, limit=7, after=after)
        paged += page
        if len(page) < 7:
            break

    assert paged == whole
    assert len(paged) == 40


async def test_a_page_after_somebody_deleted_goes_on(things: Collection) -> None:
    await given(things, a=1, b=2, c=3)
    await things.delete_one({"_id": "b"})

    assert await ids(things, {}, sort=[("value", 1)], after=[2, "b"]) == ["c"]
    assert await ids(things, {}, after=["b"]) == ["c"]
    assert (
        await ids(things, {"value": {"$gte": 1, "$lt": 3}}, sort=[("value", 1)], after=[1, "a"])
        == []
    )


async def test_counts_are_by_value(things: Collection) -> None:
    values = ["x", "x", "y", None, NOON, True, 7, 7.0, [1], {"k": 1}]
    await things.insert_many([{"_id": str(n), "kind": value} for n, value in enumerate(values)])
    await things.insert({"_id": "missing"})

    counts = await things.count_by("kind", {"_id": {"$ne": "2"}})

    assert counts == {"x": 2, None: 2, NOON: 1, True: 1, 7: 2}
    assert await things.count({}) == 11
    assert await things.count({"kind": {"$exists": True}}) == 10
    assert await things.count_by("kind", {"_id": "nobody"}) == {}
