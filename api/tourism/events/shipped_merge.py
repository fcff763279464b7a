"""What a load makes of an event that was edited: three-way and field by field, as with places.

What was shipped last is the base. Edited fields win, the others follow the file. Texts are fields by
language; where an event is held is one field, and so is its rule.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from api.tourism.events.content_rows import EventRow
from api.tourism.events.documents import EventState, Origin, Row, row_of
from locales import AVAILABLE

_NAMES, _UNCHECKED = "names", "names_unchecked"
_TEXTS = ("descriptions", "organisers", "price_notes")
_WHERE = "where"
_OF_WHERE = ("place_id", "latitude", "longitude", "commune_code")

Fields = Mapping[str, Any]


def following(was: EventState, shipped: Row) -> EventState:
    """Return what holds once the file says `shipped`; of the same version, for the caller to count.

    Where no base is known yet, all that differs counts as edited. What does not go together with what
    is shipped now stays whole, as the editor left it.
    """
    before = fields_of(shipped if was.base is None else was.base)
    now_shipped, held = fields_of(shipped), fields_of(was.row)
    edited = {
        path: held.get(path)
        for path in before.keys() | held.keys()
        if held.get(path) != before.get(path)
    }
    merged = {path: it for path, it in {**now_shipped, **edited}.items() if it is not None}
    try:
        row = row_of(EventRow.model_validate(_row_with(was.id, merged)))
    except ValidationError:
        row = was.row
    origin = Origin.SHIPPED if row == shipped else Origin.EDITED
    return replace(was, row=row, base=shipped, origin=origin)


def fields_of(row: Row) -> dict[str, Any]:
    """Return what a row says, flat; what it says nothing about has no field."""
    fields: dict[str, Any] = {
        f"{_NAMES}.{language}": {"text": text, "is_unchecked": language in row[_UNCHECKED]}
        for language, text in row[_NAMES].items()
    }
    for name in _TEXTS:
        fields |= {f"{name}.{language}": text for language, text in row[name].items()}
    fields[_WHERE] = {name: row[name] for name in _OF_WHERE}
    elsewhere = {"id", _NAMES, _UNCHECKED, *_TEXTS, *_OF_WHERE}
    rest = {name: value for name, value in row.items() if name not in elsewhere}
    return fields | {name: value for name, value in rest.items() if value is not None}


def _row_with(event_id: str, fields: Fields) -> Row:
    row: Row = {"id": event_id, _NAMES: {}, _UNCHECKED: [], **{name: {} for name in _TEXTS}}
    for path, value in sorted(fields.items(), key=_by_language):
        name, _, language = path.partition(".")
        if name == _NAMES:
            row[_NAMES][language] = value["text"]
            row[_UNCHECKED] += [language] if value["is_unchecked"] else []
        elif language:
            row[name][language] = value
        elif name == _WHERE:
            row |= value
        else:
            row[name] = value
    return row


def _by_language(field: tuple[str, Any]) -> int:
    language = field[0].partition(".")[2]
    return AVAILABLE.index(language) if language in AVAILABLE else len(AVAILABLE)
