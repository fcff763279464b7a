"""What somebody holds: passes, what is left of each, and where it is honoured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from api.accounts.caller import Caller
from api.kit.clock import Clock
from api.kit.geo import Position, distance_metres
from api.kit.pages import Listing, Page, checked_first
from api.tourism.place_lists import PlaceFound
from api.tourist_cards.errors import ProductNotFound
from api.tourist_cards.left import Left, what_is_left
from api.tourist_cards.passes import Pass, PassState, Purchase
from api.tourist_cards.products import SaleState
from api.tourist_cards.refunding import refund_dong, refusal_of
from api.tourist_cards.repository import CardRepository
from api.tourist_cards.terms import Entitlement
from api.tourist_cards.usage import PassUse, judged

_LATEST_FIRST = Listing("myPasses", (datetime, str))
_BY_DISTANCE = Listing("cardPlaces", (float, str))


class FoundPlaces(Protocol):
    """Implemented by api.tourism's service."""

    async def found(self, place_ids: Sequence[str]) -> list[PlaceFound | None]:
        """Return these places in their order, None for what is not there."""
        ...


@dataclass(frozen=True, slots=True)
class PurchaseSeen:
    """A purchase at a moment, for its buyer. `refund_dong`: for all its passes together, None for none."""

    purchase: Purchase
    pass_count: int
    refund_dong: int | None


@dataclass(frozen=True, slots=True)
class PassSeen:
    """A pass at a moment. `bought`: None when its holder is not who bought it."""

    held: Pass
    state: PassState
    left: tuple[Left, ...]
    bought: PurchaseSeen | None


@dataclass(frozen=True, slots=True)
class HonouringPlace:
    """`metres` from where was asked, as the crow flies; None without."""

    place: PlaceFound
    entitlements: tuple[Entitlement, ...]
    metres: float | None


class Holding:
    def __init__(self, cards: CardRepository, places: FoundPlaces, clock: Clock) -> None:
        self._cards = cards
        self._places = places
        self._clock = clock

    async def of(self, caller: Caller, first: int, after: str | None) -> Page[PassSeen]:
        """Return a person's passes, the latest bought first.

        Raises NotSignedIn, InvalidPageSize, InvalidCursor.
        """
        person_id = caller.person()
        checked_first(first)
        found = await self._cards.passes_of(person_id, _LATEST_FIRST.values(after), first + 1)
        return _LATEST_FIRST.page(
            await self.seen_all(found),
            first=first,
            after=after,
            values=lambda it: (it.held.bought_at, it.held.id),
        )

    async def own(self, caller: Caller, pass_id: str) -> PassSeen:
        """Return one. Raises NotSignedIn, PassNotFound."""
        return await self.seen(await self._cards.own(caller.person(), pass_id))

    async def seen(self, held: Pass) -> PassSeen:
        (seen,) = await self.seen_all([held])
        return seen

    async def seen_all(self, passes: Sequence[Pass]) -> list[PassSeen]:
        """Return passes as they are now, in their order."""
        now = self._clock()
        uses = await self._cards.uses_of_all({it.id for it in passes})
        purchase_ids = {it.purchase_id for it in passes}
        purchases = await self._cards.purchases(purchase_ids)
        together = await self._cards.passes_of_purchases(purchase_ids)
        return [
            _seen(it, uses[it.id], purchases.get(it.purchase_id), together[it.purchase_id], now)
            for it in passes
        ]

    async def places_of_product(
        self, product_id: str, near: Position | None, first: int, after: str | None
    ) -> Page[HonouringPlace]:
        """Return where a product is honoured, the nearest first.

        Raises ProductNotFound, InvalidPageSize, InvalidCursor.
        """
        product = await self._cards.product(product_id)
        if product is None or product.state is SaleState.DRAFT:
            raise ProductNotFound
        return await self._honouring(product.terms.entitlements, None, near, first, after)

    async def places_of_pass(
        self, caller: Caller, pass_id: str, near: Position | None, first: int, after: str | None
    ) -> Page[HonouringPlace]:
        """Return where what is left of a pass is honoured still, the nearest first.

        Raises NotSignedIn, PassNotFound, InvalidPageSize, InvalidCursor.
        """
        seen = await self.own(caller, pass_id)
        rest = {it.entitlement.id: it.place_ids for it in seen.left if not it.is_used_up}
        wanted = tuple(it.entitlement for it in seen.left if it.entitlement.id in rest)
        return await self._honouring(wanted, rest, near, first, after)

    async def _honouring(
        self,
        entitlements: Sequence[Entitlement],
        rest: dict[str, tuple[str, ...]] | None,
        near: Position | None,
        first: int,
        after: str | None,
    ) -> Page[HonouringPlace]:
        checked_first(first)
        start = _BY_DISTANCE.values(after)
        by_place: dict[str, list[Entitlement]] = {}
        for it in entitlements:
            for place_id in it.place_ids if rest is None else rest[it.id]:
                by_place.setdefault(place_id, []).append(it)
        found = await self._places.found(list(by_place))
        seen = [
            HonouringPlace(it, tuple(by_place[it.place.id]), _metres(near, it))
            for it in found
            if it is not None
        ]
        behind = [it for it in sorted(seen, key=_order) if start is None or _order(it) > start]
        return _BY_DISTANCE.page(behind, first=first, after=after, values=_order)


def _seen(
    held: Pass,
    uses: Sequence[PassUse],
    purchase: Purchase | None,
    together: Sequence[Pass],
    now: datetime,
) -> PassSeen:
    usage = judged(held.terms, held.bought_at, uses)
    state = held.state(now)
    is_buyer = purchase is not None and held.holder_id == purchase.buyer_id
    return PassSeen(
        held=held,
        state=state,
        left=what_is_left(held.terms, usage, now) if _counts(state) else (),
        bought=_bought(purchase, together, now) if purchase and is_buyer else None,
    )


def _bought(purchase: Purchase, together: Sequence[Pass], now: datetime) -> PurchaseSeen:
    is_paid_back = refusal_of(purchase, together, now) is None
    dong = refund_dong(purchase, together, now) if is_paid_back else None
    return PurchaseSeen(purchase, len(together), dong)


def _counts(state: PassState) -> bool:
    return state in {PassState.UNUSED, PassState.ACTIVE}


def _metres(near: Position | None, found: PlaceFound) -> float | None:
    return None if near is None else distance_metres(near, found.place.position)


def _order(found: HonouringPlace) -> tuple[float, str]:
    return (found.metres or 0.0, found.place.place.id)
