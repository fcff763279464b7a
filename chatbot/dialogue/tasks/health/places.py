"""Free places of doctors: found through the API, thinned out to what can be tapped, and kept as keys.

A place is kept as its id, start, facility and service, so that it can be read back after somebody else has taken it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from dialogue import formats
from dialogue.form import Slots
from dialogue.formats import VIETNAM
from dialogue.moments import moment_of
from dialogue.province import Asked, nodes
from dialogue.saying import Choice, Line, choice, line
from dialogue.tasks.health.wording import day
from dialogue.turn import Position

CHOICES_AT_MOST = 6
ANY = "any"
_DAYS_SEARCHED = 7
_A_PAGE = 100
_DAYS_AT_MOST = timedelta(days=60)
"""The API searches 90 days at once."""
_SIGN = "|"
_WORTH_TELLING = 3_000
"""Metres."""


@dataclass(frozen=True)
class FreePlace:
    """`facility` and `practitioner`: names to show, empty when they are not known.

    `distance`: metres from what was named or from the phone, None when neither is known.
    """

    id: str
    start: datetime
    facility_id: str
    service_id: str
    facility: str = ""
    practitioner: str = ""
    distance: float | None = None

    @property
    def is_far(self) -> bool:
        """Tell whether its distance has to be said; that of a point which may itself be 3 km off tells less."""
        return self.distance is not None and self.distance >= _WORTH_TELLING

    @property
    def kept(self) -> str:
        return _SIGN.join((self.id, self.start.isoformat(), self.facility_id, self.service_id))

    @classmethod
    def of_kept(cls, kept: str) -> FreePlace:
        place_id, start, facility_id, service_id = kept.split(_SIGN)
        return cls(place_id, moment_of(start), facility_id, service_id)


async def free_days(asked: Asked, slots: Slots, most: int) -> list[date]:
    """Return the next days with a free place: a page of the first may hold no other day."""
    days: list[date] = []
    start = asked.turn.now
    while len(days) < most and (found := await find(asked, slots, start, soonest=True)):
        if days and found[0].start.date() <= days[-1]:
            break
        days.append(found[0].start.date())
        start = _midnight(days[-1] + timedelta(days=1))
    return days


async def find(
    asked: Asked,
    slots: Slots,
    start: datetime,
    end: datetime | None = None,
    *,
    soonest: bool = False,
) -> list[FreePlace]:
    """Return the places of what the form wishes, the nearest first where it is known to what, else the soonest.

    `soonest`: the first one alone, wherever it is.
    """
    near = nearness(asked, slots)
    is_near = near is not None and not soonest
    wish = {
        "specialty": slots.get("specialty") or None,
        "facilityId": slots.get("facility"),
        "payment": slots.get("payment"),
        "near": near,
        "order": "NEAREST" if is_near else "SOONEST",
        "from": max(start, asked.turn.now).isoformat(),
        "to": end.isoformat() if end else None,
        "first": 1 if soonest else _A_PAGE,
    }
    sent: dict[str, Any] = {name: value for name, value in wish.items() if value is not None}
    return list(map(_place, nodes((await asked.ask("health/FindSlots", **sent))["findSlots"])))


def nearness(asked: Asked, slots: Slots) -> Position | None:
    """Return what has to be near: the place that was named, else the phone; None where a hospital is named.

    The phone's position is of this message only: no slot keeps it.
    """
    if slots.get("facility"):
        return None
    near: Position | None = slots.get("near") or asked.turn.position
    return near


def _place(node: dict[str, Any]) -> FreePlace:
    return FreePlace(
        node["id"],
        moment_of(node["start"]),
        node["facility"]["id"],
        node["service"]["id"],
        node["facility"]["name"]["text"],
        (node["practitioner"] or {}).get("name", ""),
        node["facility"]["distance"],
    )


async def of_days(asked: Asked, slots: Slots, part: str = ANY) -> list[FreePlace]:
    """Return the places of the day or days that were wished for, in a part of each day.

    The part is searched for, not picked out of what is found: a page of a busy day may end before noon.
    """
    first, last = days_of(slots["day"])
    if part == ANY:
        return await _between(asked, slots, _midnight(first), _midnight(last + timedelta(days=1)))
    begins, ends = _clocks(part)
    days = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    found: list[FreePlace] = []
    for one in days[:_DAYS_SEARCHED]:
        start, end = (datetime.combine(one, clock, VIETNAM) for clock in (begins, ends))
        found += await _between(asked, slots, start, end + timedelta(minutes=1))
    return [place for place in found if is_in(place, part)]


async def _between(asked: Asked, slots: Slots, start: datetime, end: datetime) -> list[FreePlace]:
    return await find(asked, slots, start, end) if end > asked.turn.now else []


def _clocks(part: str) -> tuple[time, time]:
    first, _, last = part.partition("/")
    return time.fromisoformat(first), time.fromisoformat(last or first)


async def after_days(asked: Asked, slots: Slots) -> list[FreePlace]:
    """Return the places after the day that was wished for."""
    return await find(asked, slots, _midnight(days_of(slots["day"])[1] + timedelta(days=1)))


def days_of(kept: str) -> tuple[date, date]:
    """Return the first and the last day of "2026-11-30" or "2026-11-30/2026-12-01"."""
    first_text, _, last_text = kept.partition("/")
    first = date.fromisoformat(first_text)
    last = date.fromisoformat(last_text or first_text)
    return first, min(last, first + _DAYS_AT_MOST)


def _midnight(of: date) -> datetime:
    return datetime.combine(of, time(), VIETNAM)


def is_in(place: FreePlace, part: str) -> bool:
    """Tell whether a place begins in "any", at "14:30", or in "13:00/17:59"."""
    if part == ANY:
        return True
    first, _, last = part.partition("/")
    return first <= f"{place.start:%H:%M}" <= (last or first)


def spread(places: Sequence[FreePlace]) -> list[FreePlace]:
    """Return at most six: all of the nearest hospital before any of the next; one of each title.

    Of each hospital they come from its whole range, and not only from its beginning. Where no distance is known,
    all hospitals are as one.
    """
    one_each = {(one.start, one.facility_id, one.practitioner): one for one in places}
    ordered = sorted(one_each.values(), key=lambda one: (_metres(one), one.start))
    kept: list[FreePlace] = []
    for _, equally_near in groupby(ordered, key=_metres):
        kept += _thinned_out(list(equally_near), CHOICES_AT_MOST - len(kept))
    return kept


def _metres(place: FreePlace) -> float:
    return place.distance or 0.0


def _thinned_out(places: list[FreePlace], most: int) -> list[FreePlace]:
    if len(places) <= most or most < 2:
        return places[:most]
    step = (len(places) - 1) / (most - 1)
    return [places[round(at * step)] for at in range(most)]


def nearest_to(places: Sequence[FreePlace], part: str) -> list[FreePlace]:
    """Return the six that begin nearest to a time of the day, of the nearest hospital first."""
    wished = _minutes(part.partition("/")[0]) if part != ANY else 0
    near = sorted(
        places,
        key=lambda one: (_metres(one), abs(_minutes(f"{one.start:%H:%M}") - wished)),
    )
    return spread(near[:CHOICES_AT_MOST])


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def time_choice(place: FreePlace, language: str) -> Choice:
    """Return a place of a day that is known."""
    fields = {"time": formats.clock(place.start, language), "facility": _where(place, language)}
    if place.practitioner:
        fields["practitioner"] = place.practitioner
        return choice(place.kept, "choice_free_time_with", **fields)
    return choice(place.kept, "choice_free_time", **fields)


def day_and_time_choice(place: FreePlace, language: str) -> Choice:
    fields = {"day": day(place.start, language), "time": formats.clock(place.start, language)}
    return choice(place.kept, "choice_free_day", facility=_where(place, language), **fields)


def _where(place: FreePlace, language: str) -> str | Line:
    """Return the hospital, with its distance where it is none round the corner."""
    if place.distance is None or not place.is_far:
        return place.facility
    away = formats.distance(place.distance, language)
    return line("part_facility_away", facility=place.facility, distance=away)
