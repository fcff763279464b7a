"""Texts that editors write, in the languages of readers."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.kit.errors import N_
from api.tourism.errors import TourismErrorCode, TourismProblem
from api.tourism.plain_text import NotPlain, plain
from api.tourism.records import Texts
from locales import AVAILABLE

_NEEDED = "vi"


class InvalidText(TourismProblem):
    code = TourismErrorCode.INVALID_TEXT
    message = N_(
        "A text has 1 to {most} characters, without markup or signs that nobody sees, once in each"
        " language of ours, and always in Vietnamese."
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
    that is not plain (plain_text.py), and without a Vietnamese one where it `is_needed` or any is given.
    """
    refusal = InvalidText(field, characters_at_most)
    texts = {it.language: _plain(it.text, refusal, with_lines=True) for it in written}
    is_sound = (
        len(texts) == len(written)
        and texts.keys() <= set(AVAILABLE)
        and (_NEEDED in texts or not (texts or is_needed))
        and all(len(text) <= characters_at_most for text in texts.values())
    )
    if not is_sound:
        raise refusal
    return {language: texts[language] for language in AVAILABLE if language in texts}


def line_of(field: str, text: str, characters_at_most: int) -> str:
    """Return one line of text, trimmed. Raises InvalidText."""
    refusal = InvalidText(field, characters_at_most)
    line = _plain(text, refusal, with_lines=False)
    if len(line) > characters_at_most:
        raise refusal
    return line


def _plain(text: str, refusal: InvalidText, *, with_lines: bool) -> str:
    try:
        return plain(text, with_lines=with_lines)
    except NotPlain as error:
        raise refusal from error
