"""What a text for readers may be made of.

Normalised: to NFC, line ends to line feeds, white space around it away. Refused, because nobody who
writes for readers means it: control characters (line feeds in long texts are none), marks that turn
the direction of writing, invisible and unassigned characters, towers of accents, and what a browser
could take for markup: a tag, a comment, a character reference.
"""

import re
import unicodedata

_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, format (bidirectional controls, zero widths), surrogate, private, unassigned, separators."""
_MARKUP = re.compile(r"<[A-Za-z/!?]|&(?:#\d|#[xX][0-9A-Fa-f]|[A-Za-z][A-Za-z0-9]*;)")
_MARKS_IN_A_ROW = 3
_EMPTY_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Hangul fillers and the Braille cell without dots: letters and signs to Unicode, nothing to the eye."""


class NotPlain(ValueError):
    """A text that is refused."""


def plain(text: str, *, with_lines: bool) -> str:
    """Return `text` normalised. Raises NotPlain; empty texts too."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    allowed = "\n" if with_lines else ""
    if not composed or _MARKUP.search(composed) or _has_tower(composed):
        raise NotPlain
    for character in composed:
        is_refused = unicodedata.category(character) in _REFUSED_CATEGORIES
        if character in _EMPTY_LETTERS or (is_refused and character not in allowed):
            raise NotPlain
    return composed


def _has_tower(text: str) -> bool:
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks > _MARKS_IN_A_ROW:
            return True
    return False
