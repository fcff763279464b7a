"""Content in several languages, and which of them a reader gets."""

from collections.abc import Mapping

FALLBACKS = ("en", "vi")


def best_language(texts: Mapping[str, str], asked: str) -> str | None:
    """Return the language to answer in: asked, then English, then Vietnamese, then any; None for no text."""
    for language in (asked, *FALLBACKS):
        if language in texts:
            return language
    return min(texts, default=None)
