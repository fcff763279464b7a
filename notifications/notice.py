"""What is said, to whom: all that a slice hands over."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum, auto

from api.kit.area import Area
from api.kit.ids import derived_id
from notifications.devices import Device
from notifications.preferences import Subject


class Priority(StrEnum):
    """A lane of the outbox, an Android channel, an iOS interruption level. Most urgent first."""

    EXTREME = auto()
    SEVERE = auto()
    NORMAL = auto()


@dataclass(frozen=True, slots=True)
class Text:
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to say.

    `id` is stable: fanning the same id out twice adds nothing. A later notice of the same `thread`
    replaces the earlier one on a phone. `texts` are by BCP 47 language: a device gets its own
    language, else vi, else en, else the first. It is never sent after `expires_at` (aware UTC).
    `data` travels beside the text for the app (alert id, type). `reader`: whose devices alone show it
    (`reader_of`), None for whoever holds them: one that is another person's by then shows nothing.
    `is_quiet`: it changes what the phone shows and makes no sound. `is_quiet_at_night`: so it does in a
    phone's quiet hours, instead of waiting for their end; that something is over is worth no sound then,
    but must be true at once.
    """

    id: str
    thread: str
    texts: Mapping[str, Text]
    priority: Priority
    overrides_quiet_hours: bool
    expires_at: datetime
    data: Mapping[str, str]
    reader: str | None = None
    is_quiet: bool = False
    is_quiet_at_night: bool = False

    @property
    def waits_for_quiet_hours(self) -> bool:
        """Tell whether quiet hours keep it back: what makes no sound disturbs nobody, and must be true at once."""
        return not (self.overrides_quiet_hours or self.is_quiet or self.is_quiet_at_night)

    @property
    def without_sound(self) -> "Notice":
        return replace(self, priority=Priority.NORMAL, is_quiet=True)

    def text_for(self, language: str) -> tuple[str, Text]:
        """Return the text for a reader of `language`, and the language it is in."""
        chosen = language_told(self.texts, language)
        return chosen, self.texts[chosen]


def language_told(available: Collection[str], language: str) -> str:
    """Return in which of the languages, one at least, a reader of `language` is told."""
    wanted = (language, "vi", "en", *available)
    return next(candidate for candidate in wanted if candidate in available)


def reader_of(person_id: str) -> str:
    """Return what stands for a person in notices, which outlive accounts: it leads to nobody."""
    return derived_id("reader of a notice", person_id)


@dataclass(frozen=True, slots=True)
class Audience:
    """Devices whose last position may lie in `area`, or that call one of `communes` (codes) home.

    Of those, only whom `takes` agrees to, where it is given. `unless_in`: a notice whose devices are
    left out, whether they got it yet or not. `subject`: what preferences are asked about, if anything.
    """

    area: Area
    communes: frozenset[str]
    takes: Callable[[Device], bool] | None = None
    unless_in: str | None = None
    subject: Subject | None = None
