"""Folding: the form in which a text typed without marks and its full spelling meet."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    lower = letter.lower()
    if lower == "đ":
        return "d"
    base = unicodedata.normalize("NFD", lower)[0]
    # Only Latin letters lose their marks: が without its mark is another letter, and so is each Hangul part.
    return base if base.isascii() else lower[0]


def fold(text: str) -> str:
    """Return NFC `text` in lower case without Latin marks; as long as `text`, letter by letter."""
    return "".join(map(_fold_letter, text))


def is_ideographic(letter: str) -> bool:
    """Tell whether `letter` is Han or kana: scripts written without spaces."""
    return "\u3040" <= letter <= "\u30ff" or "\u3400" <= letter <= "\u9fff" or letter in "々〆ー"


def is_hangul(letter: str) -> bool:
    return "\uac00" <= letter <= "\ud7a3"
