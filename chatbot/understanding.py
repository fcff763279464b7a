"""Scores the model's understanding of test messages: intents, entities, emergencies, what is out of scope."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from dialogue.emergency_kinds import EMERGENCY, is_in_doubt

FOLDER = Path(__file__).resolve().parent / "tests" / "understanding"
LANGUAGES = ("vi", "vi-unmarked", "en", "zh-Hans", "fr", "ko", "ja")
OUT_OF_SCOPE, FALLBACK = "out_of_scope", "nlu_fallback"
KINDS = frozenset(
    [
        "place",
        "commune",
        "facility",
        "specialty",
        "date",
        "time",
        "card",
        "report_code",
        "person",
        "category",
        "road",
        "amount",
        "problem",
        "language",
    ]
)
_MARK = re.compile(r"\[([^\]]+)\]\(([a-z_]+)\)")
_SAME_SPAN = 0.5


@dataclass(frozen=True)
class Span:
    kind: str
    start: int
    end: int

    def is_same(self, other: Span) -> bool:
        """Tell whether two spans of a kind share at least half of what they cover together."""
        shared = min(self.end, other.end) - max(self.start, other.start)
        covered = max(self.end, other.end) - min(self.start, other.start)
        return self.kind == other.kind and shared >= _SAME_SPAN * covered


@dataclass(frozen=True)
class Expected:
    """A test message as somebody would type it, with what it means."""

    text: str
    intent: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Understood:
    """What the model made of a message. `confidence` is that of its intent, 0 to 1.

    `is_in_doubt`: it may be a cry for help, so that the number is said in a line above the answer to its intent.
    """

    intent: str
    confidence: float
    spans: tuple[Span, ...]
    is_in_doubt: bool = False


@dataclass
class Score:
    """Counts of one language; shares are between 0 and 1."""

    messages: int = 0
    right: int = 0
    whole: int = 0
    by_intent: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    found: int = 0
    named: int = 0
    hits: int = 0
    in_doubt: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def accuracy(self) -> float:
        return self.right / self.messages

    @property
    def entity_f1(self) -> float:
        return 2 * self.hits / max(self.found + self.named, 1)

    @property
    def whole_sentences(self) -> float:
        return self.whole / self.messages

    def recall(self, intent: str) -> float:
        answers = self.by_intent[intent]
        return answers[intent] / max(sum(answers.values()), 1)

    def false_alarms(self) -> float:
        others = [answers for intent, answers in self.by_intent.items() if intent != EMERGENCY]
        return sum(one[EMERGENCY] for one in others) / max(sum(map(_total, others)), 1)

    def doubts(self) -> float:
        """Return the share of what is no emergency above whose answer the number was said."""
        others = [answers for intent, answers in self.by_intent.items() if intent != EMERGENCY]
        return self.in_doubt / max(sum(map(_total, others)), 1)

    def false_rejections(self) -> float:
        """Return the share of what the bot has a task for and was taken as out of scope."""
        others = [answers for intent, answers in self.by_intent.items() if intent != OUT_OF_SCOPE]
        return sum(one[OUT_OF_SCOPE] for one in others) / max(sum(map(_total, others)), 1)


def _total(counter: Counter[str]) -> int:
    return sum(counter.values())


def messages_of(language: str) -> list[Expected]:
    """Return the test messages of a language, "vi-unmarked" among them."""
    document = yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
    return [
        _expected(marked, intent)
        for intent, texts in document["messages"].items()
        for marked in texts
    ]


def first_numbers() -> dict[str, str]:
    """Return cries for help, each with the number that must be said first."""
    document = yaml.safe_load((FOLDER.parent / "first_numbers.yml").read_text(encoding="utf-8"))
    return {text: str(number) for number, *texts in document["first_numbers"] for text in texts}


def _expected(marked: str, intent: str) -> Expected:
    text, spans, end = "", [], 0
    for mark in _MARK.finditer(str(marked)):
        text += marked[end : mark.start()]
        spans.append(Span(mark[2], len(text), len(text) + len(mark[1])))
        text += mark[1]
        end = mark.end()
    return Expected(text + str(marked)[end:], intent, tuple(spans))


def understood(parsed: dict[str, Any]) -> Understood:
    """Read Rasa's parse of a message; not understood and not our subject are answered alike."""
    first, *behind = parsed["intent_ranking"] or [parsed["intent"]]
    in_doubt = is_in_doubt(first["name"], first["confidence"]) and bool(behind)
    answered = behind[0] if in_doubt else parsed["intent"]
    intent = answered["name"]
    spans = tuple(
        Span(one["entity"], one["start"], one["end"])
        for one in parsed["entities"]
        if one["entity"] in KINDS
    )
    name = OUT_OF_SCOPE if intent in (FALLBACK, None) else intent
    return Understood(name, answered.get("confidence") or 0.0, spans, in_doubt)


def scored(pairs: Iterable[tuple[Expected, Understood]]) -> Score:
    """Return the score of messages with what was made of them."""
    score = Score()
    for expected, got in pairs:
        # A cry is heard where the number is the first line, whatever stands below it.
        intent = EMERGENCY if expected.intent == EMERGENCY and got.is_in_doubt else got.intent
        score.messages += 1
        score.in_doubt += got.is_in_doubt and expected.intent != EMERGENCY
        score.by_intent[expected.intent][intent] += 1
        hits = _hits(expected, got) if _is_marked(expected) else 0
        is_right = expected.intent == intent
        score.right += is_right
        score.hits += hits
        if _is_marked(expected):
            score.named += len(expected.spans)
            score.found += len(got.spans)
        is_whole = is_right and hits == len(expected.spans) == len(got.spans)
        score.whole += is_whole if _is_marked(expected) else is_right
        score.misses += _told(expected, got, is_right=is_right)
    return score


def _is_marked(expected: Expected) -> bool:
    """Entities are marked in all intents but those that no task reads them from."""
    return expected.intent not in (EMERGENCY, OUT_OF_SCOPE, "abuse")


def _hits(expected: Expected, got: Understood) -> int:
    left = list(got.spans)
    hits = 0
    for span in expected.spans:
        match = next((one for one in left if span.is_same(one)), None)
        if match is not None:
            left.remove(match)
            hits += 1
    return hits


def _told(expected: Expected, got: Understood, *, is_right: bool) -> Iterator[str]:
    if not is_right:
        yield f"{expected.text!r} is {expected.intent}, taken for {got.intent} ({got.confidence:.2f})"
    if not _is_marked(expected):
        return
    for span in expected.spans:
        if not any(span.is_same(one) for one in got.spans):
            yield f"{expected.text!r}: {span.kind} {expected.text[span.start : span.end]!r} not found"
    for one in got.spans:
        if not any(one.is_same(span) for span in expected.spans):
            yield f"{expected.text!r}: {one.kind} {expected.text[one.start : one.end]!r} is none"
