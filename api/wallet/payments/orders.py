"""Orders to pay in, and payments that a provider reported: as they are kept."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto


class OrderState(StrEnum):
    OPEN = auto()
    PAID = auto()
    FAILED = auto()
    EXPIRED = auto()


@dataclass(frozen=True, slots=True)
class Order:
    """Somebody wants to pay so many đồng into an account, by `expires_at`."""

    id: str
    account_id: str
    amount: int
    provider: str
    state: OrderState
    created_at: datetime
    expires_at: datetime
    settled_at: datetime | None = None


class Outcome(StrEnum):
    """What became of money that a provider has for us."""

    CREDITED = auto()
    SUSPENDED = auto()
    ASSIGNED = auto()
    """It was suspended, and staff found out whose it is."""
    CONTRADICTED = auto()
    """Another amount for a payment that was booked: nothing was moved, and staff ask the provider."""
    CLEARED = auto()
    """It was contradicted, and staff know what is true."""


class SuspenseReason(StrEnum):
    UNKNOWN_ORDER = auto()
    AMOUNT_DIFFERS = auto()
    PAID_TWICE = auto()
    """The order was paid by another payment."""
    WALLET_CLOSED = auto()
    REPORTED_OTHERWISE = auto()
    """Booked before with another amount; this one was not moved."""


@dataclass(frozen=True, slots=True)
class ProviderPayment:
    """Money that a provider has for us. `reference`: the provider's id of it.

    `order_id`: as the provider said it; `reason`: why it is, or was, shown to staff; `transfer_id`: what
    moved it, or moved the amount that it contradicts.
    """

    id: str
    provider: str
    reference: str
    order_id: str
    amount: int
    outcome: Outcome
    reason: SuspenseReason | None
    transfer_id: str
    at: datetime
