"""What became of one device's copy of a notice."""

from enum import StrEnum, auto


class Outcome(StrEnum):
    """QUEUED and both DEFERRED are open; each device ends with exactly one of the others."""

    QUEUED = auto()
    """To be sent, or to be sent again."""
    DEFERRED = auto()
    """Kept back until the device's quiet hours end."""
    DEFERRED_AFTER_TRY = auto()
    """The same, but it was sent before without a clear answer: the phone may show it."""
    ACCEPTED = auto()
    """FCM took it over."""
    REFUSED = auto()
    """FCM will never take it: the message or the registration is not valid."""
    RETIRED = auto()
    """The device is gone: unregistered by its owner, the app was removed, or it is another reader's."""
    EXPIRED = auto()
    """The notice ended before it could be sent."""
    EXPIRED_AFTER_TRY = auto()
    """The notice ended, and all that it was sent before was without a clear answer: the phone may show it."""


WAITING_OUTCOMES = frozenset({Outcome.DEFERRED, Outcome.DEFERRED_AFTER_TRY})
OPEN_OUTCOMES = WAITING_OUTCOMES | {Outcome.QUEUED}
AFTER_TRY = {
    Outcome.DEFERRED: Outcome.DEFERRED_AFTER_TRY,
    Outcome.EXPIRED: Outcome.EXPIRED_AFTER_TRY,
}
"""What becomes of these where the phone may show the notice all the same."""
