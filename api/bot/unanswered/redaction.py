"""A question as many ask it: without figures, codes and addresses, in one spelling."""

import re
import unicodedata

CHARACTERS_AT_MOST = 200
"""What is longer is a story of somebody's, and no question that others ask in the same words."""

_KIND = re.compile(r"\[([a-z_]{1,30})\]")
_ADDRESS = re.compile(
    r"\S+@\S+|\b(?:https?://|www\.)\S+|\S+\.(?:vn|com|org|net)\b\S*", re.IGNORECASE
)
_WITH_DIGITS = re.compile(r"[A-Za-z0-9_.+/#-]*\d[A-Za-z0-9_.+/#-]*")
_MARKED = re.compile("(\x02[a-z_]+\x03)(?:[\\s.,()/+-]*\\1)+")
"""One kind several times, such as the groups of a telephone number."""


def redacted(words: str) -> str | None:
    """Return words with kinds in brackets for what may be a person's; None: nothing is to be counted.

    The assistant has put kinds for the names that it knows already: "how far is [place]".
    """
    line = unicodedata.normalize("NFC", words[: 8 * CHARACTERS_AT_MOST]).casefold()
    line = "".join(letter for letter in line if letter not in "\x02\x03")
    line = _KIND.sub("\x02\\1\x03", line)
    line = _ADDRESS.sub("\x02address\x03", line)
    line = _WITH_DIGITS.sub("\x02number\x03", line)
    line = _MARKED.sub(r"\1", line)
    line = "".join(letter if _is_kept(letter) else " " for letter in line)
    line = " ".join(line.split())
    told = line.replace("\x02", "[").replace("\x03", "]")
    return told if 0 < len(told) <= CHARACTERS_AT_MOST else None


def _is_kept(letter: str) -> bool:
    return letter in "\x02\x03_" or unicodedata.category(letter)[0] in "LM"
