"""What an editor writes of a trail, checked."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, cast

from api.kit.changes import UNCHANGED, Unchanged
from api.tourism.records import Confidence, Texts
from api.tourism.trails.errors import InvalidAccuracy, InvalidMonths, InvalidStatement
from api.tourism.trails.files import TrailFormat
from api.tourism.trails.trail import GuideNeed, LineKind, TrailFacts
from api.tourism.trails.typed_points import KILOMETRES_AT_MOST
from api.tourism.trails.walking import Difficulty
from api.tourism.written_texts import InvalidText, WrittenText, texts_of

NAME_CHARACTERS_AT_MOST = 120
TEXT_CHARACTERS_AT_MOST = 4_000
MINUTES_AT_MOST = 10_000
ACCURACY_AT_LEAST, ACCURACY_AT_MOST = 1.0, 5_000.0

NOTHING_YET = TrailFacts(names={})
"""The facts of a trail of which nothing was said."""
_MONTHS = range(1, 13)

Written = tuple[WrittenText, ...]
Stated = float | Unchanged | None


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A file, and what the editor says of the line in it."""

    document: bytes
    format: TrailFormat
    kind: LineKind = LineKind.SURVEYED
    accuracy_metres: float = 20.0

    def __post_init__(self) -> None:
        checked_accuracy(self.accuracy_metres)

    def asked(self) -> dict[str, Any]:
        """Return what tells one request from another."""
        digest = hashlib.sha256(self.document).hexdigest()
        return {
            "document": digest,
            "format": self.format,
            "kind": self.kind,
            "accuracy": self.accuracy_metres,
        }


@dataclass(frozen=True, slots=True)
class WrittenFacts:
    """What to change of the facts, as it was typed. `difficulty`, None: what the line proposes."""

    names: Written | Unchanged = UNCHANGED
    descriptions: Written | Unchanged = UNCHANGED
    notes: Written | Unchanged = UNCHANGED
    start_place_id: str | Unchanged | None = UNCHANGED
    end_place_id: str | Unchanged | None = UNCHANGED
    stated_length_metres: float | Unchanged | None = UNCHANGED
    stated_minutes: int | Unchanged | None = UNCHANGED
    difficulty: Difficulty | Unchanged | None = UNCHANGED
    guide: GuideNeed | Unchanged = UNCHANGED
    needs_permit: bool | Unchanged = UNCHANGED
    best_months: Sequence[int] | Unchanged = UNCHANGED
    confidence: Confidence | Unchanged = UNCHANGED

    def of(self, facts: TrailFacts) -> TrailFacts:
        """Return the facts changed. Raises InvalidText or InvalidMonths.

        A name that an editor writes counts as checked.
        """
        texts = {**self._texts(), **self._plain()}
        changed = replace(facts, **texts)
        if not changed.names:
            raise InvalidText("names", NAME_CHARACTERS_AT_MOST)
        if self.names is UNCHANGED:
            return changed
        unchecked = [tag for tag in facts.names_unchecked if _is_same(tag, facts.names, changed)]
        return replace(changed, names_unchecked=tuple(unchecked))

    def asked(self) -> dict[str, Any]:
        """Return what tells one request from another."""
        said = {it.name: getattr(self, it.name) for it in fields(self)}
        return {name: _asked(value) for name, value in said.items() if value is not UNCHANGED}

    def _texts(self) -> dict[str, Any]:
        texts: dict[str, Any] = {}
        if self.names is not UNCHANGED:
            texts["names"] = texts_of("names", self.names, NAME_CHARACTERS_AT_MOST)
        for name in ("descriptions", "notes"):
            written: Written | Unchanged = getattr(self, name)
            if written is not UNCHANGED:
                texts[name] = texts_of(name, written, TEXT_CHARACTERS_AT_MOST, is_needed=False)
        return texts

    def _plain(self) -> dict[str, Any]:
        said: dict[str, Any] = {
            "start_place_id": self.start_place_id,
            "end_place_id": self.end_place_id,
            "stated_length_metres": _checked(self.stated_length_metres, KILOMETRES_AT_MOST * 1000),
            "stated_minutes": _checked(self.stated_minutes, MINUTES_AT_MOST),
            "difficulty": self.difficulty,
            "guide": self.guide,
            "needs_permit": self.needs_permit,
            "confidence": self.confidence,
        }
        if self.best_months is not UNCHANGED:
            said["best_months"] = _months(self.best_months)
        return {name: value for name, value in said.items() if value is not UNCHANGED}


def checked_accuracy(metres: float) -> float:
    """Return it. Raises InvalidAccuracy."""
    if not ACCURACY_AT_LEAST <= metres <= ACCURACY_AT_MOST:
        raise InvalidAccuracy(least=int(ACCURACY_AT_LEAST), most=int(ACCURACY_AT_MOST))
    return metres


def _checked(stated: Stated, most: int) -> Stated:
    if stated is not UNCHANGED and stated is not None and not 1 <= stated <= most:
        raise InvalidStatement(most=most)
    return stated


def _months(typed: Sequence[int]) -> tuple[int, ...]:
    months = tuple(sorted(set(typed)))
    if len(months) < len(typed) or not all(it in _MONTHS for it in months):
        raise InvalidMonths
    return months


def _is_same(language: str, names: Texts, changed: TrailFacts) -> bool:
    return language in changed.names and names.get(language) == changed.names[language]


def _asked(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [_asked(it) for it in cast("tuple[object, ...]", value)]
    if isinstance(value, WrittenText):
        return [value.language, value.text]
    return value
