"""Which entries of a feed are tried in one round, and in which order.

What was never tried comes first, the newest of it before the older: so today's warning waits for no dead
link, however many there are. Then comes what failed and is due again, whoever has waited longest first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from api.alerts.feed import FeedEntry
from api.alerts.polling.feeds import FeedMessage

MESSAGES_A_ROUND = 50
SECONDS_A_ROUND = 60.0
"""After which no other entry is begun; one may take the ten seconds of a link that hangs."""
LONGEST_WAIT = timedelta(hours=1)
_OF_A_PAUSE = 0.75
"""Of the pause between polls, so that with all jitter what failed once is due at the next."""
_DOUBLINGS_AT_MOST = 12
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Attempt:
    """`tries`: how often the message was tried before."""

    message_id: str
    entry: FeedEntry
    tries: int


def attempts_of(
    entries: Mapping[str, FeedEntry], noted: Mapping[str, FeedMessage], now: datetime
) -> list[Attempt]:
    """Return what is to be tried, by the ids of messages, in its order."""
    new = [Attempt(one, entry, 0) for one, entry in entries.items() if one not in noted]
    due = [message for message in noted.values() if message.is_due(now)]
    again = [
        Attempt(one.id, entries[one.id], one.tries) for one in sorted(due, key=lambda it: it.at)
    ]
    return sorted(new, key=lambda it: changed_at(it.entry), reverse=True) + again


def wait_after(tries: int, pause_seconds: int) -> timedelta:
    """Return how long a message waits: until the next poll, then twice as long each time, an hour at most."""
    first = timedelta(seconds=pause_seconds * _OF_A_PAUSE)
    doubled: int = 2 ** min(tries - 1, _DOUBLINGS_AT_MOST)
    return max(first, min(first * doubled, LONGEST_WAIT))


def changed_at(entry: FeedEntry) -> datetime:
    """Return when an entry changed, as Atom or RSS writes it; long ago for one that does not say."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(entry.version)
            return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError, IndexError):
            continue
    return _LONG_AGO
