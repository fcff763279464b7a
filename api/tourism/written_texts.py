"""Texts that editors write, in the languages of readers."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from api.kit.errors import N_
from api.tourism.errors import TourismErrorCode, TourismProblem
from api.tourism.records import Texts
from locales import AVAILABLE

_NEEDED = "vi"
_MAY_STAND = "\n"


class InvalidText(TourismProblem):
    code = TourismErrorCode.INVALID_TEXT
    message = N_(
        "A text has 1 to {most} characters, none of them invisible, once in each language"
        " of ours, and always in Vietnamese."
    )

    def __init__(self, field: str, most: int) -> None:
        super().__init__(most=most)
        self.field = field


@dataclass(frozen=True, slots=True)
class WrittenText:
    """As it was typed. `language`: BCP 47."""

    language: str
    text: str


def texts_of(
    field: str, written: Sequence[WrittenText], characters_at_most: int, *, is_needed: bool = True
) -> Texts:
    """Return the texts by language, in our order of languages. `field` names them in a refusal.

    Raises InvalidText: for a language that is not ours or there twice, an empty or too long text, one
    with signs that nobody sees, and without a Vietnamese one where it `is_needed` or any is given.
    """
    texts = {it.language: _composed(it.text) for it in written}
    is_sound = (
        len(texts) == len(written)
        and texts.keys() <= set(AVAILABLE)
        and (_NEEDED in texts or not (texts or is_needed))
        and all(_is_readable(text, characters_at_most) for text in texts.values())
    )
    if not is_sound:
        raise InvalidText(field, characters_at_most)
    return {language: texts[language] for language in AVAILABLE if language in texts}


def line_of(field: str, text: str, characters_at_most: int) -> str:
    """Return one line of text, trimmed. Raises InvalidText."""
    line = _composed(text)
    if "\n" in line or not _is_readable(line, characters_at_most):
        raise InvalidText(field, characters_at_most)
    return line


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _is_readable(text: str, characters_at_most: int) -> bool:
    return 0 < len(text) <= characters_at_most and all(
        sign in _MAY_STAND or unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
        for sign in text
    )
