"""When an update is worth a sound to whoever was shown an earlier bulletin of its chain."""

from datetime import datetime

from api.alerts.bulletins import Bulletin
from api.alerts.cap_message import Severity, Urgency
from notifications.notice import language_told

_WORST_FIRST = tuple(Severity)
_SOONEST_FIRST = (
    Urgency.IMMEDIATE,
    Urgency.EXPECTED,
    Urgency.FUTURE,
    Urgency.UNKNOWN,
    Urgency.PAST,
)


def is_known(update: Bulletin, shown: Bulletin, language: str, now: datetime) -> bool:
    """Tell whether a reader of `language` learns of no more danger, and of nothing else to do.

    So it is when what they were shown still holds, is no all-clear, is as severe and as urgent at
    least, and says to do the same. It broke through quiet hours then where the update would: that
    follows from severity and urgency.
    """
    return (
        now < shown.expires
        and not shown.is_all_clear
        and _WORST_FIRST.index(shown.severity) <= _WORST_FIRST.index(update.severity)
        and _SOONEST_FIRST.index(shown.urgency) <= _SOONEST_FIRST.index(update.urgency)
        and _instruction(shown, language) == _instruction(update, language)
    )


def _instruction(bulletin: Bulletin, language: str) -> str | None:
    """Return what they are told to do, in the language in which they are told."""
    infos = bulletin.by_language(lambda info: info)
    return infos[language_told(infos, language)].instruction
