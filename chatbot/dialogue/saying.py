"""Replies as phrases and fields: components/nlg.py puts them into the reader's words.

A field is a string, or itself {"phrase", "fields"}: then it is translated too. A line is {"phrase", "fields"} or
{"content"}, which is shown as it is: the province's own content, already in the reader's language.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

Line = dict[str, Any]


class Step(str, Enum):
    """What the app can do for the person at this point, when it knows how; the text says it as well."""

    SIGN_IN = "SIGN_IN"
    SHARE_POSITION = "SHARE_POSITION"
    RAISE_SOS = "RAISE_SOS"
    ADD_PHOTO = "ADD_PHOTO"
    CALL_HELP_CENTRE = "CALL_HELP_CENTRE"


@dataclass(frozen=True)
class Shown:
    """Something a reply names, for "that one" and "the second": a kind of `Found`, and its key."""

    kind: str
    value: str


@dataclass(frozen=True)
class Choice:
    """An answer to tap, which sends its own title; `value` is what it stands for.

    `is_way`: it stands for another task, by its intent, and answers no question of a form.
    """

    title: Line
    value: str
    is_way: bool = False


@dataclass(frozen=True)
class Say:
    """One reply: a phrase of phrases with its fields, lines under it, and what can be tapped.

    `about`: the place that a list is around, which "there" means afterwards.
    """

    phrase: str
    fields: dict[str, Any] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    links: list[Line] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    points: list[Line] = field(default_factory=list)
    shows: tuple[Shown, ...] = ()
    about: Shown | None = None


def line(phrase: str, **fields: Any) -> Line:  # noqa: ANN401 - a string or a phrase
    return {"phrase": phrase, "fields": fields}


def content(text: str) -> Line:
    """Return a line that is shown as it is; empty lines go, for Rasa would split a reply there."""
    return {"content": "\n".join(filter(None, map(str.strip, text.splitlines())))}


def link(phrase: str, url: str, **fields: str) -> Line:
    return {"phrase": phrase, "url": url, "fields": fields}


def point(name: str, position: dict[str, float]) -> Line:
    """Return a point of the map under a reply."""
    return {"name": name, **position}


def choice(value: str, phrase: str, **fields: Any) -> Choice:  # noqa: ANN401 - a string or a phrase
    return Choice(line(phrase, **fields), value)


def way(intent: str, phrase: str) -> Choice:
    """Return a choice that leads out of a form, to another task."""
    return Choice(line(phrase), intent, is_way=True)


def choice_of(value: str, title: str) -> Choice:
    """Return a choice whose title is content."""
    return Choice({"content": title}, value)


YES_NO = (choice("yes", "choice_yes"), choice("no", "choice_no"))
"""Under what is read back: with a yes it is done."""
EMERGENCY_LINK = link("link_112", "tel:112")


def digest(title: str) -> str:
    """Return what is kept of the title of a choice: enough to know it again, too little to read.

    Marks do not count: "co" is "Có", as it is typed.
    """
    parts = unicodedata.normalize("NFKD", title.casefold().replace("đ", "d"))
    squeezed = "".join(filter(str.isalnum, parts))
    return hashlib.sha256(squeezed.encode()).hexdigest()[:12]
