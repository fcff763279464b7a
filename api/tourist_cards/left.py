"""What is left of a pass, entitlement by entitlement, and how that is said in plain words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from api.kit.errors import N_
from api.kit.formats import day_in_vietnam
from api.tourist_cards.terms import Entitlement, EntitlementKind, Terms
from api.tourist_cards.usage import PassUse, Usage

VISITS_LEFT = N_("{name}: visits left: {left}.")
RIDES_LEFT = N_("{name}: rides left: {left}.")
DISCOUNTS_LEFT = N_("{name}: {percent}% off, times left: {left}.")
VISITS_TODAY = N_("{name}: visits left: {left}, of these today: {today}.")
RIDES_TODAY = N_("{name}: rides left: {left}, of these today: {today}.")
DISCOUNTS_TODAY = N_("{name}: {percent}% off, times left: {left}, of these today: {today}.")
VISITS_UNLIMITED = N_("{name}: as many visits as you like.")
RIDES_UNLIMITED = N_("{name}: as many rides as you like.")
DISCOUNTS_UNLIMITED = N_("{name}: {percent}% off, as often as you like.")
VISITS_TODAY_ONLY = N_("{name}: visits left today: {today}.")
RIDES_TODAY_ONLY = N_("{name}: rides left today: {today}.")
DISCOUNTS_TODAY_ONLY = N_("{name}: {percent}% off, times left today: {today}.")
NOTHING_LEFT = N_("{name}: used up.")

_UNLIMITED = {
    EntitlementKind.VISIT: VISITS_UNLIMITED,
    EntitlementKind.RIDE: RIDES_UNLIMITED,
    EntitlementKind.DISCOUNT: DISCOUNTS_UNLIMITED,
}
_IN_ALL = {
    EntitlementKind.VISIT: VISITS_LEFT,
    EntitlementKind.RIDE: RIDES_LEFT,
    EntitlementKind.DISCOUNT: DISCOUNTS_LEFT,
}
_IN_ALL_AND_TODAY = {
    EntitlementKind.VISIT: VISITS_TODAY,
    EntitlementKind.RIDE: RIDES_TODAY,
    EntitlementKind.DISCOUNT: DISCOUNTS_TODAY,
}
_TODAY_ONLY = {
    EntitlementKind.VISIT: VISITS_TODAY_ONLY,
    EntitlementKind.RIDE: RIDES_TODAY_ONLY,
    EntitlementKind.DISCOUNT: DISCOUNTS_TODAY_ONLY,
}


@dataclass(frozen=True, slots=True)
class Left:
    """`uses` in all and `today`: None where nothing limits them. `place_ids`: where it is honoured still."""

    entitlement: Entitlement
    uses: int | None
    today: int | None
    place_ids: tuple[str, ...]

    @property
    def is_used_up(self) -> bool:
        return self.uses == 0 or not self.place_ids

    def sentence(self, translate: Callable[[str], str], name: str) -> str:
        """Return it in the reader's language; `name`: the entitlement's in that language."""
        return translate(self._msgid()).format(
            name=name,
            left=self.uses,
            today=self.today,
            percent=self.entitlement.discount_percent,
        )

    def _msgid(self) -> str:
        kind = self.entitlement.kind
        if self.is_used_up:
            return NOTHING_LEFT
        if self.uses is None:
            return (_UNLIMITED if self.today is None else _TODAY_ONLY)[kind]
        return (_IN_ALL if self.today is None else _IN_ALL_AND_TODAY)[kind]


def what_is_left(terms: Terms, usage: Usage, now: datetime) -> tuple[Left, ...]:
    """Return what is left of every entitlement at a moment; nothing once the pass is over."""
    is_over = usage.ends_at is not None and now >= usage.ends_at
    return tuple(
        _left(it, () if is_over else usage.drawn_on(it), now, is_over=is_over)
        for it in terms.entitlements
    )


def _left(
    entitlement: Entitlement, uses: tuple[PassUse, ...], now: datetime, *, is_over: bool
) -> Left:
    if is_over:
        return Left(entitlement, uses=0, today=0, place_ids=())
    places = tuple(it for it in entitlement.place_ids if _is_open(entitlement, uses, it))
    in_all = _least(_rest(entitlement.uses, len(uses)), _by_places(entitlement, uses))
    used_today = sum(day_in_vietnam(it.at) == day_in_vietnam(now) for it in uses)
    today = _rest(entitlement.uses_per_day, used_today)
    return Left(entitlement, in_all, today if today is None else _least(today, in_all), places)


def _is_open(entitlement: Entitlement, uses: tuple[PassUse, ...], place_id: str) -> bool:
    limit = entitlement.uses_per_place
    return limit is None or sum(it.place_id == place_id for it in uses) < limit


def _by_places(entitlement: Entitlement, uses: tuple[PassUse, ...]) -> int | None:
    """Return how often it is honoured still where each place does so only some times."""
    limit = entitlement.uses_per_place
    if limit is None:
        return None
    used = [sum(it.place_id == place_id for it in uses) for place_id in entitlement.place_ids]
    return sum(max(limit - it, 0) for it in used)


def _rest(limit: int | None, used: int) -> int | None:
    return None if limit is None else max(limit - used, 0)


def _least(one: int | None, other: int | None) -> int | None:
    known = [it for it in (one, other) if it is not None]
    return min(known, default=None)
