"""Words of people that others are sent by us: without links, so that nobody has us send advertisements."""

import re

from api.safety.errors import InvalidText
from api.tourism.plain_text import NotPlain, plain

_LINK = re.compile(
    r"://|www\.|\w\.\w{2,}/|@|\b[\w-]+\.(?:com|net|org|vn|info|xyz|top|io)\b", re.IGNORECASE
)


def plain_words(text: str, field: str, most: int) -> str:
    """Return a line of plain text, normalised. Raises InvalidText with `field`."""
    try:
        words = plain(text, with_lines=False)
    except NotPlain as error:
        raise InvalidText(field, most) from error
    if len(words) > most or _LINK.search(words):
        raise InvalidText(field, most)
    return words
