"""What a place may say: the rules of the content files, and those for texts that people write."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from api.kit.area import Area, Circle
from api.kit.json_values import is_number, is_object, is_texts
from api.tourism.commune_index import CommuneIndex
from api.tourism.editing.errors import (
    InvalidPlace,
    OutsideProvince,
    TextNotPlain,
    TextTooLong,
    TooManyNames,
    UnknownTextLanguage,
    VietnameseNameMissing,
)
from api.tourism.editing.picture_rules import checked_pictures
from api.tourism.editing.place_fields import PICTURES, POSITION, public_name, public_path
from api.tourism.editing.records import PlaceChange, PlaceState
from api.tourism.errors import InvalidOpeningHours
from api.tourism.flat_rows import NAMES, Fields
from api.tourism.opening.hours import OpeningHours
from api.tourism.plain_text import NotPlain, plain
from locales import AVAILABLE

BORDER_MARGIN_METRES = 3_000.0
"""Summits and passes lie on the border, and positions are off by up to this."""
NAME_CHARACTERS_AT_MOST = 200
TEXT_CHARACTERS_AT_MOST = 4_000
OTHER_NAMES_AT_MOST = 30
MOVED_ACCURACY_METRES = 100.0
"""How exact a position is that somebody pointed at on a map."""
LOWEST_METRES, HIGHEST_METRES = 0.0, 3_500.0

_BETWEEN_DIGITS = re.compile(r"[ \u00a0().-]")
_REQUIRED = frozenset({"category", "confidence"})


class PlaceRules:
    def __init__(self, communes: CommuneIndex) -> None:
        self._communes = communes

    async def commune_of(self, change: PlaceChange) -> str | None:
        """Return the code of the commune that the place is moved to, None across the border.

        Raises OutsideProvince. May take 0.2 s, so ask before a transaction begins.
        """
        if change.position is None:
            return None
        if code := self._communes.at(change.position):
            return code
        near = Area.of([], [Circle(change.position, BORDER_MARGIN_METRES)])
        if not await asyncio.to_thread(self._communes.touching, near):
            raise OutsideProvince("position")
        return None


def checked_fields(change: PlaceChange, commune_code: str | None, published: Fields) -> Fields:
    """Return the fields that `change` sets, each of them checked.

    `commune_code`: of the new position. Raises InvalidPlace, UnknownTextLanguage.
    """
    fields = {
        f"{name}.{language_of_text(language)}": _text(name, language, text, published)
        for (name, language), text in change.texts.items()
    }
    fields |= {name: _value(name, value) for name, value in change.values.items()}
    return fields | _position(change, commune_code, published.get(POSITION))


def _position(
    change: PlaceChange, commune_code: str | None, was: Mapping[str, Any] | None
) -> Fields:
    moved, accuracy = change.position, change.accuracy_metres
    if accuracy is not None and not 0 < accuracy <= BORDER_MARGIN_METRES:
        raise InvalidPlace("positionAccuracy")
    if moved is not None:
        exactly = {"latitude": moved.latitude, "longitude": moved.longitude}
        if was is None or exactly.items() - was.items():
            metres = MOVED_ACCURACY_METRES if accuracy is None else accuracy
            return {
                POSITION: {
                    **exactly,
                    "position_accuracy_metres": metres,
                    "commune_code": commune_code,
                }
            }
    if accuracy is None or was is None:
        return {}
    return {POSITION: {**was, "position_accuracy_metres": accuracy}}


def language_of_text(language: str) -> str:
    """Return a language of content. Raises UnknownTextLanguage."""
    if language not in AVAILABLE:
        raise UnknownTextLanguage(languages=", ".join(AVAILABLE))
    return language


def later(state: PlaceState, changes: Fields) -> PlaceState:
    """Return the place with these changes, one version later. Raises InvalidPlace."""
    if "names.vi" in changes and changes["names.vi"] is None:
        raise VietnameseNameMissing("names.vi")
    try:
        return state.with_fields(changes)
    except ValidationError as error:
        raise invalid_place(error) from error


def invalid_place(error: ValidationError) -> InvalidPlace:
    """Return the refusal that names the first field in which a row is wrong."""
    where = error.errors(include_url=False, include_context=False)[0]["loc"]
    first = str(where[0]) if where else ""
    if first == NAMES and len(where) == 1:
        return VietnameseNameMissing("names.vi")
    if first in ("latitude", "longitude"):
        return InvalidPlace(POSITION)
    return InvalidPlace(".".join([public_name(first), *map(str, where[1:])]))


def _text(name: str, language: str, text: str | None, published: Fields) -> Any:  # noqa: ANN401
    """Return what is kept of a text. A name that is new was checked by nobody yet."""
    path = f"{name}.{language}"
    if text is None or not text.strip():
        return None
    most = NAME_CHARACTERS_AT_MOST if name == NAMES else TEXT_CHARACTERS_AT_MOST
    written = _plain(public_path(path), text, most, with_lines=name != NAMES)
    if name != NAMES:
        return written
    known = published.get(path)
    is_same = known is not None and known["text"] == written
    return known if is_same else {"text": written, "is_unchecked": True}


def _value(name: str, value: Any) -> Any:  # noqa: ANN401 - JSON
    field = public_name(name)
    if value is None:
        if name in _REQUIRED:
            raise InvalidPlace(field)
        return None
    if name == "other_names":
        return _other_names(field, value)
    if name == "altitude_metres":
        if not (is_number(value) and LOWEST_METRES <= value <= HIGHEST_METRES):
            raise InvalidPlace(field)
        return float(value)
    if name == "phone" and isinstance(value, str):
        return _BETWEEN_DIGITS.sub("", value)
    if name == "opening_hours":
        return _opening_hours(field, value)
    if name == PICTURES:
        return checked_pictures(value)
    if name == "wifi" and is_object(value):
        ssid = value.get("ssid")
        return value | {"ssid": _plain(field, ssid, 32)} if isinstance(ssid, str) else value
    if isinstance(value, str):
        return _plain(field, value, TEXT_CHARACTERS_AT_MOST)
    return value


def _opening_hours(field: str, text: Any) -> str:  # noqa: ANN401 - JSON
    if not isinstance(text, str):
        raise InvalidPlace(field)
    written = _plain(field, text, TEXT_CHARACTERS_AT_MOST)
    try:
        OpeningHours.of(written)
    except InvalidOpeningHours as error:
        error.field = field
        raise
    return written


def _other_names(field: str, names: Any) -> list[str] | None:  # noqa: ANN401 - JSON
    if not is_texts(names):
        raise InvalidPlace(field)
    return _all_plain(field, names)


def _all_plain(field: str, names: list[str]) -> list[str] | None:
    if len(names) > OTHER_NAMES_AT_MOST:
        raise TooManyNames(field, most=OTHER_NAMES_AT_MOST)
    written = [_plain(field, name, NAME_CHARACTERS_AT_MOST) for name in names]
    if len(set(written)) < len(written):
        raise TooManyNames(field, most=OTHER_NAMES_AT_MOST)
    return written or None


def _plain(field: str, text: str, most: int, *, with_lines: bool = False) -> str:
    if len(text) > most:
        raise TextTooLong(field, most=most)
    try:
        return plain(text, with_lines=with_lines)
    except NotPlain as error:
        raise TextNotPlain(field) from error
