"""An SMS or an e-mail: what is said, and to which address."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto


class Channel(StrEnum):
    SMS = auto()
    EMAIL = auto()


class TextState(StrEnum):
    """QUEUED is open; each text ends with exactly one of the others."""

    QUEUED = auto()
    """To be sent, or to be sent again."""
    SENT = auto()
    """The service took it over."""
    REFUSED = auto()
    """The service will never take it: the address is not valid, or its owner opted out."""
    EXPIRED = auto()
    """It ended before it could be sent."""


class TextFate(StrEnum):
    """Whether a text has gone out, for whoever must not speak before or without it."""

    WAITING = auto()
    """It may still go."""
    GONE = auto()
    """The service took it over, or may have: no answer came, or its worker died with it in hand."""
    NEVER = auto()
    """It did not go, and will not."""


@dataclass(frozen=True, slots=True, repr=False)
class TextMessage:
    """One text to one address.

    `id` makes it idempotent, is opaque, and is logged: it must not be made of personal data. `to`:
    a number in E.164 ("+84912345678"), or an e-mail address with an ASCII domain. `subject` is the
    e-mail's, unused for SMS; `body` is plain text, already in the reader's `language` (BCP 47). It
    is never sent after `expires_at` (aware UTC). `person_id`: whose data it is.
    """

    id: str
    channel: Channel
    to: str
    subject: str
    body: str
    language: str
    expires_at: datetime
    person_id: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class KeptText:
    """What is known of a text. `message` is None once its content was removed."""

    id: str
    channel: Channel
    language: str
    state: TextState
    queued_at: datetime
    settled_at: datetime | None
    message: TextMessage | None
