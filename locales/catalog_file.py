"""Reads a .po file as `make messages` writes it: whole messages, without plurals and contexts.

Babel, which reads all that such a file may hold, takes four times as long, and whoever asks first in a
language waits for it on the event loop.
"""

import json
import re

_MESSAGE = re.compile(
    r"""
    ^msgid[ ](?P<message>(?:".*"\n)+)
    msgstr[ ](?P<text>(?:".*"(?:\n|\Z))+)
    """,
    re.MULTILINE | re.VERBOSE,
)
_JOIN = re.compile(r'"\n"')


def texts_in(file: str) -> dict[str, str]:
    """Return the translations by msgid. What is not translated, or was given up ("#~"), is not among them."""
    found = ((_text(it["message"]), _text(it["text"])) for it in _MESSAGE.finditer(file))
    return {message: text for message, text in found if message and text}


def _text(lines: str) -> str:
    """Return what quoted lines say; their escapes are among those of JSON."""
    text: str = json.loads(_JOIN.sub("", lines.strip()))
    return text
