"""Ways to reach phones, behind one Protocol."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Protocol

from notifications.devices import Device
from notifications.notice import Notice
from notifications.text_message import TextMessage


@dataclass(frozen=True, slots=True)
class Message:
    """One notice for one device."""

    notice: Notice
    device: Device


class Verdict(Enum):
    ACCEPTED = auto()
    REFUSED = auto()
    """It will never be taken."""
    UNREGISTERED = auto()
    """The registration is dead; so is the device."""
    EXPIRED = auto()
    """The notice ended before its turn came."""
    TRY_LATER = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a message. `reason`: a stable code for the log, such as FCM's errorCode.

    `may_have_gone`: of TRY_LATER, that nothing was answered, so that it may have been sent all the same.
    """

    verdict: Verdict
    reason: str = ""
    retry_after: timedelta | None = None
    may_have_gone: bool = False


Report = Callable[[Message, Answer], None]


class Sender(Protocol):
    async def send(self, messages: Sequence[Message], report: Report) -> None:
        """Try each message once and report each answer as soon as it is known.

        Nothing is raised for a message that fails. When this is cancelled, the messages not yet
        reported may or may not have been sent.
        """
        ...

    async def close(self) -> None: ...


class TextSender(Protocol):
    """One channel's service."""

    async def send(self, message: TextMessage) -> Answer:
        """Try once, in less time than a lease (notifications.text_outbox) lasts.

        Nothing is raised for a message that fails. When this is cancelled, the message may or may
        not have been sent.
        """
        ...

    async def close(self) -> None: ...
