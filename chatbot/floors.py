"""What a model must reach in each language before it may answer anybody: the goals of docs/bot.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_UNMARKED = "vi-unmarked"
_AT_LEAST = {
    "intents": 0.92,
    "entities F1": 0.85,
    "emergency recall": 0.98,
    "out of scope recall": 0.7,
    "heard": 0.92,
    "right number": 0.65,
}
_AT_MOST = {"false rejections": 0.05}
_UNMARKED_INTENTS = 0.85


def shortcomings(figures: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Return what of the figures, by language and name (renew.measured), is not good enough."""
    return [found for language, those in figures.items() for found in _of(language, those)]


def _of(language: str, figures: Mapping[str, float]) -> Iterator[str]:
    for name, least in _least(language).items():
        if figures[name] < least:
            yield f"{language}: {name} {figures[name]:.3f}, at least {least} wanted"
    for name, most in _AT_MOST.items():
        if figures[name] > most:
            yield f"{language}: {name} {figures[name]:.3f}, at most {most} wanted"


def _least(language: str) -> dict[str, float]:
    return {**_AT_LEAST, "intents": _UNMARKED_INTENTS} if language == _UNMARKED else _AT_LEAST
