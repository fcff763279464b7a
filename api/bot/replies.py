"""Replies as the reader gets them, from the bot or, when it is silent, from here."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from api.kit.errors import N_
from api.kit.geo import Position
from api.tourism.emergency.numbers import EMERGENCY_NUMBERS


class AnsweredBy(StrEnum):
    BOT = "bot"
    FALLBACK = "fallback"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Link:
    """`url` is a tel:, geo: (RFC 5870), https: or http: address."""

    title: str
    url: str


class Step(StrEnum):
    """What an app can do for the person at this point; the text of the reply says it as well."""

    SIGN_IN = "sign_in"
    SHARE_POSITION = "share_position"
    RAISE_SOS = "raise_sos"
    ADD_PHOTO = "add_photo"
    CALL_HELP_CENTRE = "call_help_centre"


@dataclass(frozen=True, slots=True)
class Point:
    name: str
    position: Position


@dataclass(frozen=True, slots=True)
class Reply:
    """`choices`: answers to tap, each sent as the next message. `points`: what to show on a map."""

    text: str
    links: tuple[Link, ...] = ()
    choices: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    points: tuple[Point, ...] = ()

    def document(self) -> dict[str, Any]:
        links = [{"title": link.title, "url": link.url} for link in self.links]
        points = [
            {"name": one.name, "at": [one.position.longitude, one.position.latitude]}
            for one in self.points
        ]
        steps = [step.value for step in self.steps]
        extras = {"choices": list(self.choices), "steps": steps, "points": points}
        kept = {name: values for name, values in extras.items() if values}
        return {"text": self.text, "links": links, **kept}

    @classmethod
    def of(cls, document: dict[str, Any]) -> "Reply":
        return cls(
            document["text"],
            tuple(Link(link["title"], link["url"]) for link in document["links"]),
            tuple(document.get("choices", ())),
            tuple(map(Step, document.get("steps", ()))),
            tuple(_point(one) for one in document.get("points", ())),
        )


def _point(document: dict[str, Any]) -> Point:
    longitude, latitude = document["at"]
    return Point(document["name"], Position(latitude, longitude))


SILENT = N_(
    "The assistant cannot answer right now.\n"
    "In an emergency call 112 (search and rescue), 115 (ambulance), 114 (fire and rescue) or 113 (police).\n"
    "Places, markets and warnings can still be looked up in the app."
)
_NUMBERS_SHOWN = 4
"""Those that SILENT names."""
_LINKS = (
    *((number.call, number.url) for number in EMERGENCY_NUMBERS[:_NUMBERS_SHOWN]),
    (N_("Weather warnings of Vietnam's forecasting centre"), "https://nchmf.gov.vn"),
    (N_("Website of the province"), "https://laocai.gov.vn"),
)


PASSED_ON = N_("Your message was passed on. A person at the desk will answer you here.")


def fallback(translate: Callable[[str], str]) -> Reply:
    """Return the honest answer for when the bot is down, slow or silent."""
    return Reply(
        translate(SILENT), tuple(Link(translate(title), address) for title, address in _LINKS)
    )
