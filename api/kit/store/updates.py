"""Updates, read once and checked; `apply` is for the embedded engine."""

from collections.abc import Callable, ItemsView, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

from api.kit.store.contract import Document, UnsupportedOperator, Update
from api.kit.store.queries import PATH_NAMES_AT_MOST
from api.kit.store.values import (
    MISSING,
    Rank,
    Value,
    checked_float,
    checked_integer,
    checked_key,
    compare,
    is_dictionary,
    is_list,
    rank,
    stored,
    stored_scalar,
)

LIST_PLACE_AT_MOST = 99_999


@dataclass(frozen=True, slots=True)
class Change:
    """One operator at one path, with the value as it is stored."""

    operator: str
    path: str
    value: Value


def parsed_update(update: Update) -> tuple[Change, ...]:
    """Return the changes `update` asks for; raises UnsupportedOperator."""
    if not update:
        raise UnsupportedOperator("an empty update")
    changes = tuple(
        Change(operator, _checked_path(path), _checked_value(operator, value))
        for operator, values in update.items()
        for path, value in _fields(operator, values)
    )
    _refuse_overlap([change.path for change in changes])
    return changes


def apply(document: Document, changes: Sequence[Change]) -> None:
    """Change `document` itself; raises UnsupportedOperator where a change does not fit it."""
    for change in changes:
        _APPLY[change.operator](document, change)


def _fields(operator: str, values: Value) -> ItemsView[str, Value]:
    if not isinstance(values, Mapping):
        raise UnsupportedOperator(f"{operator!r} in an update")
    return cast("Mapping[str, Value]", values).items()


def _checked_path(path: str) -> str:
    names = path.split(".")
    if len(names) > PATH_NAMES_AT_MOST:
        raise UnsupportedOperator(f"a path of more than {PATH_NAMES_AT_MOST} names: {path!r}")
    for name in names:
        checked_key(name)
    if names[0] == "_id":
        raise UnsupportedOperator("_id does not change")
    return path


def _checked_value(operator: str, value: Value) -> Value:
    match operator:
        case "$set" | "$push":
            return stored(value)
        case "$min" | "$max" | "$pull" | "$addToSet":
            return stored_scalar(value)
        case "$unset":
            return None
        case "$inc":
            amount = stored_scalar(value)
            if rank(amount) is not Rank.NUMBER:
                raise UnsupportedOperator("$inc takes a number")
            return amount
        case _:
            raise UnsupportedOperator(f"{operator!r} in an update")


def _refuse_overlap(paths: list[str]) -> None:
    taken = sorted(path.split(".") for path in paths)
    for shorter, longer in pairwise(taken):
        if longer[: len(shorter)] == shorter:
            raise UnsupportedOperator(f"an update that changes {'.'.join(shorter)} twice")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a path ends: a key of a dictionary, or a place in a list."""

    container: Value
    key: Value

    def read(self) -> Value:
        if is_dictionary(self.container):
            return self.container.get(self.key, MISSING)
        return self.container[self.key] if self.key < len(self.container) else MISSING

    def write(self, value: Value) -> None:
        if is_list(self.container):
            missing = self.key + 1 - len(self.container)
            self.container.extend([None] * missing)
        self.container[self.key] = value


def _step(container: Value, name: str) -> _Place | None:
    if is_dictionary(container):
        return _Place(container, name)
    if is_list(container) and name.isdecimal() and name == str(int(name)):
        return _Place(container, int(name)) if int(name) <= LIST_PLACE_AT_MOST else None
    return None


def _found(document: Document, path: str) -> _Place | None:
    """Return where `path` ends, or None where it leads nowhere."""
    *parents, leaf = path.split(".")
    container: Value = document
    for name in parents:
        place = _step(container, name)
        container = MISSING if place is None else place.read()
    return _step(container, leaf)


def _made(document: Document, path: str) -> _Place:
    """Return where `path` ends, with the dictionaries on the way made."""
    *parents, leaf = path.split(".")
    container: Value = document
    for name in parents:
        place = _fitting(_step(container, name), path)
        if place.read() is MISSING:
            place.write({})
        container = place.read()
    return _fitting(_step(container, leaf), path)


def _fitting(place: _Place | None, path: str) -> _Place:
    if place is None:
        raise UnsupportedOperator(f"the path {path!r} does not fit the document")
    return place


def _list_at(place: _Place, change: Change) -> list[Value]:
    elements: Value = place.read()
    if elements is MISSING:
        return []
    if not is_list(elements):
        raise UnsupportedOperator(f"{change.operator} at {change.path!r}, which holds no list")
    return elements


def _set(document: Document, change: Change) -> None:
    _made(document, change.path).write(change.value)


def _unset(document: Document, change: Change) -> None:
    place = _found(document, change.path)
    if place is None or place.read() is MISSING:
        return
    if is_list(place.container):
        place.write(None)
    else:
        del place.container[place.key]


def _increment(document: Document, change: Change) -> None:
    place = _made(document, change.path)
    number = place.read()
    if number is MISSING:
        number = 0
    if rank(number) is not Rank.NUMBER:
        raise UnsupportedOperator(f"$inc at {change.path!r}, which holds no number")
    total = number + change.value
    place.write(checked_integer(total) if isinstance(total, int) else checked_float(total))


def _bound(sign: int) -> Callable[[Document, Change], None]:
    def bound(document: Document, change: Change) -> None:
        place = _made(document, change.path)
        if place.read() is MISSING or compare(change.value, place.read()) == sign:
            place.write(change.value)

    return bound


def _push(document: Document, change: Change) -> None:
    place = _made(document, change.path)
    place.write([*_list_at(place, change), change.value])


def _pull(document: Document, change: Change) -> None:
    place = _found(document, change.path)
    if place is None or place.read() is MISSING:
        return
    place.write([e for e in _list_at(place, change) if not _same(e, change.value)])


def _add_to_set(document: Document, change: Change) -> None:
    place = _made(document, change.path)
    elements = _list_at(place, change)
    if not any(_same(element, change.value) for element in elements):
        place.write([*elements, change.value])


def _same(element: Value, scalar: Value) -> bool:
    return rank(element) not in {Rank.DICTIONARY, Rank.LIST} and compare(element, scalar) == 0


_APPLY: dict[str, Callable[[Document, Change], None]] = {
    "$set": _set,
    "$unset": _unset,
    "$inc": _increment,
    "$min": _bound(-1),
    "$max": _bound(1),
    "$push": _push,
    "$pull": _pull,
    "$addToSet": _add_to_set,
}
