"""Texts cut to a number of bytes, for a reader."""

import unicodedata

ELLIPSIS = "…"
_JOINER = "\u200d"


def shortened(text: str, bytes_at_most: int) -> str:
    """Return `text` if its UTF-8 form fits, else a beginning of it that ends with "…" and fits.

    Cut between words where there are any near, and never inside a character that a reader sees.
    Empty when not even the ellipsis fits.
    """
    if len(text.encode()) <= bytes_at_most:
        return text
    room = bytes_at_most - len(ELLIPSIS.encode())
    if room < 0:
        return ""
    end = _whole_character_end(text, len(text.encode()[:room].decode(errors="ignore")))
    word_end = end if text[end : end + 1].isspace() else text.rfind(" ", 0, end)
    # Chinese and Japanese have no spaces: there a cut between characters is a cut between words.
    cut = word_end if word_end > end // 2 else end
    return text[:cut].rstrip() + ELLIPSIS


def _whole_character_end(text: str, end: int) -> int:
    while 0 < end < len(text) and (
        unicodedata.combining(text[end])
        or unicodedata.category(text[end]) in {"Mn", "Me", "Cf"}
        or text[end - 1] == _JOINER
    ):
        end -= 1
    return end
