"""Filters and orders as SQL: values are parameters, indexed fields are looked up in their index."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.kit.store.queries import (
    ORDERING,
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Operator,
    Page,
)
from api.kit.store.sql_keys import (
    CEILINGS,
    FLOORS,
    LIST,
    Parameters,
    json_path,
    key_at,
    key_of_element,
    named,
)
from api.kit.store.values import Rank, compare, rank

FALSE = "0"
Test = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Table:
    """A collection as the compiler sees it.

    `keys` holds the key of every field that a plain index covers, so that it holds no list;
    `element_tables` the table of the elements of every field with a `many` index.
    """

    name: str
    keys: Mapping[str, str]
    element_tables: Mapping[str, str]

    def sort_key(self, path: str) -> str:
        """Return the key of a field that holds scalars."""
        if path in self.keys:
            return self.keys[path]
        names = path.split(".")
        parents = (names[:depth] for depth in range(1, len(names)))
        crossed = "".join(
            f" WHEN json_type(document,{json_path(parent)})='array' THEN {LIST}"
            for parent in parents
        )
        key = key_at("document", names)
        return f"CASE{crossed} ELSE {key} END" if crossed else key


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a range of keys of one type."""

    value: Any
    inclusive: bool


class Compiler:
    """Compiles the conditions of one statement; `parameters` then holds its values."""

    def __init__(self, table: Table, parameters: Parameters) -> None:
        self.table = table
        self.parameters = parameters

    def where(self, condition: AllOf, page: Page | None = None) -> str:
        """Return the condition, and where the page begins, as an SQL expression."""
        if page is None or page.after is None:
            return self._all_of(condition.terms)
        keyset = self._keyset(list(zip(page.order, page.after, strict=True)))
        start = _start(page) if page.order[0][0] in self.table.keys else None
        return f"{self._all_of(condition.terms, start)} AND {keyset}"

    def order_by(self, page: Page) -> str:
        return ",".join(
            self.table.sort_key(path) + (" DESC" if direction < 0 else "")
            for path, direction in page.order
        )

    def _all_of(self, terms: Iterable[Condition], start: "_Start | None" = None) -> str:
        pieces: list[str] = []
        ranges: dict[str, list[Comparison]] = {}
        for term in terms:
            if isinstance(term, Comparison) and self._is_range(term):
                ranges.setdefault(term.path, []).append(term)
            else:
                pieces.append(self._condition(term))
        if start is not None:
            ranges.setdefault(start.path, [])
        for path, comparisons in ranges.items():
            at_path = start if start is not None and start.path == path else None
            pieces.append(self._range(self.table.keys[path], comparisons, at_path))
        return " AND ".join(pieces) or "1"

    def _is_range(self, comparison: Comparison) -> bool:
        ranged = comparison.operator in ORDERING or comparison.operator is Operator.PREFIX
        return ranged and comparison.path in self.table.keys

    def _condition(self, condition: Condition) -> str:
        match condition:
            case AllOf(terms):
                return f"({self._all_of(terms)})"
            case AnyOf(terms):
                return "(" + " OR ".join(map(self._condition, terms)) + ")"
            case Comparison(path, Operator.NE, operand):
                return f"NOT {self._condition(Comparison(path, Operator.EQ, operand))}"
            case Comparison(path, Operator.NIN, operand):
                return f"NOT {self._condition(Comparison(path, Operator.IN, operand))}"
            case Comparison(path, Operator.EXISTS, operand):
                return ("" if operand else "NOT ") + self._exists(path)
            case Comparison():
                return self._comparison(condition)

    def _comparison(self, comparison: Comparison) -> str:
        if self._is_range(comparison):
            return f"({self._range(self.table.keys[comparison.path], [comparison])})"
        test = self._test(comparison)
        if comparison.path in self.table.keys:
            return f"({test(self.table.keys[comparison.path])})"
        if comparison.path in self.table.element_tables:
            elements = named(self.table.element_tables[comparison.path])
            return f"number IN (SELECT number FROM {elements} WHERE {test('key')})"
        return f"({_anywhere('document', comparison.path.split('.'), _element_test(test))})"

    def _exists(self, path: str) -> str:
        def present(source: str, names: Sequence[str]) -> str:
            return f"json_type({source},{json_path(names)}) IS NOT NULL"

        return f"({_anywhere('document', path.split('.'), present)})"

    def _test(self, comparison: Comparison) -> Test:
        """Return the comparison as a function of the SQL of a key."""
        match comparison.operator:
            case Operator.EQ:
                operand = self.parameters.key(comparison.operand)
                return lambda key: f"{key} = {operand}"
            case Operator.IN if not comparison.operand:
                return lambda _: FALSE
            case Operator.IN:
                operands = self.parameters.any_of(comparison.operand)
                return lambda key: f"{key} IN {operands}"
            case _:
                ends = _ends(comparison)
                kind = rank(comparison.operand)
                lower, upper = self._lower(kind, ends[0]), self._upper(kind, ends[1])
                return lambda key: f"({key} {lower} AND {key} {upper})"

    def _range(
        self, key: str, comparisons: Sequence[Comparison], start: "_Start | None" = None
    ) -> str:
        """Return several comparisons of one key as one lower and one upper end."""
        kinds = {rank(comparison.operand) for comparison in comparisons}
        if len(kinds) > 1:
            return FALSE
        if not kinds:
            return "1" if start is None else f"{key} {self._loose(start)}"
        kind = kinds.pop()
        ends = [_ends(comparison) for comparison in comparisons]
        if start is not None and rank(start.value) is kind:
            ends.append(start.ends())
        lower = _tightest([end for end, _ in ends if end is not None], 1)
        upper = _tightest([end for _, end in ends if end is not None], -1)
        return f"{key} {self._lower(kind, lower)} AND {key} {self._upper(kind, upper)}"

    def _loose(self, start: "_Start") -> str:
        return f"{'>=' if start.direction > 0 else '<='} {self.parameters.key(start.value)}"

    def _lower(self, kind: Rank, end: Bound | None) -> str:
        if end is None:
            return f"{'>' if kind is Rank.NUMBER else '>='} {FLOORS[kind]}"
        return f"{'>=' if end.inclusive else '>'} {self.parameters.key(end.value)}"

    def _upper(self, kind: Rank, end: Bound | None) -> str:
        if end is None:
            return f"< {CEILINGS[kind]}"
        return f"{'<=' if end.inclusive else '<'} {self.parameters.key(end.value)}"

    def _keyset(self, fields: Sequence[tuple[tuple[str, int], Any]]) -> str:
        """Return "later in this order than these values"."""
        ((path, direction), value), *rest = fields
        key, operand = self.table.sort_key(path), self.parameters.key(value)
        sign = ">" if direction > 0 else "<"
        if not rest:
            return f"{key} {sign} {operand}"
        return f"({key} {sign}= {operand} AND ({key} <> {operand} OR {self._keyset(rest)}))"


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a page begins, in its first field: the end from which the index is read."""

    path: str
    direction: int
    value: Any

    def ends(self) -> tuple[Bound | None, Bound | None]:
        bound = Bound(self.value, inclusive=True)
        return (bound, None) if self.direction > 0 else (None, bound)


def _start(page: Page) -> _Start | None:
    if page.after is None:
        return None
    path, direction = page.order[0]
    return _Start(path, direction, page.after[0])


def _ends(comparison: Comparison) -> tuple[Bound | None, Bound | None]:
    value = comparison.operand
    match comparison.operator:
        case Operator.GT | Operator.GTE:
            return Bound(value, comparison.operator is Operator.GTE), None
        case Operator.LT | Operator.LTE:
            return None, Bound(value, comparison.operator is Operator.LTE)
        case _:
            after = text_after_prefix(value)
            return Bound(value, inclusive=True), Bound(after, inclusive=False) if after else None


def text_after_prefix(prefix: str) -> str | None:
    """Return the first text that sorts after all that begin with `prefix`, or None."""
    stem = prefix.rstrip("\U0010ffff")
    if not stem:
        return None
    following = ord(stem[-1]) + 1
    return stem[:-1] + chr(0xE000 if following == 0xD800 else following)


def _tightest(ends: Sequence[Bound], sign: int) -> Bound | None:
    best: Bound | None = None
    for end in ends:
        difference = 1 if best is None else compare(end.value, best.value) * sign
        if difference > 0 or (difference == 0 and not end.inclusive):
            best = end
    return best


def _element_test(test: Test) -> Callable[[str, Sequence[str]], str]:
    """Return the test of a value that may be a list, whose elements are then tested."""

    def tested(source: str, names: Sequence[str]) -> str:
        path = json_path(names)
        some = f"EXISTS(SELECT 1 FROM json_each({source},{path}) AS e WHERE {test(key_of_element('e'))})"
        alone = test(key_at(source, names))
        return f"CASE json_type({source},{path}) WHEN 'array' THEN {some} ELSE {alone} END"

    return tested


def _anywhere(
    source: str, names: Sequence[str], leaf: Callable[[str, Sequence[str]], str], level: int = 0
) -> str:
    """Return "`leaf` holds at `names`", looking into the dictionaries of every list on the way."""
    element = f"d{level}"
    branches = ""
    for depth in range(1, len(names)):
        path = json_path(names[:depth])
        inside = _anywhere(f"{element}.value", names[depth:], leaf, level + 1)
        branches += (
            f" WHEN json_type({source},{path})='array' THEN EXISTS("
            f"SELECT 1 FROM json_each({source},{path}) AS {element} WHERE {element}.type='object'"
            f" AND json_type({element}.value,'$.\"$date\"') IS NULL AND {inside})"
        )
    found = leaf(source, names)
    return f"CASE{branches} ELSE {found} END" if branches else found
