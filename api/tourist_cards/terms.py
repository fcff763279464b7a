"""What a pass promises: how long it holds from its first use, and what it lets in how often.

A pass keeps the terms it was bought under, so that a product that changes takes nothing from
anybody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum, auto

from api.kit.formats import VIETNAM_TIME, day_in_vietnam

Texts = Mapping[str, str]

UNUSED_FOR = timedelta(days=730)
"""How long a pass waits for its first use: two years."""


class EntitlementKind(StrEnum):
    """VISIT and RIDE are let in at a gate; a DISCOUNT is given at a counter."""

    VISIT = auto()
    RIDE = auto()
    DISCOUNT = auto()


@dataclass(frozen=True, slots=True)
class RollingHours:
    """From the minute of the first use: 24, 48 or 72 hours."""

    hours: int

    def end(self, first_use: datetime) -> datetime:
        return first_use + timedelta(hours=self.hours)


@dataclass(frozen=True, slots=True)
class CalendarDays:
    """The day of the first use and those that follow, to midnight in Vietnam."""

    days: int

    def end(self, first_use: datetime) -> datetime:
        last_day = day_in_vietnam(first_use) + timedelta(days=self.days)
        return datetime.combine(last_day, time(), VIETNAM_TIME).astimezone(first_use.tzinfo)


Validity = RollingHours | CalendarDays


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One promise with its own counter. A limit of None does not limit.

    `place_ids`: of the places of api.tourism that honour it. `minutes_between`: the least time
    between two uses at one place, so that a pass is not handed back over the fence.
    `discount_percent`: of a DISCOUNT, 1 to 100.
    """

    id: str
    kind: EntitlementKind
    names: Texts
    place_ids: tuple[str, ...]
    uses: int | None = None
    uses_per_day: int | None = None
    uses_per_place: int | None = None
    minutes_between: int = 0
    discount_percent: int | None = None

    def covers(self, place_id: str | None, kinds: frozenset[EntitlementKind]) -> bool:
        return self.kind in kinds and place_id in self.place_ids


@dataclass(frozen=True, slots=True)
class RefundRule:
    """For a pass that was never used: all of the price in the first days, then less a share."""

    whole_for_days: int
    fee_percent_after: int

    def amount(self, price_dong: int, bought_at: datetime, now: datetime) -> int:
        """Return what is paid back, in đồng; a fee is rounded in the buyer's favour."""
        if now < bought_at + timedelta(days=self.whole_for_days):
            return price_dong
        return price_dong - price_dong * self.fee_percent_after // 100


@dataclass(frozen=True, slots=True)
class Terms:
    """`entitlements` in the order in which a gate draws on them."""

    validity: Validity
    entitlements: tuple[Entitlement, ...]
    refund: RefundRule

    def covering(
        self, place_id: str | None, kinds: frozenset[EntitlementKind]
    ) -> Iterator[Entitlement]:
        return (it for it in self.entitlements if it.covers(place_id, kinds))

    def place_ids(self) -> tuple[str, ...]:
        """Return the places that honour any of it, each once."""
        return tuple(
            dict.fromkeys(place_id for it in self.entitlements for place_id in it.place_ids)
        )
