"""What pictures of a place must say: what they show, and whom to credit."""

from typing import Any

from api.kit.json_values import is_list, is_object
from api.tourism.editing.errors import (
    InvalidPlace,
    PictureWithoutCredit,
    TextNotPlain,
    TextTooLong,
    TooManyPictures,
    UnknownTextLanguage,
)
from api.tourism.editing.place_fields import PICTURES
from api.tourism.plain_text import NotPlain, plain
from locales import AVAILABLE

PICTURES_AT_MOST = 20
ALT_CHARACTERS_AT_MOST = 500
AUTHOR_CHARACTERS_AT_MOST = 200


def checked_pictures(value: Any) -> list[dict[str, Any]] | None:  # noqa: ANN401 - JSON
    """Return pictures as a row has them, None for none. Raises InvalidPlace, UnknownTextLanguage."""
    if not is_list(value) or not all(map(is_object, value)):
        raise InvalidPlace(PICTURES)
    if len(value) > PICTURES_AT_MOST or len({one["media_id"] for one in value}) < len(value):
        raise TooManyPictures(PICTURES, most=PICTURES_AT_MOST)
    return [_checked(one) for one in value] or None


def _checked(picture: dict[str, Any]) -> dict[str, Any]:
    alt = {language: text for language, text in picture["alt"].items() if text and text.strip()}
    if alt.keys() - {*AVAILABLE}:
        raise UnknownTextLanguage(languages=", ".join(AVAILABLE))
    if "vi" not in alt or not picture["author"].strip():
        raise PictureWithoutCredit(PICTURES)
    return {
        **picture,
        "alt": {language: _plain(text, ALT_CHARACTERS_AT_MOST) for language, text in alt.items()},
        "author": _plain(picture["author"], AUTHOR_CHARACTERS_AT_MOST),
    }


def _plain(text: str, most: int) -> str:
    if len(text) > most:
        raise TextTooLong(PICTURES, most=most)
    try:
        return plain(text, with_lines=False)
    except NotPlain as error:
        raise TextNotPlain(PICTURES) from error
