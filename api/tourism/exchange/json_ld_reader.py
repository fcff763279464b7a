"""Reads places from JSON-LD as schema.org's examples and we write it; no processor, and nothing is fetched.

Understood is compact JSON-LD whose context is schema.org's address, or says no more than that its words
are meant; other contexts are refused, because what they mean cannot be known without fetching them.
"""

import re
from typing import Any

from api.kit.ids import derived_id
from api.kit.json_values import is_list, is_number, is_object, is_texts
from api.tourism.editing.place_fields import DESCRIPTIONS, OPENING_NOTE
from api.tourism.exchange.errors import InvalidExchange, UnreadableDocument
from api.tourism.exchange.json_ld import (
    ACCURACY,
    ALTITUDE,
    CATEGORY,
    CONTEXT,
    NOTE,
    OPENING_HOURS,
    OTHER_NAMES,
    UNCHECKED,
    WORDS_OF_OURS,
)
from api.tourism.exchange.opening_specification import joined, text_of
from api.tourism.exchange.place_document import ROW_NAMES, Incoming, row_value
from api.tourism.exchange.strict_json import read_json
from api.tourism.exchange.vocabulary import NOT_PLACES, category_of
from api.tourism.flat_rows import NAMES

_WORDS_OF_SCHEMA_ORG = frozenset(
    f"{scheme}://schema.org{slash}" for scheme in ("http", "https") for slash in ("", "/")
)
_PROVINCE_S_LANGUAGE = "vi"
"""Of a text without a language."""
_NODES_AT_MOST = 50_000
_DECIMAL = re.compile(r"-?[0-9]{1,4}(?:\.[0-9]{1,20})?")

Object = dict[str, Any]


def read(value: Any) -> list[Incoming]:  # noqa: ANN401 - any JSON value
    """Return the places in a document. Raises UnreadableDocument, InvalidExchange."""
    nodes: list[Any] = []
    for document in _list(value):
        found = _object(document)
        if found is None:
            raise UnreadableDocument("no JSON-LD object")
        _check_context(found.get("@context"))
        nodes += _list(found["@graph"]) if "@graph" in found else [found]
    if len(nodes) > _NODES_AT_MOST:
        raise UnreadableDocument(f"more than {_NODES_AT_MOST} nodes")
    readers = [_NodeReader(node, row) for row, node in enumerate(nodes, 1)]
    return [reader.incoming() for reader in readers if reader.is_place()]


def _check_context(context: Any) -> None:  # noqa: ANN401 - any JSON value
    for part in _list(context) or [None]:
        is_ours = part == CONTEXT
        words = _object(part) or {}
        is_address = _is_of_schema_org(part)
        is_plain = set(words) == {"@vocab"} and _is_of_schema_org(words["@vocab"])
        if not (is_address or is_ours or is_plain):
            raise UnreadableDocument(
                "@context: only schema.org's is understood, and none is fetched"
            )


def _is_of_schema_org(words: Any) -> bool:  # noqa: ANN401 - any JSON value
    return isinstance(words, str) and words in _WORDS_OF_SCHEMA_ORG


