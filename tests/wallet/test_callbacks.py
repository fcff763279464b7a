"""What a payment provider reports: genuine, forged, late, doubled, wrong; each payment booked once."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from structlog.testing import capture_logs

from api.accounts.caller import PROVINCE, Grant, Role
from api.context import Services
from api.generated_secrets import local_payment_secret
from api.kit.store import Store
from api.settings import Settings
from api.wallet.errors import TransferNotFound
from api.wallet.payments.orders import Outcome, SuspenseReason
from api.wallet.payments.providers import Report, ReportedState
from api.wallet.payments.repository import WALLET_ORDERS, WALLET_PROVIDER_PAYMENTS
from api.wallet.payments.signatures import HEADER, CallbackSigner
from api.wallet.wiring import WALLET_COLLECTIONS
from tests.accounts.exporting import run_jobs
from tests.accounts.people import MINJUN, SignedInPerson, new_key, signed_in
from tests.accounts.staff import noted
from tests.accounts.test_leaving import leave
from tests.conftest import MovableClock, send
from tests.wallet import paying
from tests.wallet.paying import CALLBACKS, balance_of, call_back, do, ordered, provider_of, report

AMOUNT = 50_000


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


async def everything(store: Store) -> dict[str, object]:
    return {spec.name: await store[spec].find({}) for spec in WALLET_COLLECTIONS}


async def sound(services: Services) -> bool:
    recount = await services.wallet.books.recounting.run()
    return not recount.differences and recount.debits == recount.credits


async def suspended(services: Services) -> list[tuple[SuspenseReason | None, int]]:
    page = await services.wallet.suspense.listed(100, None)
    return [(payment.reason, payment.amount) for payment in page.items]


async def test_an_order_says_where_to_pay(client: httpx.AsyncClient, mai: SignedInPerson) -> None:
    order = await ordered(client, mai, AMOUNT)

    assert order["state"] == "OPEN"
    assert order["amount"] == {"amount": AMOUNT, "text": "₫50,000"}
    assert order["expiresAt"] == "2026-05-01T10:00:00+00:00"
    assert f"order={order['id']}&amount={AMOUNT}&currency=VND" in order["checkoutUrl"]
    assert await balance_of(client, mai) == 0


async def test_the_same_order_again_is_the_same(
    client: httpx.AsyncClient, store: Store, mai: SignedInPerson
) -> None:
    first, second = [
        await do(client, "TopUp", {"amount": AMOUNT}, mai, key="one-key-for-both-times")
        for _ in range(2)
    ]

    assert first == second
    assert await store[WALLET_ORDERS].count({}) == 1


async def test_what_was_paid_is_in_the_wallet(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    order = await ordered(client, mai, AMOUNT)

    reply = await call_back(client, services, report(order["id"], AMOUNT))

    assert (reply.status_code, reply.json()) == (200, {"outcome": "CREDITED"})
    assert await balance_of(client, mai) == AMOUNT
    assert await sound(services)


async def test_a_doubled_callback_is_booked_once(
    client: httpx.AsyncClient, services: Services, store: Store, mai: SignedInPerson
) -> None:
    order = await ordered(client, mai, AMOUNT)
    said = report(order["id"], AMOUNT)

    replies = await asyncio.gather(*(call_back(client, services, said) for _ in range(10)))

    assert [reply.json() for reply in replies] == [{"outcome": "CREDITED"}] * 10
    assert await balance_of(client, mai) == AMOUNT
    assert await store[WALLET_PROVIDER_PAYMENTS].count({}) == 1
    assert await sound(services)


async def test_a_callback_sent_again_later_signed_anew_changes_nothing(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, mai: SignedInPerson
) -> None:
    order = await ordered(client, mai, AMOUNT)
    await call_back(client, services, report(order["id"], AMOUNT))
    clock.advance(days=3)

    reply = await call_back(client, services, report(order["id"], AMOUNT))

    payments = await services.wallet.suspense.listed(10, None)
    assert reply.json() == {"outcome": "CREDITED"}
    assert payments.items == ()


async def test_another_amount_for_a_booked_payment_moves_nothing_and_is_shown_to_staff_once(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    order = await ordered(client, mai, AMOUNT)
    await call_back(client, services, report(order["id"], AMOUNT))

    with capture_logs() as lines:
        replies = [
            await call_back(client, services, report(order["id"], AMOUNT + 1)) for _ in range(2)
        ]

    said = [line for line in lines if line["event"] == "payment reported otherwise"]
    assert [reply.json() for reply in replies] == [{"outcome": "CREDITED"}] * 2
    assert await suspended(services) == [(SuspenseReason.REPORTED_OTHERWISE, AMOUNT + 1)]
    assert await balance_of(client, mai) == AMOUNT
    assert [(line["log_level"], line["differs"]) for line in said] == [("warning", ["amount"])] * 2
    assert str(AMOUNT + 1) not in str(said)
    assert await sound(services)


async def test_another_order_or_state_for_a_booked_payment_is_warned_of(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    order = await ordered(client, mai, AMOUNT)
    await call_back(client, services, report(order["id"], AMOUNT))
    failed = replace(report(order["id"], AMOUNT), state=ReportedState.FAILED)

    with capture_logs() as lines:
        await call_back(client, services, report("another-order", AMOUNT))
        await call_back(client, services, failed)

    assert [line["differs"] for line in lines if "differs" in line] == [["order"], ["state"]]
    assert await suspended(services) == []
    assert await balance_of(client, mai) == AMOUNT


async def test_a_contradiction_is_cleared_once_and_never_assigned(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    order = await ordered(client, mai, AMOUNT)
    for amount in (AMOUNT, AMOUNT + 1):
        await call_back(client, services, report(order["id"], amount))
    (payment,) = (await services.wallet.suspense.listed(1, None)).items

    with pytest.raises(TransferNotFound):
        await services.wallet.suspense.assign(
            payment.id, (await paying.wallet_of(client, mai))["id"]
        )
    await services.wallet.suspense.clear(payment.id)

    with pytest.raises(TransferNotFound):
        await services.wallet.suspense.clear(payment.id)
    assert await suspended(services) == []
    assert len(await noted(services, "wallet.clear")) == 1
    assert await balance_of(client, mai) == AMOUNT
    assert await sound(services)


FORGERIES: dict[str, Callable[[str, bytes], tuple[str | None, bytes]]] = {
    "no signature": lambda header, body: (None, body),
    "another amount": lambda header, body: (header, body.replace(b"50000", b"90000")),
    "a byte more": lambda header, body: (header, body + b" "),
    "another time": lambda header, body: (header.replace("t=1", "t=2"), body),
    "another secret": lambda header, body: (
        CallbackSigner(["s" * 32]).header(body, MovableClock()()),
        body,
    ),
    "no v1": lambda header, body: (header.partition(",")[0], body),
    "an empty v1": lambda header, body: (header.partition("v1=")[0] + "v1=", body),
    "a shorter v1": lambda header, body: (header[:-1], body),
    "two times": lambda header, body: (f"t=1,{header}", body),
    "not a time": lambda header, body: (header.replace("t=", "t=x"), body),
    "nothing of sense": lambda header, body: ("," * 2_000, body),
}


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_a_forged_callback_is_refused_and_changes_nothing(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    mai: SignedInPerson,
    forgery: str,
) -> None:
    order = await ordered(client, mai, AMOUNT)
    header, body = provider_of(services).callback(report(order["id"], AMOUNT))
    before = await everything(store)

    sent, content = FORGERIES[forgery](header, body)
    headers = {} if sent is None else {HEADER: sent}
    reply = await client.post(CALLBACKS, content=content, headers=headers)

    assert reply.status_code == 401
    assert reply.json()["code"] == "SIGNATURE_WRONG"
    assert await everything(store) == before


@pytest.mark.parametrize("seconds", [-301, 301])
async def test_a_genuine_callback_out_of_its_time_is_refused(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    mai: SignedInPerson,
    seconds: int,
) -> None:
    order = await ordered(client, mai, AMOUNT)
    at = clock() + timedelta(seconds=seconds)
    header, body = provider_of(services).callback(report(order["id"], AMOUNT), at)
    before = await everything(store)

    reply = await client.post(CALLBACKS, content=body, headers={HEADER: header})

    assert (reply.status_code, reply.json()["code"]) == (401, "SIGNATURE_OUT_OF_TIME")
    assert await everything(store) == before


async def test_a_provider_that_changes_its_secret_is_believed_under_both() -> None:
    clock = MovableClock()
    old, new = CallbackSigner(["o" * 32]), CallbackSigner(["n" * 32, "o" * 32])

    new.check(old.header(b"body", clock()), b"body", clock())
    two = old.header(b"body", clock()) + "," + new.header(b"body", clock()).split(",")[1]
    old.check(two, b"body", clock())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 10_000,
        json.dumps({"payment": "p", "order": "o", "amount": 1, "status": "PAID"}).encode(),
        *(
            json.dumps(
                {"payment": "p", "order": "o", "amount": 1, "currency": "VND", "status": "PAID"}
                | wrong
            ).encode()
            for wrong in (
                {"amount": True},
                {"amount": 1.5},
                {"amount": "1"},
                {"amount": 0},
                {"amount": -1},
                {"amount": 100_000_001},
                {"currency": "USD"},
                {"status": "MAYBE"},
                {"status": None},
                {"payment": ""},
                {"payment": "a b"},
                {"order": 7},
                {"order": "x" * 65},
            )
        ),
    ],
)
async def test_a_genuine_callback_that_makes_no_sense_is_refused(
    client: httpx.AsyncClient, settings: Settings, store: Store, clock: MovableClock, body: bytes
) -> None:
    signer = CallbackSigner([local_payment_secret(settings)])
    before = await everything(store)

    headers = {HEADER: signer.header(body, clock())}
    reply = await client.post(CALLBACKS, content=body, headers=headers)

    assert (reply.status_code, reply.json()["code"]) == (422, "NOT_UNDERSTOOD")
    assert await everything(store) == before


async def test_another_provider_is_not_known(client: httpx.AsyncClient, services: Services) -> None:
    header, body = provider_of(services).callback(report("o", AMOUNT))

    reply = await client.post(
        "/wallet/v1/payments/other/callbacks", content=body, headers={HEADER: header}
    )

    assert (reply.status_code, reply.json()["code"]) == (404, "PROVIDER_UNKNOWN")


async def test_money_after_the_order_expired_is_not_lost(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    mai: SignedInPerson,
) -> None:
    order = await ordered(client, mai, AMOUNT)
    clock.advance(minutes=31)
    await run_jobs(services, clock)
    expired = await store[WALLET_ORDERS].get(order["id"])

    reply = await call_back(client, services, report(order["id"], AMOUNT))

    mai = await signed_in(client, services)
    assert expired is not None
    assert expired["state"] == "expired"
    assert reply.json() == {"outcome": "CREDITED"}
    assert await balance_of(client, mai) == AMOUNT


async def test_an_order_that_failed_may_be_paid_after_all(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    order = await ordered(client, mai, AMOUNT)
    failed = Report("payment-1", order["id"], AMOUNT, ReportedState.FAILED)
    noted = await call_back(client, services, failed)

    reply = await call_back(client, services, report(order["id"], AMOUNT, "payment-2"))

    assert noted.json() == {"outcome": "NOTED"}
    assert reply.json() == {"outcome": "CREDITED"}
    assert await balance_of(client, mai) == AMOUNT


async def test_a_failure_reported_after_the_payment_takes_nothing_away(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    order = await ordered(client, mai, AMOUNT)
    await call_back(client, services, report(order["id"], AMOUNT))

    failed = Report("payment-0", order["id"], AMOUNT, ReportedState.FAILED)
    await call_back(client, services, failed)

    assert await balance_of(client, mai) == AMOUNT


async def test_another_amount_than_ordered_goes_into_suspense(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    order = await ordered(client, mai, AMOUNT)

    reply = await call_back(client, services, report(order["id"], AMOUNT - 1))

    assert reply.json() == {"outcome": "SUSPENDED"}
    assert await suspended(services) == [(SuspenseReason.AMOUNT_DIFFERS, AMOUNT - 1)]
    assert await balance_of(client, mai) == 0
    assert await sound(services)


async def test_an_unknown_order_goes_into_suspense(
    client: httpx.AsyncClient, services: Services
) -> None:
    reply = await call_back(client, services, report("never-ordered", AMOUNT))

    assert reply.json() == {"outcome": "SUSPENDED"}
    assert await suspended(services) == [(SuspenseReason.UNKNOWN_ORDER, AMOUNT)]
    assert await sound(services)


async def test_a_second_payment_of_an_order_goes_into_suspense(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    order = await ordered(client, mai, AMOUNT)
    await call_back(client, services, report(order["id"], AMOUNT, "payment-1"))

    reply = await call_back(client, services, report(order["id"], AMOUNT, "payment-2"))

    assert reply.json() == {"outcome": "SUSPENDED"}
    assert await suspended(services) == [(SuspenseReason.PAID_TWICE, AMOUNT)]
    assert await balance_of(client, mai) == AMOUNT


async def test_two_payments_of_an_order_at_once_credit_it_once(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    order = await ordered(client, mai, AMOUNT)
    said = [report(order["id"], AMOUNT, f"payment-{number}") for number in range(10)]

    replies = await asyncio.gather(*(call_back(client, services, one) for one in said))

    outcomes = sorted(reply.json()["outcome"] for reply in replies)
    assert outcomes == ["CREDITED"] + ["SUSPENDED"] * 9
    assert await balance_of(client, mai) == AMOUNT
    assert await sound(services)


async def test_money_for_somebody_who_has_left_goes_into_suspense(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, mai: SignedInPerson
) -> None:
    order = await ordered(client, mai, AMOUNT)
    left = await leave(client, mai)
    clock.advance(minutes=1)
    await run_jobs(services, clock)

    reply = await call_back(client, services, report(order["id"], AMOUNT))

    assert left["__typename"] == "DeleteMyAccountSuccess"
    assert reply.json() == {"outcome": "SUSPENDED"}
    assert await suspended(services) == [(SuspenseReason.WALLET_CLOSED, AMOUNT)]
    assert await sound(services)


async def test_staff_see_what_is_in_suspense(client: httpx.AsyncClient, services: Services) -> None:
    await call_back(client, services, report("never-ordered", AMOUNT, "their-payment-7"))
    auditor = await paying.somebody_with(client, services, Grant(Role.AUDITOR, PROVINCE))

    data = await send(client, "wallet/SuspendedPayments", {}, headers=auditor.headers)

    (edge,) = data["suspendedPayments"]["edges"]
    shown = {name: edge["node"][name] for name in ("provider", "reference", "orderId", "reason")}
    assert shown == {
        "provider": "local",
        "reference": "their-payment-7",
        "orderId": "never-ordered",
        "reason": "UNKNOWN_ORDER",
    }


async def test_what_is_in_suspense_is_assigned_once(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    await call_back(client, services, report("never-ordered", AMOUNT))
    (payment,) = (await services.wallet.suspense.listed(1, None)).items
    wallet_id = (await paying.wallet_of(client, mai))["id"]

    await services.wallet.suspense.assign(payment.id, wallet_id)

    with pytest.raises(TransferNotFound):
        await services.wallet.suspense.assign(payment.id, wallet_id)
    assert payment.outcome is Outcome.SUSPENDED
    assert await suspended(services) == []
    assert await balance_of(client, mai) == AMOUNT
    assert await sound(services)


async def test_only_so_many_orders_are_open_at_a_time(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    minjun = await signed_in(client, services, MINJUN)
    asked = {"amount": 10_000}

    results = await asyncio.gather(*(do(client, "TopUp", asked, minjun) for _ in range(7)))

    codes = sorted(str(result.get("code")) for result in results)
    assert codes == ["None"] * 5 + ["TOO_MANY_ORDERS"] * 2
    clock.advance(minutes=30)
    await run_jobs(services, clock)
    minjun = await signed_in(client, services, MINJUN)
    assert (await do(client, "TopUp", asked, minjun))["__typename"] == "TopUpSuccess"


async def test_open_orders_count_against_the_limit_of_a_day(
    client: httpx.AsyncClient, mai: SignedInPerson
) -> None:
    await ordered(client, mai, 15_000_000)

    result = await do(client, "TopUp", {"amount": 5_000_001}, mai)

    assert result["code"] == "DAILY_LIMIT"


@pytest.mark.parametrize("amount", [0, -1, 100_000_001])
async def test_an_order_is_for_an_amount(
    client: httpx.AsyncClient, store: Store, mai: SignedInPerson, amount: int
) -> None:
    result = await do(client, "TopUp", {"amount": amount}, mai)

    assert result["code"] == "INVALID_AMOUNT"
    assert await store[WALLET_ORDERS].count({}) == 0


async def test_a_key_stands_for_one_order(client: httpx.AsyncClient, mai: SignedInPerson) -> None:
    key = new_key()
    await do(client, "TopUp", {"amount": AMOUNT}, mai, key=key)

    result = await do(client, "TopUp", {"amount": AMOUNT + 1}, mai, key=key)

    assert result["code"] == "IDEMPOTENCY_KEY_REUSED"
