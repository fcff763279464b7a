"""What became of one device's copy of a notice."""

from enum import StrEnum, auto


class Outcome(StrEnum):
    """QUEUED and DEFERRED are open; each device ends with exactly one of the others."""

    QUEUED = auto()
    """To be sent, or to be sent again."""
    DEFERRED = auto()
    """Kept back until the device's quiet hours end."""
    ACCEPTED = auto()
    """FCM took it over."""
    REFUSED = auto()
    """FCM will never take it: the message or the registration is not valid."""
    RETIRED = auto()
    """The device is gone: unregistered by its owner, the app was removed, or it is another reader's."""
    EXPIRED = auto()
    """The notice ended before it could be sent."""


OPEN_OUTCOMES = frozenset({Outcome.QUEUED, Outcome.DEFERRED})
