"""Marks phrases for extraction."""


def N_(message: str) -> str:  # noqa: N802 - the gettext name for "mark, translate later"
    """Mark `message` for extraction; it is translated when said, in the reader's language."""
    return message