class _NodeReader:
    """Reads one node; every refusal names it."""

    def __init__(self, node: Any, row: int) -> None:  # noqa: ANN401 - any JSON value
        self._row = row
        self._id = ""
        found = _object(node)
        if found is None:
            raise self._refusal("@graph", "an object is needed")
        self._said = found
        self._types = [it for it in _list(found.get("@type")) if isinstance(it, str)]

    def is_place(self) -> bool:
        return not NOT_PLACES.intersection(self._types)

    def incoming(self) -> Incoming:
        self._id = self._identifier()
        additional = self._additional()
        geo = self._part("geo", "GeoCoordinates")
        accuracy = additional.pop(ACCURACY, [None])[0]
        unchecked = additional.pop(UNCHECKED, [None])[0]
        notes = additional.pop(NOTE, [])
        return Incoming(
            row=self._row,
            id=self._id,
            texts={
                **self._texts(NAMES, "name", self._said.get("name")),
                **self._texts(DESCRIPTIONS, "description", self._said.get("description")),
                **self._texts(OPENING_NOTE, NOTE, notes),
            },
            unchecked=frozenset(unchecked.split()) if isinstance(unchecked, str) else None,
            values=self._values(additional, geo),
            latitude=self._number("latitude", geo.get("latitude")),
            longitude=self._number("longitude", geo.get("longitude")),
            accuracy_metres=self._number(ACCURACY, accuracy),
            communes=self._communes(),
        )

    def _identifier(self) -> str:
        for found in _list(self._said.get("identifier")):
            value = found if isinstance(found, str) else (_object(found) or {}).get("value")
            if isinstance(value, str):
                return value
        for word in ("@id", "url"):
            address = self._said.get(word)
            if isinstance(address, str) and address:
                return derived_id("place", address)
        raise self._refusal("identifier", "an identifier, an @id or a url is needed")

    def _values(self, additional: dict[str, list[Any]], geo: Object) -> Object:
        values: Object = {}
        if "elevation" in geo:
            values[ALTITUDE] = self._number("elevation", geo["elevation"])
        if "alternateName" in self._said:
            values[OTHER_NAMES] = self._strings("alternateName")
        values |= {
            name: self._said[word] for name, word in WORDS_OF_OURS.items() if word in self._said
        }
        if hours := self._opening_hours():
            values[OPENING_HOURS] = hours
        for public, (first, *_) in additional.items():
            if (name := ROW_NAMES.get(public)) is not None:
                values[name] = row_value(name, self._value(public, first))
        if CATEGORY not in values:
            values[CATEGORY] = category_of(self._types)
            if values[CATEGORY] is None:
                raise self._refusal("@type", f"no kind of place that we know: {self._types}"[:120])
        return values

    def _opening_hours(self) -> str | None:
        texts = _list(self._said.get("openingHours"))
        if texts and is_texts(texts):
            return joined(texts)
        specifications = _list(self._said.get("openingHoursSpecification"))
        text = text_of(specifications)
        if specifications and text is None:
            raise self._refusal(
                "openingHoursSpecification", "only weekdays with opens and closes are understood"
            )
        return text

    def _value(self, public: str, value: Any) -> Any:  # noqa: ANN401
        if isinstance(value, str):
            return value
        parts = (_object(value) or {}).get("description")
        if not isinstance(parts, str):
            raise self._refusal(public, "a text or a StructuredValue is needed")
        try:
            return read_json(parts.encode())
        except UnreadableDocument as error:
            raise self._refusal(public, str(error)) from error

    def _additional(self) -> dict[str, list[Any]]:
        """Return the values of our own names, by name; what others mean by theirs is not ours."""
        found: dict[str, list[Any]] = {}
        for part in _list(self._said.get("additionalProperty")):
            said = _object(part) or {}
            name, value = said.get("propertyID"), said.get("value")
            if isinstance(name, str) and value is not None:
                found.setdefault(name, []).append(value)
        return found

    def _texts(self, name: str, field: str, said: Any) -> dict[tuple[str, str], str]:  # noqa: ANN401
        found: dict[tuple[str, str], str] = {}
        for value in _list(said):
            tagged = _object(value)
            text, language = (
                (value, _PROVINCE_S_LANGUAGE)
                if tagged is None
                else (tagged.get("@value"), tagged.get("@language", _PROVINCE_S_LANGUAGE))
            )
            if not isinstance(text, str) or not isinstance(language, str):
                raise self._refusal(field, "a text with a language is needed")
            if (name, language) in found:
                raise self._refusal(f"{field}.{language[:35]}", "is there twice")
            found[name, language] = text
        return found

    def _communes(self) -> tuple[str | None, ...]:
        if "containedInPlace" not in self._said:
            return self._no_commune()
        code = self._part("containedInPlace", "AdministrativeArea").get("identifier")
        return (code,) if isinstance(code, str) else ()

    def _no_commune(self) -> tuple[str | None, ...]:
        # Our own documents leave it out where there is none; those of others do not know ours.
        is_ours = str(self._said.get("@id", "")).startswith("urn:laocai:place:")
        return (None,) if is_ours else ()

    def _part(self, name: str, kind: str) -> Object:
        found = next((it for it in _list(self._said.get(name)) if _object(it) is not None), None)
        if found is None and name == "geo":
            raise self._refusal(name, f"{kind} is needed")
        return _object(found) or {}

    def _strings(self, name: str) -> list[str]:
        found = _list(self._said[name])
        if not is_texts(found):
            raise self._refusal(name, "texts are needed")
        return found

    def _number(self, name: str, said: Any) -> float | None:  # noqa: ANN401 - any JSON value
        value = (_object(said) or {}).get("@value") if _object(said) is not None else said
        if value is None:
            return None
        if isinstance(value, str) and _DECIMAL.fullmatch(value):
            return float(value)  # schema.org has coordinates as texts too
        if not is_number(value):
            raise self._refusal(name, "a number is needed")
        return float(value)

    def _refusal(self, field: str, reason: str) -> InvalidExchange:
        return InvalidExchange(self._row, self._id, field, reason)


def _object(value: Any) -> Object | None:  # noqa: ANN401 - any JSON value
    return value if is_object(value) else None


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - any JSON value
    if value is None:
        return []
    return value if is_list(value) else [value]
