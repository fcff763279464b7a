"""Random documents, filters, updates and pages of the documented subset."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from hypothesis import strategies as st

from api.kit.store import CollectionSpec, Document, Filter, Index, Sort
from api.kit.store.values import Value, is_dictionary, is_list

# The same documents live in a collection without indexes and in one that has them over every field.
PLAIN = CollectionSpec("plain")
INDEXED = CollectionSpec(
    "indexed",
    (
        Index(("a",)),
        Index(("b", "a")),
        Index(("box.x",)),
        Index(("tags",), many=True),
        Index(("box.list",), many=True),
        Index(("key",), unique=True, partial={"key": {"$exists": True}}),
        Index(("b",), unique=True, partial={"a": {"$gt": 2}, "b": {"$in": ["a", 1]}}),
    ),
)

IDS = st.sampled_from("abcdefgh")
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)

# Few values, so that filters meet documents; beside them, now and then, any value at all.
POOL: list[Any] = [
    None,
    True,
    False,
    *(-1, 0, 1, 2, 3, 2.5, 1.0, -0.0, 0.1),
    *(2**53, 2**53 + 1, float(2**53), -(2**63), 1e300),
    *("", "a", "ab", "A", "1", "đ", "d", "沙坝", "a%_", "\"'\\", "\uffff", "\U0001f304"),
    *(NOON, NOON.replace(microsecond=1999), NOON.replace(year=1, month=1, day=1)),
    datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
]
MANY_SCALARS = st.sampled_from(POOL)
ANY_SCALARS = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5),
    st.datetimes(
        min_value=datetime(1000, 1, 2),  # noqa: DTZ001 - Hypothesis adds the zone
        max_value=datetime(9999, 12, 30),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
)
SCALARS = st.integers(0, 19).flatmap(lambda n: ANY_SCALARS if n == 19 else MANY_SCALARS)
LISTS = st.lists(st.one_of(SCALARS, st.lists(SCALARS, max_size=2)), max_size=4)
ROWS = st.lists(
    st.one_of(st.fixed_dictionaries({}, optional={"x": SCALARS, "y": LISTS}), SCALARS), max_size=3
)
BOXES = st.fixed_dictionaries({}, optional={"x": SCALARS, "y": SCALARS, "list": LISTS})
ANYTHING = st.one_of(SCALARS, LISTS, BOXES, ROWS)

DOCUMENTS = st.fixed_dictionaries(
    {"_id": IDS},
    optional={
        "a": SCALARS,
        "b": SCALARS,
        "key": SCALARS,
        "tags": st.one_of(LISTS, SCALARS),
        "box": st.one_of(BOXES, SCALARS),
        "rows": st.one_of(ROWS, BOXES, SCALARS),
        "free": ANYTHING,
    },
)

SCALAR_PATHS = st.sampled_from(["a", "b", "key", "box.x", "box.y"])
PATHS = st.one_of(SCALAR_PATHS, st.sampled_from(["_id", "tags", "box.list", "free", "box", "none"]))
LIST_PATHS = st.sampled_from(["rows.x", "rows.y", "free.x", "free.x.y"])


@dataclass(frozen=True, slots=True)
class Occurring:
    """Stands for one of the values that occur in the documents a question is put to."""

    number: int

    def among(self, values: Sequence[Value]) -> Value:
        return values[self.number % len(values)]


def operands(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    occurring = st.builds(Occurring, st.integers(0, 40))
    return st.one_of(values, occurring, occurring, occurring)


def is_ordered(value: Value) -> bool:
    return value is not None


ANY_OPERANDS = operands(SCALARS)
ORDERED_OPERANDS = operands(SCALARS.filter(is_ordered))


def comparisons(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Values and operators with these operands; never None where an order is needed."""
    many = st.lists(values, max_size=4)
    bounds = dict.fromkeys(("$gt", "$gte", "$lt", "$lte"), ORDERED_OPERANDS)
    return st.one_of(
        values,
        st.fixed_dictionaries({"$in": many}),
        st.fixed_dictionaries({"$nin": many}),
        st.fixed_dictionaries({"$ne": values}),
        st.fixed_dictionaries({"$exists": st.booleans()}),
        st.fixed_dictionaries(
            {"$prefix": st.sampled_from(["", "a", "đ", "a%", "1", "\U0001f304"])}
        ),
        st.fixed_dictionaries({}, optional=bounds).filter(bool),
        *(st.fixed_dictionaries({name: operand}) for name, operand in bounds.items()),
    )


