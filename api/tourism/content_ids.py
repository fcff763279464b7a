"""The shape of ids of places, events, trails and tours: those in files are given by people, others are made by us."""

import re

_CONTENT_ID = re.compile(r"[\w-]{1,64}", re.ASCII)


def is_content_id(text: str) -> bool:
    """Tell whether `text` has the shape of an id; nothing else is worth looking up."""
    return _CONTENT_ID.fullmatch(text) is not None
