"""People who pay in, pay, and take payments, through the contract."""

from collections.abc import Mapping
from typing import Any

import httpx

from api.accounts.caller import Grant, Role, Scope, ScopeKind
from api.context import Services
from api.wallet.payments.providers import LocalProvider, Report, ReportedState
from api.wallet.payments.signatures import HEADER
from tests.accounts.people import Answer, SignedInPerson, grant, new_key, signed_in
from tests.conftest import send

CAFE = Scope(ScopeKind.MERCHANT, "may-cafe")
OTHER_CAFE = Scope(ScopeKind.MERCHANT, "gio-cafe")
COUNTER = Scope(ScopeKind.FACILITY, "bvdk-tinh-lao-cai")
CALLBACKS = "/wallet/v1/payments/local/callbacks"


async def do(
    client: httpx.AsyncClient,
    operation: str,
    values: Mapping[str, Any],
    person: SignedInPerson | None,
    *,
    key: str | None = None,
    language: str = "en",
) -> Answer:
    """Send a mutation of the wallet and return its result."""
    headers = person.headers if person else None
    data = await send(
        client,
        f"wallet/{operation}",
        {"input": {"idempotencyKey": key or new_key(), **values}},
        headers=headers,
        language=language,
    )
    (result,) = data.values()
    return dict(result)


async def done(
    client: httpx.AsyncClient, operation: str, values: Mapping[str, Any], person: SignedInPerson
) -> Answer:
    """Do it, and return what the one member of the success holds."""
    result = await do(client, operation, values, person)
    assert result.pop("__typename").endswith("Success"), result
    (member,) = result.values()
    return dict(member)


async def wallet_of(client: httpx.AsyncClient, person: SignedInPerson) -> Answer:
    data = await send(client, "wallet/Wallet", {}, headers=person.headers)
    found: Answer = data["wallet"]
    return found


async def balance_of(client: httpx.AsyncClient, person: SignedInPerson) -> int:
    return int((await wallet_of(client, person))["balance"]["amount"])


async def a_clerk(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    """Sign in a clerk of COUNTER."""
    return await somebody_with(client, services, Grant(Role.CLERK, COUNTER))


async def a_merchant(
    client: httpx.AsyncClient, services: Services, scope: Scope = CAFE
) -> SignedInPerson:
    return await somebody_with(client, services, Grant(Role.MERCHANT, scope))


async def somebody_with(
    client: httpx.AsyncClient, services: Services, held: Grant
) -> SignedInPerson:
    person = await signed_in(
        client, services, f"{held.role}.of.{held.scope.id or 'all'}@example.com"
    )
    await grant(services, person, held)
    return person


async def cash_in(
    client: httpx.AsyncClient,
    clerk: SignedInPerson,
    person: SignedInPerson,
    amount: int,
    scope: Scope = COUNTER,
) -> Answer:
    """Let a clerk take cash for a person and return the receipt."""
    values = {
        "scopeKind": scope.kind.name,
        "scopeId": scope.id,
        "walletId": (await wallet_of(client, person))["id"],
        "amount": amount,
    }
    return await done(client, "TopUpAtCounter", values, clerk)


async def charged(
    client: httpx.AsyncClient, merchant: SignedInPerson, amount: int, scope: Scope = CAFE
) -> Answer:
    return await done(client, "RequestCharge", {"merchantId": scope.id, "amount": amount}, merchant)


async def confirm(
    client: httpx.AsyncClient, payer: SignedInPerson, charge: Answer, *, key: str | None = None
) -> Answer:
    """Confirm a charge as it was shown, and return the result."""
    values = {"id": charge["id"], "amount": charge["amount"]["amount"]}
    return await do(client, "ConfirmCharge", values, payer, key=key)


async def paid(
    client: httpx.AsyncClient,
    merchant: SignedInPerson,
    payer: SignedInPerson,
    amount: int,
    scope: Scope = CAFE,
) -> str:
    """Let a payer pay a merchant and return the id of the payment."""
    charge = await charged(client, merchant, amount, scope)
    result = await confirm(client, payer, charge)
    assert result["__typename"] == "ConfirmChargeSuccess", result
    return str(result["charge"]["paymentId"])


def provider_of(services: Services) -> LocalProvider:
    provider = services.wallet.provider
    assert isinstance(provider, LocalProvider)
    return provider


async def ordered(client: httpx.AsyncClient, person: SignedInPerson, amount: int) -> Answer:
    return await done(client, "TopUp", {"amount": amount}, person)


def report(order_id: str, amount: int, payment: str = "payment-1") -> Report:
    return Report(payment, order_id, amount, ReportedState.PAID)


async def call_back(client: httpx.AsyncClient, services: Services, said: Report) -> httpx.Response:
    """Send what the local provider would."""
    signature, body = provider_of(services).callback(said)
    return await client.post(CALLBACKS, content=body, headers={HEADER: signature})