def filters(*, none_in_lists: bool) -> st.SearchStrategy[dict[str, Any]]:
    """Filters; `none_in_lists`: also those that look for None in the dictionaries of lists."""
    in_lists = ANY_OPERANDS if none_in_lists else ORDERED_OPERANDS
    terms = st.one_of(
        st.dictionaries(PATHS, comparisons(ANY_OPERANDS), min_size=1, max_size=2),
        st.dictionaries(SCALAR_PATHS, comparisons(ANY_OPERANDS), max_size=1),
        st.dictionaries(LIST_PATHS, comparisons(in_lists), max_size=1),
    )
    several = st.lists(terms, min_size=1, max_size=3)
    combined = st.one_of(
        st.fixed_dictionaries({"$or": several}),
        st.fixed_dictionaries({"$and": several}),
        st.fixed_dictionaries(
            {"$or": st.lists(st.fixed_dictionaries({"$and": several}), min_size=1)}
        ),
    )
    # Deferred, for otherwise Hypothesis prints all of it whenever it says what it draws from.
    return st.deferred(lambda: st.one_of(terms, terms, terms, combined))


Question = tuple[Filter, Sort, int | None]


def put_to(documents: Sequence[Document], asked: Value) -> Value:
    """Return a filter with values of `documents` where it stands open which."""
    values = [value for document in documents for value in scalars_in(document)]
    return _put_to([value for value in values if value is not None], asked)


def _put_to(values: Sequence[Value], asked: Value) -> Value:
    if isinstance(asked, Occurring):
        return asked.among(values)
    if is_dictionary(asked):
        return {key: _put_to(values, element) for key, element in asked.items()}
    if is_list(asked):
        return [_put_to(values, element) for element in asked]
    return asked


def scalars_in(value: Value) -> Iterator[Value]:
    if is_dictionary(value):
        for element in value.values():
            yield from scalars_in(element)
    elif is_list(value):
        for element in value:
            yield from scalars_in(element)
    else:
        yield value


UPDATE_PATHS = st.sampled_from(
    ["a", "b", "key", "box", "box.x", "box.list", "tags", "free", "free.x", "free.0", "rows.1.x"]
)
UPDATES = st.one_of(
    st.fixed_dictionaries({"$set": st.dictionaries(UPDATE_PATHS, ANYTHING, max_size=2)}),
    st.fixed_dictionaries({"$unset": st.dictionaries(UPDATE_PATHS, st.just(""), min_size=1)}),
    st.fixed_dictionaries({"$inc": st.dictionaries(UPDATE_PATHS, st.integers(-3, 3), min_size=1)}),
    st.fixed_dictionaries({"$min": st.dictionaries(UPDATE_PATHS, SCALARS, min_size=1, max_size=2)}),
    st.fixed_dictionaries({"$max": st.dictionaries(UPDATE_PATHS, SCALARS, min_size=1, max_size=2)}),
    st.fixed_dictionaries(
        {"$push": st.dictionaries(UPDATE_PATHS, ANYTHING, min_size=1, max_size=1)}
    ),
    st.fixed_dictionaries(
        {"$pull": st.dictionaries(UPDATE_PATHS, SCALARS, min_size=1, max_size=2)}
    ),
    st.fixed_dictionaries(
        {"$addToSet": st.dictionaries(UPDATE_PATHS, SCALARS, min_size=1, max_size=2)}
    ),
    st.fixed_dictionaries(
        {
            "$set": st.dictionaries(st.sampled_from(["a", "box.y"]), SCALARS, max_size=2),
            "$inc": st.dictionaries(
                st.sampled_from(["b", "box.x"]), st.integers(-3, 3), max_size=2
            ),
            "$addToSet": st.dictionaries(st.sampled_from(["tags"]), SCALARS, max_size=1),
        }
    ),
)
# Not of fields under a unique index: whether two documents may swap their values within one call
# depends on the order in which an engine takes them, which the contract leaves open.
UPDATES_OF_MANY = UPDATES.filter(
    lambda update: (
        not any(path in {"a", "b", "key"} for changes in update.values() for path in changes)
    )
)
DIRECTIONS: st.SearchStrategy[Literal[1, -1]] = st.sampled_from([1, -1])
SORTS: st.SearchStrategy[Sort] = st.lists(
    st.tuples(st.one_of(SCALAR_PATHS, st.just("_id")), DIRECTIONS),
    max_size=3,
    unique_by=lambda field: field[0],
)


def readings(*, none_in_lists: bool) -> st.SearchStrategy[tuple[list[Document], list[Question]]]:
    """Documents, and questions whose operands mostly occur in them."""
    documents = st.lists(DOCUMENTS, min_size=4, max_size=8, unique_by=lambda d: str(d["_id"]))
    limits = st.sampled_from([None, None, None, 1, 3])
    asked = st.tuples(filters(none_in_lists=none_in_lists), SORTS, limits)
    return st.tuples(documents, st.lists(asked, min_size=8, max_size=16))
