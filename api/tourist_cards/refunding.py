"""When a purchase is paid back, and how much: asked before it is offered, and again when it is done."""

from collections.abc import Sequence
from datetime import datetime

from api.tourist_cards.errors import CardProblem, PassNotHeld, PassNotYoursAlone, PassUsed
from api.tourist_cards.passes import Pass, Purchase


def refusal_of(purchase: Purchase, passes: Sequence[Pass], now: datetime) -> CardProblem | None:
    """Return why nothing is paid back for a purchase of these passes, None when it is."""
    if purchase.refunded_at is not None:
        return PassNotHeld()
    if any(it.is_used or now >= it.unused_until for it in passes):
        return PassUsed()
    if any(it.was_given or it.holder_id != purchase.buyer_id for it in passes):
        return PassNotYoursAlone()
    return None


def refund_dong(purchase: Purchase, passes: Sequence[Pass], now: datetime) -> int:
    """Return the đồng that are paid back under the terms it was bought under."""
    return passes[0].terms.refund.amount(purchase.price_dong, purchase.bought_at, now)
