"""Which events of a chain are one and the same to a phone: each has a thread, its place on the screen.

A message tells its events in the order of how bad they are, which changes from message to message.
So an event keeps the thread of the one that tells of the same thing, and not that of its number.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, count

from api.alerts.bulletins import Bulletin
from api.alerts.open_alerts import Alert
from api.alerts.repository import AlertRecord
from api.kit.ids import derived_id

Threads = tuple[str, ...]
"""The thread of each bulletin of a message."""


def threads_of(alerts: Sequence[Alert]) -> list[Threads]:
    """Return the threads of each message of a chain, which is given oldest first."""
    known: dict[str, Bulletin] = {}
    before: Threads = ()
    found: list[Threads] = []
    for alert in alerts:
        before = _threads(alert, known, before)
        known.update(zip(before, alert.bulletins, strict=True))
        found.append(before)
    return found


def threads_closed(before: Threads, alert: Alert, own: Threads, now: datetime) -> list[str]:
    """Return the threads that an update, whose own are given, does not go on with.

    It goes on with those of bulletins that are in force or to come, or do not say where they hold.
    """
    going_on = {
        thread
        for thread, bulletin in zip(own, alert.bulletins, strict=True)
        if bulletin.reach.is_nowhere or bulletin.expires > now
    }
    return [thread for thread in before if thread not in going_on]


def first_thread(alert: AlertRecord, number: int) -> str:
    """Return the thread of a bulletin that goes on from no other."""
    # Bulletins of one alert must not replace each other on a phone that gets two of them.
    return alert.thread if number == 0 else derived_id("thread", alert.thread, str(number))


def _threads(alert: Alert, known: Mapping[str, Bulletin], before: Threads) -> Threads:
    chosen: dict[int, str] = {}
    for is_same in (_is_the_same_place, _is_the_same_event):
        for number, bulletin in enumerate(alert.bulletins):
            same = (
                thread
                for thread, earlier in known.items()
                if thread not in chosen.values() and is_same(earlier, bulletin)
            )
            if number not in chosen and (thread := next(same, None)):
                chosen[number] = thread
    for number in range(len(alert.bulletins)):
        if number not in chosen:
            candidates = chain(before[number : number + 1], _new_threads(alert.record, number))
            chosen[number] = next(one for one in candidates if one not in chosen.values())
    return tuple(chosen[number] for number in range(len(alert.bulletins)))


def _new_threads(record: AlertRecord, number: int) -> Iterator[str]:
    return (first_thread(record, one) for one in count(number))


def _is_the_same_place(earlier: Bulletin, later: Bulletin) -> bool:
    areas = earlier.infos[0].areas
    return bool(areas) and areas == later.infos[0].areas and _is_the_same_event(earlier, later)


def _is_the_same_event(earlier: Bulletin, later: Bulletin) -> bool:
    codes, later_codes = earlier.infos[0].event_codes, later.infos[0].event_codes
    if codes and later_codes:
        return codes == later_codes
    names = earlier.by_language(lambda info: info.event)
    return any(
        names.get(language) == name
        for language, name in later.by_language(lambda info: info.event).items()
    )
