"""A purchase, and the passes that come of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from api.tourist_cards.products import AgeGroup
from api.tourist_cards.terms import UNUSED_FOR, Terms, Texts

OFFERED_FOR = timedelta(hours=48)


class PassState(StrEnum):
    """What a pass is to who looks at it; the moment decides between the first three and LAPSED."""

    UNUSED = auto()
    ACTIVE = auto()
    OVER = auto()
    LAPSED = auto()
    """Two years went by without a use."""
    REFUNDED = auto()


@dataclass(frozen=True, slots=True)
class Purchase:
    """`buyer_id`: None for somebody who has left; the books keep the rest.

    `payment_id`: of the wallet's transfer, None for what costs nothing. `refunded_at`: None while it
    holds.
    """

    id: str
    buyer_id: str | None
    product_id: str
    product_version: int
    price_dong: int
    payment_id: str | None
    bought_at: datetime
    refunded_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Offer:
    """A pass offered to whoever shows the code, of which only a hash is kept."""

    code_hash: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Pass:
    """`names` and `terms` as they were when it was bought. `first_use` and `ends_at` follow its uses.

    `holder_id`: None for somebody who has left. `was_given`: somebody took it from its buyer, once at
    least, whoever holds it now.
    """

    id: str
    purchase_id: str
    product_id: str
    credential_id: str
    holder_id: str | None
    person: AgeGroup
    names: Texts
    terms: Terms
    bought_at: datetime
    first_use: datetime | None = None
    ends_at: datetime | None = None
    offer: Offer | None = None
    is_refunded: bool = False
    was_given: bool = False
    version: int = 1

    @property
    def unused_until(self) -> datetime:
        return self.bought_at + UNUSED_FOR

    @property
    def is_used(self) -> bool:
        return self.first_use is not None

    def state(self, now: datetime) -> PassState:
        if self.is_refunded:
            return PassState.REFUNDED
        if self.ends_at is not None:
            return PassState.ACTIVE if now < self.ends_at else PassState.OVER
        return PassState.UNUSED if now < self.unused_until else PassState.LAPSED
