"""What of a text everybody may read: numbers of people and their addresses are masked."""

import re

MASK = "•••"
_NUMBER = re.compile(r"\+?\d(?:[ .\-()\u00a0\u2000-\u200a\u2010-\u2015\u202f]{0,3}\d){8,}")
"""Nine digits or more, parted or not: telephone, identity card (9 or 12), insurance, bank account."""
_ADDRESS = re.compile(r"[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63})+")
"""Bounded as addresses are (RFC 5321), so that no text takes long."""


def public_text(text: str) -> str:
    """Return the text without numbers of nine digits or more and without e-mail addresses."""
    return _NUMBER.sub(MASK, _ADDRESS.sub(MASK, text))
