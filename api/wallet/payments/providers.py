"""Payment providers: where an order is paid, and how what they report is read and believed."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, cast
from urllib.parse import urlencode

from api.kit.clock import Clock
from api.wallet.errors import CallbackNotUnderstood
from api.wallet.ledger.records import AMOUNT_AT_MOST
from api.wallet.payments.orders import Order
from api.wallet.payments.signatures import CallbackSigner

LOCAL = "local"
_ID = re.compile(r"[!-~]{1,64}")


class ReportedState(StrEnum):
    PAID = "PAID"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Report:
    """What a provider says. `payment`: its own id of the payment, `order`: ours, as far as it knows."""

    payment: str
    order: str
    amount: int
    state: ReportedState


class PaymentProvider(Protocol):
    """The port. Whoever implements it is named in settings, and chosen by wiring."""

    @property
    def name(self) -> str: ...

    def checkout_url(self, order: Order) -> str:
        """Return where the payer's browser goes to pay this order."""
        ...

    def read(self, signature: str | None, body: bytes) -> Report:
        """Return what a callback says, if it is the provider's. Raises CallbackProblem."""
        ...


class SignedProvider:
    """Takes an order in the address it is paid at, and signs what it reports; so do we.

    No call leaves this process: the payer's browser carries the order there.
    """

    def __init__(self, name: str, url: str, secrets: Sequence[str], clock: Clock) -> None:
        self._name = name
        self._url = url
        self._signer = CallbackSigner(secrets)
        self._clock = clock

    @property
    def name(self) -> str:
        return self._name

    def checkout_url(self, order: Order) -> str:
        fields = {
            "order": order.id,
            "amount": order.amount,
            "currency": "VND",
            "expires": int(order.expires_at.timestamp()),
        }
        asked = urlencode(fields)
        signed = urlencode({"signature": self._signer.header(asked.encode(), order.created_at)})
        return f"{self._url}?{asked}&{signed}"

    def read(self, signature: str | None, body: bytes) -> Report:
        self._signer.check(signature, body, self._clock())
        return report_of(body)


class LocalProvider(SignedProvider):
    """Stands in for a provider on one machine: it also makes the callbacks. Never in production."""

    def __init__(self, url: str, secret: str, clock: Clock) -> None:
        super().__init__(LOCAL, url, [secret], clock)

    def callback(self, report: Report, at: datetime | None = None) -> tuple[str, bytes]:
        """Return the signature and the body that such a provider would send."""
        members = {
            "payment": report.payment,
            "order": report.order,
            "amount": report.amount,
            "currency": "VND",
            "status": report.state,
        }
        body = json.dumps(members).encode()
        return self._signer.header(body, at or self._clock()), body


def report_of(body: bytes) -> Report:
    """Read the body of a callback. Raises CallbackNotUnderstood."""
    try:
        members: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise CallbackNotUnderstood from error
    if not isinstance(members, dict):
        raise CallbackNotUnderstood
    said = cast("dict[str, Any]", members)
    amount = said.get("amount")
    if not isinstance(amount, int) or isinstance(amount, bool) or said.get("currency") != "VND":
        raise CallbackNotUnderstood
    if not 1 <= amount <= AMOUNT_AT_MOST:
        raise CallbackNotUnderstood
    return Report(_id(said, "payment"), _id(said, "order"), amount, _state(said))


def _id(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise CallbackNotUnderstood
    return value


def _state(said: dict[str, Any]) -> ReportedState:
    try:
        return ReportedState(str(said.get("status")))
    except ValueError as error:
        raise CallbackNotUnderstood from error
