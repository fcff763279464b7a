"""What both formats say of a place, and what is read from both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from api.kit.json_values import is_object
from api.kit.localized import best_language
from api.tourism.editing.place_fields import (
    DESCRIPTIONS,
    OPENING_NOTE,
    PICTURES,
    POSITION,
    SIMPLE_FIELDS,
    fields_of,
    public_name,
    row_of,
)
from api.tourism.flat_rows import NAMES
from api.tourism.records import Place
from locales import SOURCE
from locales.province import with_province

LICENSE = "https://opendatacommons.org/licenses/odbl/1-0/"
_ATTRIBUTION = (
    "© {province}; © OpenStreetMap contributors, ODbL 1.0. Good for maps, not for rescue."
)
_TITLE = "Places of {province}"

TEXTS = (NAMES, DESCRIPTIONS, OPENING_NOTE)
ENUMERATED = frozenset({"category", "confidence"})
_WIFI, _ACCESS = "wifi", "access"
ROW_NAMES: Mapping[str, str] = {
    public_name(name): name for name in SIMPLE_FIELDS if name != PICTURES
}
"""What the documents call a row's simple fields, and what the rows do.

Not pictures: their addresses end after hours, and only an editor can attach one.
"""


def attribution() -> str:
    return with_province(_ATTRIBUTION, SOURCE)


def title() -> str:
    return with_province(_TITLE, SOURCE)


def written_value(name: str, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value of a row's field as documents have it: enumerations as the contract writes them."""
    if name == _WIFI:
        return {**value, _ACCESS: value[_ACCESS].upper()}
    return value.upper() if name in ENUMERATED else value


def row_value(name: str, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value that was read as the row has it; what is of another kind stays, to be refused."""
    if name == _WIFI and is_object(value) and isinstance(value.get(_ACCESS), str):
        return {**value, _ACCESS: value[_ACCESS].lower()}
    return value.lower() if name in ENUMERATED and isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class PlaceDocument:
    """A place to be written: texts by row field and language, and what else is known, by row field."""

    id: str
    texts: Mapping[str, Mapping[str, str]]
    unchecked: tuple[str, ...]
    position: Mapping[str, Any]
    rest: Mapping[str, Any]

    @classmethod
    def of(cls, place: Place, language: str | None) -> "PlaceDocument":
        """Return all of it, or of every text only the best for readers of `language`."""
        fields = fields_of(row_of(place))
        texts: dict[str, dict[str, str]] = {name: {} for name in TEXTS}
        for path, value in fields.items():
            name, _, tag = path.partition(".")
            if tag:
                texts[name][tag] = value["text"] if name == NAMES else value
        chosen = {name: _best(by_language, language) for name, by_language in texts.items()}
        return cls(
            id=place.id,
            texts=chosen,
            unchecked=tuple(tag for tag in place.names_unchecked if tag in chosen[NAMES]),
            position=fields[POSITION],
            rest={
                name: written_value(name, value)
                for name, value in fields.items()
                if "." not in name and name not in (POSITION, PICTURES)
            },
        )


@dataclass(frozen=True, slots=True)
class Incoming:
    """A place that was read; what is None or absent is not said.

    `row`: from 1. `commune`: a code, None across the border, absent when the document says nothing.
    """

    row: int
    id: str
    texts: Mapping[tuple[str, str], str]
    unchecked: frozenset[str] | None
    values: Mapping[str, Any]
    latitude: float | None
    longitude: float | None
    accuracy_metres: float | None
    communes: tuple[str | None, ...] = field(default=())


def _best(texts: Mapping[str, str], language: str | None) -> Mapping[str, str]:
    if language is None:
        return texts
    best = best_language(texts, language)
    return {} if best is None else {best: texts[best]}
