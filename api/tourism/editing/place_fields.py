"""A place as fields that are changed one by one: each text in each language on its own.

A row is what PlaceRow reads, as JSON values; it is the shape in which places are kept in history and
merged, because PlaceRow fills in what later releases add. Fields are the same, flat: `names.ko`,
`descriptions.en`, `position`, `altitude_metres`. What belongs together is one field: a name and
whether it was checked; a position, how exact it is, and the commune that it lies in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.kit.json_values import is_list, is_object
from api.tourism.content_rows import PlaceRow
from api.tourism.documents import place_document
from api.tourism.records import Place
from locales import AVAILABLE

Row = dict[str, Any]
Fields = dict[str, Any]

NAMES, DESCRIPTIONS, OPENING_NOTE = "names", "descriptions", "opening_note"
POSITION = "position"
PICTURES = "pictures"
_TEXTS = (DESCRIPTIONS, OPENING_NOTE)
_UNCHECKED = "names_unchecked"
_OF_POSITION = ("latitude", "longitude", "position_accuracy_metres", "commune_code")
_ELSEWHERE = frozenset({"id", NAMES, _UNCHECKED, *_TEXTS, *_OF_POSITION})
SIMPLE_FIELDS = tuple(name for name in PlaceRow.model_fields if name not in _ELSEWHERE)
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
    if not row:
        return {}
    names: dict[str, str] = row[NAMES]
    fields: Fields = {
        f"{NAMES}.{language}": {"text": text, "is_unchecked": language in row[_UNCHECKED]}
        for language, text in names.items()
    }
    for name in _TEXTS:
        texts: dict[str, str] = row[name] or {}
        fields |= {f"{name}.{language}": text for language, text in texts.items()}
    fields[POSITION] = {name: row[name] for name in _OF_POSITION}
    rest = {name: value for name, value in row.items() if name not in _ELSEWHERE}
    return fields | {name: value for name, value in rest.items() if value not in (None, [], {})}


def row_with(place_id: str, fields: Mapping[str, Any]) -> Row:
    """Return the row that says these fields. Raises pydantic's ValidationError."""
    row: Row = {"id": place_id, NAMES: {}, _UNCHECKED: [], **{name: {} for name in _TEXTS}}
    for path, value in sorted(fields.items(), key=_by_language):
        name, _, language = path.partition(".")
        if name == NAMES:
            row[NAMES][language] = value["text"]
            row[_UNCHECKED] += [language] if value["is_unchecked"] else []
        elif language:
            row[name][language] = value
        elif name == POSITION:
            row |= value
        else:
            row[name] = value
    return complete(row)


def _by_language(field: tuple[str, Any]) -> int:
    """Order languages as we always do, whatever was changed last."""
    language = field[0].partition(".")[2]
    return AVAILABLE.index(language) if language in AVAILABLE else len(AVAILABLE)


def changed(before: Fields, after: Fields) -> Fields:
    """Return the fields that are not the same, as they are after; None for those that are gone."""
    paths = sorted(before.keys() | after.keys())
    return {path: after.get(path) for path in paths if before.get(path) != after.get(path)}


def applied(fields: Fields, changes: Mapping[str, Any]) -> Fields:
    """Return `fields` with these changes; None takes a field away."""
    return {path: value for path, value in (fields | dict(changes)).items() if value is not None}


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
        for part in _OF_POSITION[2:]:
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
