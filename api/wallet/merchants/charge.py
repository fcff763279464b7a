"""Requests for money that the payer confirms: of a merchant, or of a counter that pays out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from api.accounts.caller import Scope


class Purpose(StrEnum):
    PAYMENT = auto()
    PAYOUT = auto()
    """The payer gets cash for it."""


class ChargeState(StrEnum):
    OPEN = auto()
    PAID = auto()
    EXPIRED = auto()


@dataclass(frozen=True, slots=True)
class Charge:
    """One request. Its id is shown as a QR code, and cannot be guessed.

    `payee`: the account that is paid; `made_by`: who asked, None when that is nobody any more;
    `payer`: the account that paid.
    """

    id: str
    purpose: Purpose
    scope: Scope
    payee: str
    amount: int
    state: ChargeState
    made_by: str | None
    payer: str | None
    transfer_id: str
    created_at: datetime
    expires_at: datetime
