"""What a text is about: by words of data/topic_words.json, else by the category model where that is sure."""

import json
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from api.feedback.categories.suggesting import CategoryModel, shipped_model
from api.feedback.channels.records import Topic
from api.feedback.channels.understanding.phrases import Phrases

SHIPPED_WORDS = Path(__file__).parents[1] / "data" / "topic_words.json"
_BACKGROUND = frozenset({Topic.TOURISM})
"""Visitors are named in much that is about something else: half as much."""
_SURE = 0.6
"""The model always has a first; only what is likelier than all others together counts."""


class Topics:
    """`words`: phrases of each topic."""

    def __init__(self, words: Mapping[Topic, list[str]], model: CategoryModel) -> None:
        self._phrases = Phrases(
            {phrase: (topic, phrase) for topic, phrases in words.items() for phrase in phrases}
        )
        self._model = model

    def topic_of(self, text: str) -> Topic:
        """Return the topic whose phrases say most: a phrase counts once, and by its length."""
        weights: defaultdict[Topic, dict[str, float]] = defaultdict(dict)
        for one in self._phrases.found_in(text):
            topic, phrase = one.value
            weights[topic][phrase] = one.length / (2 if topic in _BACKGROUND else 1)
        if weights:
            order = list(Topic)
            return max(weights, key=lambda it: (sum(weights[it].values()), -order.index(it)))
        shares = self._model.shares(text)
        likeliest = max(shares, key=lambda code: (shares[code], code), default=None)
        return Topic(likeliest) if likeliest and shares[likeliest] >= _SURE else Topic.OTHER


@cache
def shipped_topics() -> Topics:
    file: dict[str, list[str]] = json.loads(SHIPPED_WORDS.read_bytes())
    return Topics({Topic(topic): phrases for topic, phrases in file.items()}, shipped_model())
