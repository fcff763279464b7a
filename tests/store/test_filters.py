"""What comes back, and every operator of a filter, on every engine."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from api.kit.store import Collection
from api.kit.store.values import Value
from tests.store.asking import NOON, given, ids


async def test_a_document_comes_back_as_it_was_stored(things: Collection) -> None:
    document = {
        "_id": "a",
        "nothing": None,
        "yes": True,
        "no": False,
        "small": -1,
        "largest": 2**63 - 1,
        "smallest": -(2**63),
        "float": 0.1,
        "whole": 2.0,
        "tiny": 5e-324,
        "huge": 1.7976931348623157e308,
        "text": "Chợ Bắc Hà 沙坝 🌄 'quoted' \"double\" \\ % _ \n\t",
        "empty": "",
        "at": NOON,
        "before": datetime(1954, 7, 21, 3, 4, 5, 678000, tzinfo=UTC),
        "first": datetime(1, 1, 1, tzinfo=UTC),
        "last": datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
        "list": [1, "a", None, [2, [3]], {"x": NOON}],
        "none": [],
        "nested": {"deep": {"deeper": {"at": NOON, "list": [NOON]}}, "empty": {}},
        "a key with spaces, 'quotes\" and ünïcode": 1,
    }

    await things.insert(document)

    found = await things.get("a") or {}
    assert found == document
    assert [type(value) for value in found.values()] == [type(v) for v in document.values()]


async def test_a_moment_is_kept_in_utc_to_the_millisecond(things: Collection) -> None:
    hanoi = timezone(timedelta(hours=7))

    await given(things, a=datetime(2026, 5, 1, 19, 0, 0, 123_999, tzinfo=hanoi))

    stored = (await things.get("a") or {})["value"]
    assert stored == datetime(2026, 5, 1, 12, 0, 0, 123_000, tzinfo=UTC)
    assert stored.utcoffset() == timedelta(0)


async def test_a_moment_before_1970_is_cut_downwards(things: Collection) -> None:
    await given(things, a=datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC))

    stored = (await things.get("a") or {})["value"]
    assert stored == datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)


async def test_an_absent_document_is_none(things: Collection) -> None:
    assert await things.get("a") is None
    assert await things.find_one({"value": 1}) is None


async def test_get_many_answers_those_that_exist(things: Collection) -> None:
    await given(things, a=1, b=2, c=3)

    found = await things.get_many(["c", "x", "a", "a"])

    assert found == {"a": {"_id": "a", "value": 1}, "c": {"_id": "c", "value": 3}}
    assert await things.get_many([]) == {}


async def test_an_empty_filter_finds_all_in_order_of_id(things: Collection) -> None:
    await given(things, b=1, a=2, c=0)

    assert await ids(things, {}) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (1, ["float", "int"]),
        (1.0, ["float", "int"]),
        ("1", ["text"]),
        (True, ["true"]),
        (None, ["missing", "none"]),
        (NOON, ["moment"]),
        (0, []),
        (False, []),
        ("2026-05-01T12:00:00.000Z", ["moment_text"]),
    ],
)
async def test_equality_distinguishes_types_but_not_numbers(
    things: Collection, value: Value, found: list[str]
) -> None:
    await given(
        things,
        int=1,
        float=1.0,
        text="1",
        true=True,
        none=None,
        moment=NOON,
        moment_text="2026-05-01T12:00:00.000Z",
    )
    await things.insert({"_id": "missing"})

    assert await ids(things, {"value": value}) == found
    assert await ids(things, {"value": {"$eq": value}}) == found
    assert await things.count({"value": value}) == len(found)


async def test_large_integers_are_not_rounded(things: Collection) -> None:
    await given(things, a=2**53, b=2**53 + 1, c=2**63 - 1, d=-(2**63))

    assert await ids(things, {"value": 2**53 + 1}) == ["b"]
    assert await ids(things, {"value": {"$gt": 2**53}}) == ["b", "c"]
    assert await ids(things, {"value": float(2**53)}) == ["a"]
    assert await ids(things, {"value": -(2**63)}) == ["d"]


@pytest.mark.parametrize("number", [0.1, 22.3364, 103.8438, 1 / 3, 5e-324, 1e308, 123456789.123456])
async def test_a_float_finds_itself_and_its_bounds(things: Collection, number: float) -> None:
    await given(things, a=number)

    assert await ids(things, {"value": number}) == ["a"]
    assert await ids(things, {"value": {"$in": [number, "x"]}}) == ["a"]
    assert await ids(things, {"value": {"$gte": number, "$lte": number}}) == ["a"]
    assert await ids(things, {"value": {"$gt": number}}) == []


@pytest.mark.parametrize(
    ("comparison", "found"),
    [
        ({"$gt": 1}, ["two"]),
        ({"$gte": 1}, ["one", "two"]),
        ({"$lt": 1.5}, ["minus", "one"]),
        ({"$lte": 1}, ["minus", "one"]),
        ({"$gt": 0, "$lt": 2}, ["one"]),
        ({"$gt": "a"}, ["b"]),
        ({"$gte": ""}, ["a", "b"]),
        ({"$lt": "b"}, ["a"]),
        ({"$gte": False}, ["no", "yes"]),
        ({"$gt": False}, ["yes"]),
        ({"$lt": True}, ["no"]),
        ({"$gt": NOON}, ["later"]),
        ({"$lte": NOON + timedelta(hours=1)}, ["later", "noon"]),
        ({"$lt": NOON}, []),
        ({"$gt": 1, "$lt": "b"}, []),
    ],
)
async def test_comparisons_stay_within_one_type(
    things: Collection, comparison: dict[str, Any], found: list[str]
) -> None:
    await given(
        things,
        minus=-1.5,
        one=1,
        two=2,
        a="a",
        b="b",
        no=False,
        yes=True,
        noon=NOON,
        later=NOON + timedelta(milliseconds=1),
        none=None,
        dictionary={"x": 1},
    )
    await things.insert({"_id": "missing"})

    assert await ids(things, {"value": comparison}) == found


async def test_in_takes_every_type_and_an_empty_list(things: Collection) -> None:
    await given(things, a=1, b="x", c=True, d=NOON, e=None, f=2.5)
    await things.insert({"_id": "g"})

    assert await ids(things, {"value": {"$in": ["x", 1.0]}}) == ["a", "b"]
    assert await ids(things, {"value": {"$in": [True, NOON]}}) == ["c", "d"]
    assert await ids(things, {"value": {"$in": [None, 2.5]}}) == ["e", "f", "g"]
    assert await ids(things, {"value": {"$in": []}}) == []
    assert await ids(things, {"value": {"$nin": []}}) == ["a", "b", "c", "d", "e", "f", "g"]


async def test_ne_and_nin_take_what_is_missing(things: Collection) -> None:
    await given(things, a=1, b=2, c=None)
    await things.insert({"_id": "d"})

    assert await ids(things, {"value": {"$ne": 1}}) == ["b", "c", "d"]
    assert await ids(things, {"value": {"$ne": None}}) == ["a", "b"]
    assert await ids(things, {"value": {"$nin": [1, None]}}) == ["b"]
    assert await ids(things, {"value": {"$nin": [2]}}) == ["a", "c", "d"]


async def test_exists_tells_none_from_missing(things: Collection) -> None:
    await given(things, a=None, b=1)
    await things.insert({"_id": "c"})

    assert await ids(things, {"value": {"$exists": True}}) == ["a", "b"]
    assert await ids(things, {"value": {"$exists": False}}) == ["c"]
    assert await ids(things, {"value": {"$exists": True, "$ne": None}}) == ["b"]


@pytest.mark.parametrize(
    ("prefix", "found"),
    [
        ("ch", ["b", "c"]),
        ("chợ", ["c"]),
        ("Ch", ["a"]),
        ("", ["a", "b", "c", "d", "e", "f", "g"]),
        ("50%", ["d"]),
        ("a.*", ["e"]),
        ("\U0010ffff", ["f"]),
        ("\ud7ff", ["g"]),
        ("x", []),
    ],
)
async def test_prefix_is_exact(things: Collection, prefix: str, found: list[str]) -> None:
    await given(
        things,
        a="Chợ",
        b="cho",
        c="chợ Bắc Hà",
        d="50% off",
        e="a.*b",
        f="\U0010ffff\U0010ffff!",
        g="\ud7ffx",
        h=7,
        i=None,
    )

    assert await ids(things, {"value": {"$prefix": prefix}}) == found


async def test_a_list_matches_by_element(things: Collection) -> None:
    for key, tags in {
        "a": ["red", "blue"],
        "b": ["red"],
        "c": [],
        "d": "red",
        "e": [1, 9],
        "f": [None],
        "g": [["red"]],
        "h": None,
        "i": [NOON, True],
    }.items():
        await things.insert({"_id": key, "tags": tags})
    await things.insert({"_id": "j"})

    assert await ids(things, {"tags": "red"}) == ["a", "b", "d"]
    assert await ids(things, {"tags": {"$ne": "red"}}) == ["c", "e", "f", "g", "h", "i", "j"]
    assert await ids(things, {"tags": {"$in": ["blue", 9]}}) == ["a", "e"]
    assert await ids(things, {"tags": {"$nin": ["blue", None]}}) == ["b", "c", "d", "e", "g", "i"]
    assert await ids(things, {"tags": {"$gt": 5, "$lt": 5}}) == ["e"]
    assert await ids(things, {"tags": {"$prefix": "bl"}}) == ["a"]
    assert await ids(things, {"tags": None}) == ["f", "h", "j"]
    assert await ids(things, {"tags": {"$exists": True, "$in": [NOON]}}) == ["i"]
    assert await ids(things, {"tags": {"$exists": False}}) == ["j"]
    assert await ids(things, {"tags": True}) == ["i"]


async def test_the_index_over_elements_follows_every_change(things: Collection) -> None:
    await things.insert({"_id": "a", "tags": ["x", "x", "y"]})

    await things.update_one({"_id": "a"}, {"$pull": {"tags": "x"}})
    assert await ids(things, {"tags": "x"}) == []
    await things.update_one({"_id": "a"}, {"$addToSet": {"tags": "z"}})
    assert await ids(things, {"tags": "z"}) == ["a"]
    await things.upsert({"_id": "a", "tags": ["w"]})
    assert await ids(things, {"tags": {"$in": ["y", "z"]}}) == []
    assert await ids(things, {"tags": "w"}) == ["a"]
    await things.upsert({"_id": "a", "tags": True})
    assert await ids(things, {"tags": True}) == ["a"]
    await things.upsert({"_id": "a", "tags": 1})
    assert await ids(things, {"tags": True}) == []
    assert await ids(things, {"tags": 1}) == ["a"]
    await things.delete_one({"_id": "a"})
    await things.insert({"_id": "b", "tags": []})
    assert await ids(things, {"tags": {"$in": ["w", "x", "y", "z", 1, None]}}) == []


async def test_a_path_looks_into_dictionaries_and_those_of_lists(things: Collection) -> None:
    for key, rows in {
        "dictionary": {"n": 1},
        "list": [{"n": 1}, {"n": 5}],
        "deep_list": [{"n": [1, 7]}],
        "list_in_list": [[{"n": 1}]],
        "none": None,
        "number": 4,
        "scalars": [1, "n"],
        "one_missing": [{"n": 5}, {"m": 1}],
        "moments": [NOON],
        "null": [{"n": None}],
    }.items():
        await things.insert({"_id": key, "rows": rows})

    assert await ids(things, {"rows.n": 1}) == ["deep_list", "dictionary", "list"]
    assert await ids(things, {"rows.n": {"$gt": 4}}) == ["deep_list", "list", "one_missing"]
    assert await ids(things, {"rows.n": {"$exists": True}}) == [
        "deep_list",
        "dictionary",
        "list",
        "null",
        "one_missing",
    ]


async def test_none_is_missing_in_one_dictionary_of_a_list(things: Collection, engine: str) -> None:
    if engine.startswith("mongo-"):
        pytest.skip(
            "mongoeco takes a list without dictionaries for missing, and a dictionary without the"
            " field for nothing; MongoDB's own jstests/core/null_query_semantics.js says otherwise"
        )
    for key, rows in {
        "dictionary": {"n": 1},
        "empty": [],
        "empty_dictionary": {},
        "list_in_list": [[{"n": 1}]],
        "moment": NOON,
        "moments": [NOON],
        "none": None,
        "null": [{"n": None}],
        "number": 4,
        "one_missing": [{"n": 5}, {"m": 1}],
        "scalars": [1, "n"],
    }.items():
        await things.insert({"_id": key, "rows": rows})

    found = ["empty_dictionary", "moment", "none", "null", "number", "one_missing"]
    others = ["dictionary", "empty", "list_in_list", "moments", "scalars"]
    assert await ids(things, {"rows.n": None}) == found
    assert await ids(things, {"rows.n": {"$in": [None, 7]}}) == found
    assert await ids(things, {"rows.n": {"$ne": None}}) == others
    assert await ids(things, {"rows.n": {"$nin": [None]}}) == others


async def test_a_path_crosses_several_lists(things: Collection) -> None:
    await things.insert({"_id": "a", "x": [{"y": [{"z": {"w": [1, 2]}}]}, {"y": {"z": []}}]})
    await things.insert({"_id": "b", "x": {"y": {"z": {"w": 2}}}})

    assert await ids(things, {"x.y.z.w": 2}) == ["a", "b"]
    assert await ids(things, {"x.y.z.w": 1}) == ["a"]
    assert await ids(things, {"x.y.z.w": 3}) == []


async def test_and_and_or_combine(things: Collection) -> None:
    for number in range(8):
        await things.insert({"_id": str(number), "value": number, "even": number % 2 == 0})

    assert await ids(things, {"$or": [{"value": 1}, {"value": {"$gt": 6}}]}) == ["1", "7"]
    assert await ids(things, {"$and": [{"value": {"$gt": 1}}, {"value": {"$lt": 4}}]}) == ["2", "3"]
    assert await ids(things, {"even": True, "$or": [{"value": 2}, {"value": 3}]}) == ["2"]
    assert await ids(
        things, {"$or": [{"$and": [{"value": 1}, {"even": False}]}, {"value": 4, "even": True}]}
    ) == ["1", "4"]


async def test_ids_are_filtered_like_other_fields(things: Collection) -> None:
    await given(things, a=1, b=2, ab=3)

    assert await ids(things, {"_id": {"$gt": "a"}}) == ["ab", "b"]
    assert await ids(things, {"_id": {"$prefix": "a"}}) == ["a", "ab"]
    assert await ids(things, {"_id": {"$ne": "a"}}) == ["ab", "b"]
    assert await ids(things, {"_id": 1}) == []
    assert await ids(things, {"_id": None}) == []
    assert await ids(things, {"_id": {"$lt": 5}}) == []


async def test_thousands_of_operands_are_taken(things: Collection) -> None:
    await given(things, a=1, b=4999, c="t4999", d=5001, e=NOON)
    operands = [*range(5000), *(f"t{n}" for n in range(5000)), NOON, None]

    assert await ids(things, {"value": {"$in": operands}}) == ["a", "b", "c", "e"]
    assert await ids(things, {"value": {"$nin": operands}}) == ["d"]
    assert await ids(things, {"_id": {"$in": [f"x{n}" for n in range(40_000)] + ["a"]}}) == ["a"]
    assert list(await things.get_many([f"x{n}" for n in range(40_000)] + ["b"])) == ["b"]
