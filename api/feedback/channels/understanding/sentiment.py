"""Whether a text complains or praises: words of data/sentiment_words.json, turned by a negation before them.

What has none of the words complains if its topic is a trouble by nature, and else is neutral. A rough
measure of many texts, never a judgement of one: irony it does not see.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from api.feedback.channels.records import Sentiment, Topic
from api.feedback.channels.understanding.phrases import Found, Phrases

SHIPPED_WORDS = Path(__file__).parents[1] / "data" / "sentiment_words.json"
_REACH = 3
"""A negation turns what comes within so many words."""


_TROUBLES = frozenset(
    {
        Topic.ROAD_DAMAGE,
        Topic.LANDSLIDE,
        Topic.STREET_LIGHT,
        Topic.WASTE,
        Topic.FLOODING,
        Topic.WATER_SUPPLY,
        Topic.POWER,
        Topic.FALLEN_TREE,
        Topic.POLLUTION,
        Topic.FOREST_FIRE,
        Topic.TOURIST_SERVICES,
        Topic.FOOD_SAFETY,
    }
)


class _Mood(Enum):
    GOOD = auto()
    BAD = auto()
    NOT = auto()


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid")

    positive: list[str]
    negative: list[str]
    negations: list[str]


@dataclass(frozen=True, slots=True)
class Sentiments:
    """`phrases` by language; a language that is not there has no sentiment."""

    phrases: Mapping[str, Phrases[_Mood]]

    def sentiment_of(self, text: str, language: str | None, topic: Topic) -> Sentiment | None:
        """Return the mood of a text; None in a language without words."""
        known = self.phrases.get(language or "")
        if known is None:
            return None
        found = known.found_in(text)
        if not any(one.value is not _Mood.NOT for one in found):
            return Sentiment.NEGATIVE if topic in _TROUBLES else Sentiment.NEUTRAL
        score = _score(found)
        if score == 0:
            return Sentiment.NEUTRAL
        return Sentiment.POSITIVE if score > 0 else Sentiment.NEGATIVE


def _score(found: list[Found[_Mood]]) -> int:
    score, turned_until = 0, -1
    for one in found:
        if one.value is _Mood.NOT:
            turned_until = one.start + one.length + _REACH
            continue
        worth = 1 if one.value is _Mood.GOOD else -1
        score += -worth if one.start < turned_until else worth
        turned_until = -1
    return score


@cache
def shipped_sentiments() -> Sentiments:
    file = json.loads(SHIPPED_WORDS.read_bytes())
    return Sentiments({language: _phrases(_Words(**words)) for language, words in file.items()})


def _phrases(words: _Words) -> Phrases[_Mood]:
    moods = (
        (words.negations, _Mood.NOT),
        (words.negative, _Mood.BAD),
        (words.positive, _Mood.GOOD),
    )
    return Phrases({phrase: mood for phrases, mood in moods for phrase in phrases})
