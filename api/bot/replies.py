"""Replies as the reader gets them, from the bot or, when it is silent, from here."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from api.kit.errors import N_
from api.tourism.emergency.numbers import EMERGENCY_NUMBERS


class AnsweredBy(StrEnum):
    BOT = "bot"
    FALLBACK = "fallback"


@dataclass(frozen=True, slots=True)
class Link:
    """`url` is a tel:, geo: (RFC 5870), https: or http: address."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    links: tuple[Link, ...] = ()

    def document(self) -> dict[str, Any]:
        links = [{"title": link.title, "url": link.url} for link in self.links]
        return {"text": self.text, "links": links}

    @classmethod
    def of(cls, document: dict[str, Any]) -> "Reply":
        links = (Link(link["title"], link["url"]) for link in document["links"])
        return cls(document["text"], tuple(links))


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


def fallback(translate: Callable[[str], str]) -> Reply:
    """Return the honest answer for when the bot is down, slow or silent."""
    return Reply(
        translate(SILENT), tuple(Link(translate(title), address) for title, address in _LINKS)
    )
