"""What the uses of a pass come to: a pure function of its terms and of every use, in order of time.

Uses arrive late and in any order, from gates that had no network. So no counter is kept: all uses
are judged anew whenever one is added, and whoever was let in too often stands out whichever gate
reported first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from api.kit.formats import day_in_vietnam
from api.tourist_cards.terms import UNUSED_FOR, Entitlement, EntitlementKind, Terms


class Fault(StrEnum):
    """Why a use was not promised. Stable: staff see it as evidence."""

    NOT_COVERED = auto()
    WAITED_TOO_LONG = auto()
    OVER = auto()
    USED_UP = auto()
    USED_UP_TODAY = auto()
    USED_UP_HERE = auto()
    TOO_SOON = auto()


@dataclass(frozen=True, slots=True)
class PassUse:
    """Somebody was let in, or asks to be. `id`: of the scan, which is unique."""

    id: str
    at: datetime
    place_id: str | None
    kinds: frozenset[EntitlementKind]


@dataclass(frozen=True, slots=True)
class JudgedUse:
    """`entitlement`: what it drew on, None where nothing covers it. `fault`: None for a good use."""

    use: PassUse
    entitlement: Entitlement | None
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class Usage:
    """All uses of a pass, judged. `first_use`, `ends_at`: None while it was never used in its time."""

    judged: tuple[JudgedUse, ...]
    first_use: datetime | None
    ends_at: datetime | None

    def fault_of(self, use_id: str) -> Fault | None:
        return next(it.fault for it in self.judged if it.use.id == use_id)

    def faults(self) -> dict[str, Fault]:
        """Return the faults by the id of their use."""
        return {it.use.id: it.fault for it in self.judged if it.fault is not None}

    def drawn_on(self, entitlement: Entitlement) -> tuple[PassUse, ...]:
        return tuple(it.use for it in self.judged if it.entitlement == entitlement)


def judged(terms: Terms, bought_at: datetime, uses: Iterable[PassUse]) -> Usage:
    """Judge every use in order of time, those of one moment in the order of their ids.

    A use with a fault counts as others do: who was let in was let in.
    """
    in_order = sorted(uses, key=lambda it: (it.at, it.id))
    covered = [it for it in in_order if any(terms.covering(it.place_id, it.kinds))]
    # Who waited too long has nothing that could begin: a late scan must not bring it to life.
    has_begun = bool(covered) and covered[0].at < bought_at + UNUSED_FOR
    first_use = covered[0].at if has_begun else None
    ends_at = terms.validity.end(first_use) if first_use else None
    so_far: list[JudgedUse] = []
    for use in in_order:
        so_far.append(_judged(terms, ends_at, so_far, use))
    return Usage(tuple(so_far), first_use, ends_at)


def _judged(
    terms: Terms,
    ends_at: datetime | None,
    before: Sequence[JudgedUse],
    use: PassUse,
) -> JudgedUse:
    covering = list(terms.covering(use.place_id, use.kinds))
    if not covering:
        return JudgedUse(use, None, Fault.NOT_COVERED)
    if ends_at is None:
        return JudgedUse(use, covering[0], Fault.WAITED_TOO_LONG)
    if use.at >= ends_at:
        return JudgedUse(use, covering[0], Fault.OVER)
    faults = [(it, limit_reached(it, _uses_of(it, before), use)) for it in covering]
    entitlement, fault = next((it for it in faults if it[1] is None), faults[0])
    return JudgedUse(use, entitlement, fault)


def _uses_of(entitlement: Entitlement, before: Sequence[JudgedUse]) -> list[PassUse]:
    return [it.use for it in before if it.entitlement == entitlement]


def limit_reached(
    entitlement: Entitlement, before: Sequence[PassUse], use: PassUse
) -> Fault | None:
    """Return which limit of `entitlement` one more use breaks, None for none."""
    here = [it for it in before if it.place_id == use.place_id]
    today = [it for it in before if day_in_vietnam(it.at) == day_in_vietnam(use.at)]
    if here and use.at - here[-1].at < timedelta(minutes=entitlement.minutes_between):
        return Fault.TOO_SOON
    if _is_full(entitlement.uses, before):
        return Fault.USED_UP
    if _is_full(entitlement.uses_per_place, here):
        return Fault.USED_UP_HERE
    if _is_full(entitlement.uses_per_day, today):
        return Fault.USED_UP_TODAY
    return None


def _is_full(limit: int | None, uses: Sequence[PassUse]) -> bool:
    return limit is not None and len(uses) >= limit
