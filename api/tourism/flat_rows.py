"""Rows of content as fields that are changed and merged one by one: each text in each language on its own.

A row is what a file of ours says of a place or an event, as JSON values. Its fields are the same, flat:
`names.ko`, `descriptions.en`, `altitude_metres`. What belongs together is one field: a name and whether
it was checked; and where something is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from locales import AVAILABLE

Row = dict[str, Any]
Fields = dict[str, Any]

NAMES, _UNCHECKED = "names", "names_unchecked"


@dataclass(frozen=True, slots=True)
class FlatRows:
    """How rows of one kind are laid out.

    `texts`: members that are objects by language, besides the names. `whole`: the one field that holds the
    members `parts`. `nothing`: values that say nothing, so that they have no field.
    """

    texts: tuple[str, ...]
    whole: str
    parts: tuple[str, ...]
    nothing: tuple[Any, ...] = (None,)

    @property
    def composed(self) -> frozenset[str]:
        """The members that are no field by themselves."""
        return frozenset({"id", NAMES, _UNCHECKED, *self.texts, *self.parts})

    def fields_of(self, row: Mapping[str, Any]) -> Fields:
        """Return what a row says; what it says nothing about has no field."""
        fields: Fields = {
            f"{NAMES}.{language}": {"text": text, "is_unchecked": language in row[_UNCHECKED]}
            for language, text in row[NAMES].items()
        }
        for name in self.texts:
            texts: dict[str, str] = row[name] or {}
            fields |= {f"{name}.{language}": text for language, text in texts.items()}
        fields[self.whole] = {name: row[name] for name in self.parts}
        composed = self.composed
        rest = {name: value for name, value in row.items() if name not in composed}
        return fields | {name: value for name, value in rest.items() if value not in self.nothing}

    def row_with(self, row_id: str, fields: Mapping[str, Any]) -> Row:
        """Return the row that says these fields, and of what has no field nothing."""
        row: Row = {"id": row_id, NAMES: {}, _UNCHECKED: [], **{name: {} for name in self.texts}}
        for path, value in sorted(fields.items(), key=_by_language):
            name, _, language = path.partition(".")
            if name == NAMES:
                row[NAMES][language] = value["text"]
                row[_UNCHECKED] += [language] if value["is_unchecked"] else []
            elif language:
                row[name][language] = value
            elif name == self.whole:
                row |= value
            else:
                row[name] = value
        return row


def changed(before: Fields, after: Fields) -> Fields:
    """Return the fields that are not the same, as they are after; None for those that are gone."""
    paths = sorted(before.keys() | after.keys())
    return {path: after.get(path) for path in paths if before.get(path) != after.get(path)}


def applied(fields: Fields, changes: Mapping[str, Any]) -> Fields:
    """Return `fields` with these changes; None takes a field away."""
    return {path: value for path, value in (fields | dict(changes)).items() if value is not None}


def _by_language(field: tuple[str, Any]) -> int:
    """Order languages as we always do, whatever was changed last."""
    language = field[0].partition(".")[2]
    return AVAILABLE.index(language) if language in AVAILABLE else len(AVAILABLE)
