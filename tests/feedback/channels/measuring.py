"""Held-out items, and what the rules make of them."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from api.feedback.channels.records import Sentiment, Topic
from api.feedback.channels.understanding.language import language_of
from api.feedback.channels.understanding.places import PlaceNames
from api.feedback.channels.understanding.sentiment import shipped_sentiments
from api.feedback.channels.understanding.topic import shipped_topics
from api.tourism.content_files import SHIPPED_CONTENT, read_content

HELD_OUT = Path(__file__).with_name("held_out_items.json")

HELD_OUT_MOODS = Path(__file__).with_name("held_out_moods.json")


@dataclass(frozen=True, slots=True)
class Labelled:
    """`place`: a key of Place. `sentiment`: None in a language without words."""

    text: str
    language: str | None
    topic: Topic
    place: str | None
    sentiment: Sentiment | None


@cache
def held_out() -> tuple[Labelled, ...]:
    """Return texts that were written after the word lists, and never led to a change of them."""
    rows = json.loads(HELD_OUT.read_text(encoding="utf-8"))
    return tuple(
        Labelled(text, language, Topic(topic), place, Sentiment(mood) if mood else None)
        for text, language, topic, place, mood in rows
    )


@cache
def moods() -> tuple[tuple[str, Sentiment], ...]:
    """Return texts that were written after the rule for topics that are troubles was thought of, for moods alone."""
    rows = json.loads(HELD_OUT_MOODS.read_text(encoding="utf-8"))
    return tuple((text, Sentiment(mood)) for text, mood in rows)


@cache
def names() -> PlaceNames:
    return PlaceNames(read_content(SHIPPED_CONTENT))


def understood(text: str) -> Labelled:
    """Return what the rules make of a text."""
    language, topic = language_of(text), shipped_topics().topic_of(text)
    place = names().place_in(text)
    return Labelled(
        text=text,
        language=language,
        topic=topic,
        place=place.key if place else None,
        sentiment=shipped_sentiments().sentiment_of(text, language, topic),
    )
