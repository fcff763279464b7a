"""A place as fields that are changed one by one (flat_rows.py).

A row is what PlaceRow reads, as JSON values; it is the shape in which places are kept in history and
merged, because PlaceRow fills in what later releases add. A position, how exact it is, and the commune
that it lies in are one field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.kit.json_values import is_list, is_object
from api.tourism.content_rows import PlaceRow
from api.tourism.documents import place_document
from api.tourism.flat_rows import NAMES, Fields, FlatRows, Row, changed
from api.tourism.records import Place

DESCRIPTIONS, OPENING_NOTE = "descriptions", "opening_note"
POSITION = "position"
PICTURES = "pictures"
_PLACES = FlatRows(
    texts=(DESCRIPTIONS, OPENING_NOTE),
    whole=POSITION,
    parts=("latitude", "longitude", "position_accuracy_metres", "commune_code"),
    nothing=(None, [], {}),
)
SIMPLE_FIELDS = tuple(name for name in PlaceRow.model_fields if name not in _PLACES.composed)
"""Of a row, what is a field by itself."""
_ENUMERATED = frozenset({"category", "confidence"})
_OF_THE_STORE = frozenset({"_id", "cells", "position"})


def row_of(place: Place) -> Row:
    """Return the row that reads as `place`."""
    document = place_document(place)
    said = {name: value for name, value in document.items() if name not in _OF_THE_STORE}
    return complete({"id": place.id, **document["position"], **said})


def complete(row: Row) -> Row:
    """Return the row with every value that it leaves out. Raises pydantic's ValidationError."""
    return PlaceRow.model_validate(row).model_dump(mode="json")


def place_of(row: Row) -> Place:
    """Return the place that a row says. Raises pydantic's ValidationError."""
    return PlaceRow.model_validate(row).record()


def fields_of(row: Row | None) -> Fields:
    """Return what a row says, nothing for none; what it says nothing about has no field."""
    return _PLACES.fields_of(row) if row else {}


def row_with(place_id: str, fields: Mapping[str, Any]) -> Row:
    """Return the row that says these fields. Raises pydantic's ValidationError."""
    return complete(_PLACES.row_with(place_id, fields))


@dataclass(frozen=True, slots=True)
class Difference:
    """One value before and after, for people: `field` and `language` as the contract has them."""

    field: str
    language: str | None
    before: str | None
    after: str | None


def differences(before: Fields, after: Fields) -> tuple[Difference, ...]:
    """Return what a reader could tell apart, in the order of the fields."""
    found: list[Difference] = []
    for path in changed(before, after):
        was, is_now = shown(path, before.get(path)), shown(path, after.get(path))
        for name, language in dict.fromkeys((*was, *is_now)):
            old, new = was.get((name, language)), is_now.get((name, language))
            if old != new:
                found.append(Difference(name, language, old, new))
    return tuple(found)


def shown(path: str, value: Any) -> dict[tuple[str, str | None], str]:  # noqa: ANN401 - JSON
    """Return what a field holds, by the contract's names of it."""
    name, _, language = path.partition(".")
    found: dict[tuple[str, str | None], str] = {}
    if value is None:
        return found
    if name == NAMES:
        found[NAMES, language] = value["text"]
        if value["is_unchecked"]:
            found["namesUnchecked", language] = language
    elif name == POSITION:
        found[POSITION, None] = f"{value['latitude']}, {value['longitude']}"
        for part in _PLACES.parts[2:]:
            if value[part] is not None:
                found[public_name(part), None] = _text(value[part])
    elif name == PICTURES:
        found[PICTURES, None] = "\n".join(map(_picture_text, value))
    else:
        text = value.upper() if name in _ENUMERATED else _text(value)
        found[public_name(name), language or None] = text
    return found


def _picture_text(picture: Mapping[str, Any]) -> str:
    alt = "; ".join(f"{language}: {text}" for language, text in picture["alt"].items())
    return f"{picture['media_id']} ({picture['author']}, {picture['licence'].upper()}) {alt}"


def public_path(path: str) -> str:
    """Return the contract's name of a field: `names.ko`, `altitude`."""
    name, dot, language = path.partition(".")
    return f"{public_name(name)}{dot}{language}"


def public_name(name: str) -> str:
    """Return a row's name as the contract has it: `altitude_metres` is `altitude`."""
    if name == OPENING_NOTE:
        return "openingNotes"
    first, *others = name.removesuffix("_metres").split("_")
    return first + "".join(map(str.capitalize, others))


def _text(value: Any) -> str:  # noqa: ANN401 - JSON
    if is_list(value):
        return ", ".join(map(_text, value))
    if is_object(value):
        return ", ".join(f"{name}: {_text(part)}" for name, part in value.items())
    return str(value)
