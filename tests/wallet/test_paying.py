"""Cash at a counter, paying a merchant, giving back, and a merchant's day, through the contract."""

import asyncio

import httpx
import pytest

from api.accounts.caller import Grant, Role, Scope, ScopeKind
from api.context import Services
from api.kit.store import Store
from api.wallet import owners
from api.wallet.ledger.records import AccountKind, NewTransfer, TransferKind
from api.wallet.merchants.charge_repository import WALLET_CHARGES
from tests.accounts.exporting import exported, run_jobs
from tests.accounts.people import MINJUN, Answer, SignedInPerson, grant, new_key, signed_in
from tests.accounts.staff import noted
from tests.accounts.test_leaving import leave
from tests.conftest import MovableClock, send
from tests.wallet import paying
from tests.wallet.books import WORLD, new, new_transfer_id
from tests.wallet.paying import (
    CAFE,
    COUNTER,
    OTHER_CAFE,
    balance_of,
    cash_in,
    charged,
    confirm,
    do,
    done,
    paid,
    wallet_of,
)


@pytest.fixture
async def clerk(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await paying.a_clerk(client, services)


@pytest.fixture
async def merchant(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await paying.a_merchant(client, services)


@pytest.fixture
async def mai(
    client: httpx.AsyncClient, services: Services, clerk: SignedInPerson
) -> SignedInPerson:
    """Somebody with 100,000 đồng."""
    person = await signed_in(client, services)
    await cash_in(client, clerk, person, 100_000)
    return person


async def sound(services: Services) -> bool:
    recount = await services.wallet.books.recounting.run()
    return not recount.differences and recount.debits == recount.credits


async def test_a_clerk_pays_nothing_into_the_own_wallet(
    client: httpx.AsyncClient, services: Services, clerk: SignedInPerson
) -> None:
    wallet = (await wallet_of(client, clerk))["id"]
    values = {"scopeKind": "FACILITY", "scopeId": COUNTER.id, "walletId": wallet, "amount": 1_000}

    result = await do(client, "TopUpAtCounter", values, clerk)

    assert result["code"] == "OWN_WALLET"
    assert await balance_of(client, clerk) == 0
    assert await noted(services, "wallet.counter_top_up") == []


async def test_a_clerk_pays_nothing_out_of_the_own_wallet_but_another_clerk_does(
    client: httpx.AsyncClient, services: Services, clerk: SignedInPerson, mai: SignedInPerson
) -> None:
    await grant(services, mai, Grant(Role.CLERK, COUNTER))
    asked = {"scopeKind": COUNTER.kind.name, "scopeId": COUNTER.id, "amount": 40_000}
    own = await done(client, "PayOutAtCounter", asked, mai)
    anothers = await done(client, "PayOutAtCounter", asked, clerk)

    refused = await confirm(client, mai, own)
    balance = await balance_of(client, mai)
    paid_out = await confirm(client, mai, anothers)

    assert (refused["code"], balance) == ("OWN_WALLET", 100_000)
    assert paid_out["__typename"] == "ConfirmChargeSuccess"
    assert await balance_of(client, mai) == 60_000
    assert len(await noted(services, "wallet.counter_payout")) == 1
    assert await sound(services)


async def test_cash_is_in_the_wallet_and_in_the_audit_log(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    wallet = await wallet_of(client, mai)

    (entry,) = await noted(services, "wallet.counter_top_up")
    (edge,) = wallet["statement"]["edges"]
    assert wallet["balance"] == {"amount": 100_000, "text": "₫100,000"}
    assert (edge["node"]["kind"], edge["node"]["number"]) == ("TOP_UP", 1)
    assert (entry.scope, entry.details) == ("facility:bvdk-tinh-lao-cai", {"dong": 100_000})
    assert await sound(services)


async def test_a_lost_answer_is_no_second_top_up(
    client: httpx.AsyncClient, mai: SignedInPerson, clerk: SignedInPerson
) -> None:
    values = {
        "scopeKind": COUNTER.kind.name,
        "scopeId": COUNTER.id,
        "walletId": (await wallet_of(client, mai))["id"],
        "amount": 5_000,
    }
    key = new_key()

    first, second = [await do(client, "TopUpAtCounter", values, clerk, key=key) for _ in range(2)]

    assert first == second
    assert await balance_of(client, mai) == 105_000


@pytest.mark.parametrize("wallet", ["", "x", "a" * 26])
async def test_a_wallet_must_be_there(
    client: httpx.AsyncClient, clerk: SignedInPerson, wallet: str
) -> None:
    place = {"scopeKind": COUNTER.kind.name, "scopeId": COUNTER.id}

    result = await do(client, "TopUpAtCounter", {**place, "walletId": wallet, "amount": 1}, clerk)

    assert result["code"] == "NOT_FOUND"


async def test_the_account_of_a_merchant_is_not_topped_up(
    client: httpx.AsyncClient,
    services: Services,
    clerk: SignedInPerson,
    merchant: SignedInPerson,
    store: Store,
) -> None:
    await charged(client, merchant, 1)
    (charge,) = await store[WALLET_CHARGES].find({})
    values = {
        "scopeKind": COUNTER.kind.name,
        "scopeId": COUNTER.id,
        "walletId": charge["payee"],
        "amount": 1,
    }

    result = await do(client, "TopUpAtCounter", values, clerk)

    assert result["code"] == "NOT_FOUND"
    assert await sound(services)


@pytest.mark.parametrize(("kind", "id"), [("PROVINCE", ""), ("FACILITY", "Not An Id")])
async def test_a_counter_is_at_a_place(
    client: httpx.AsyncClient, clerk: SignedInPerson, kind: str, id: str
) -> None:
    values = {"scopeKind": kind, "scopeId": id, "walletId": "a" * 26, "amount": 1}

    result = await do(client, "TopUpAtCounter", values, clerk)

    assert result["code"] == "INVALID_SCOPE"


async def test_a_payer_sees_a_charge_and_pays_it(
    client: httpx.AsyncClient, services: Services, merchant: SignedInPerson, mai: SignedInPerson
) -> None:
    charge = await charged(client, merchant, 30_000)
    shown = await _charge(client, mai, charge["id"])

    result = await confirm(client, mai, charge)

    assert shown == charge
    assert charge["place"] == {"kind": "MERCHANT", "id": CAFE.id}
    assert result["charge"]["state"] == "PAID"
    assert await balance_of(client, mai) == 70_000
    assert (await _day(client, merchant))["balance"]["amount"] == 30_000
    assert await sound(services)


async def test_a_charge_is_paid_once_whoever_confirms(
    client: httpx.AsyncClient,
    services: Services,
    merchant: SignedInPerson,
    mai: SignedInPerson,
    clerk: SignedInPerson,
) -> None:
    minjun = await signed_in(client, services, MINJUN)
    await cash_in(client, clerk, minjun, 100_000)
    charge = await charged(client, merchant, 30_000)

    results = await asyncio.gather(
        *(confirm(client, payer, charge) for payer in (mai, minjun) for _ in range(5))
    )

    codes = sorted(str(result.get("code")) for result in results)
    # To whoever did not pay it, a paid charge is not there any more.
    assert codes.count("None") == 1
    assert set(codes) <= {"None", "CHARGE_ENDED", "NOT_FOUND"}
    left = [await balance_of(client, payer) for payer in (mai, minjun)]
    assert sorted(left) == [70_000, 100_000]


async def test_a_lost_answer_is_no_second_payment(
    client: httpx.AsyncClient, merchant: SignedInPerson, mai: SignedInPerson
) -> None:
    charge, key = await charged(client, merchant, 30_000), new_key()

    first, second = [await confirm(client, mai, charge, key=key) for _ in range(2)]

    assert first == second
    assert await balance_of(client, mai) == 70_000


async def test_a_charge_ends(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    merchant: SignedInPerson,
    mai: SignedInPerson,
) -> None:
    charge = await charged(client, merchant, 30_000)
    clock.advance(minutes=10)
    mai = await signed_in(client, services)

    result = await confirm(client, mai, charge)

    shown = await _charge(client, mai, charge["id"])
    assert shown is not None
    assert shown["state"] == "EXPIRED"
    assert result["code"] == "CHARGE_ENDED"
    assert await balance_of(client, mai) == 100_000


async def test_what_was_not_shown_is_not_paid(
    client: httpx.AsyncClient, merchant: SignedInPerson, mai: SignedInPerson
) -> None:
    charge = await charged(client, merchant, 30_000)

    result = await do(client, "ConfirmCharge", {"id": charge["id"], "amount": 3_000}, mai)

    assert result["code"] == "AMOUNT_CHANGED"
    assert await balance_of(client, mai) == 100_000


async def test_who_has_not_enough_leaves_the_charge_open(
    client: httpx.AsyncClient, services: Services, merchant: SignedInPerson, mai: SignedInPerson
) -> None:
    charge = await charged(client, merchant, 100_001)

    result = await confirm(client, mai, charge)

    assert result["code"] == "NOT_ENOUGH_MONEY"
    shown = await _charge(client, mai, charge["id"])
    assert shown is not None
    assert shown["state"] == "OPEN"
    assert await sound(services)


async def test_a_merchant_gives_back_no_more_than_was_paid(
    client: httpx.AsyncClient, services: Services, merchant: SignedInPerson, mai: SignedInPerson
) -> None:
    payment = await paid(client, merchant, mai, 30_000)
    await paid(client, merchant, mai, 30_000)
    await done(client, "RefundPayment", {"paymentId": payment, "amount": 10_000}, merchant)

    result = await do(client, "RefundPayment", {"paymentId": payment, "amount": 20_001}, merchant)

    assert result["code"] == "MORE_THAN_LEFT"
    assert await balance_of(client, mai) == 50_000
    (entry,) = await noted(services, "wallet.refund")
    assert entry.details == {"dong": 10_000, "payment": payment}
    assert await sound(services)


async def test_another_merchant_gives_nothing_back(
    client: httpx.AsyncClient, services: Services, merchant: SignedInPerson, mai: SignedInPerson
) -> None:
    other = await paying.a_merchant(client, services, OTHER_CAFE)
    payment = await paid(client, merchant, mai, 30_000)

    theirs = await do(client, "RefundPayment", {"paymentId": payment, "amount": 1}, other)
    nobody_s = await do(client, "RefundPayment", {"paymentId": "x", "amount": 1}, other)

    assert theirs == nobody_s
    assert theirs["code"] == "NOT_FOUND"
    assert await balance_of(client, mai) == 70_000


async def test_a_merchant_gives_nothing_back_of_a_school_with_the_same_id(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    other = await paying.a_merchant(client, services, Scope(ScopeKind.MERCHANT, "s07"))
    ledger, school = services.wallet.ledger, Scope(ScopeKind.SCHOOL, "s07")
    payee = await ledger.open_account(owners.institution(school), AccountKind.MERCHANT)
    mine = (await wallet_of(client, mai))["id"]
    meal = await ledger.transfer(
        NewTransfer(new_transfer_id(), TransferKind.PAYMENT, mine, payee.id, 30_000)
    )

    refused = await do(client, "RefundPayment", {"paymentId": meal.id, "amount": 1}, other)

    assert refused["code"] == "NOT_FOUND"
    assert await balance_of(client, mai) == 70_000


async def test_a_merchant_s_day(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    merchant: SignedInPerson,
    mai: SignedInPerson,
) -> None:
    first = await paid(client, merchant, mai, 30_000)
    await paid(client, merchant, mai, 5_000)
    await done(client, "RefundPayment", {"paymentId": first, "amount": 10_000}, merchant)

    day = await _day(client, merchant)

    assert day["total"]["amount"] == day["balance"]["amount"] == 25_000
    sums = [(it["kind"], it["change"]["amount"], it["count"]) for it in day["sums"]]
    assert sums == [("PAYMENT", 35_000, 2), ("REFUND", -10_000, 1)]
    entries = [edge["node"]["change"]["amount"] for edge in day["entries"]["edges"]]
    assert entries == [-10_000, 5_000, 30_000]
    assert day["control"] is None
    clock.advance(hours=8)
    await run_jobs(services, clock)
    merchant = await signed_in(client, services, merchant.address)
    closed = await _day(client, merchant)
    assert len(closed["control"]) == 64
    assert closed["sums"] == day["sums"]


async def test_a_day_that_has_not_begun_is_not_shown(
    client: httpx.AsyncClient, merchant: SignedInPerson
) -> None:
    reply = await client.post(
        "/graphql",
        json={
            "query": 'query($d: Date!) { merchantDay(merchantId: "may-cafe", date: $d) { day } }',
            "variables": {"d": "2026-05-02"},
        },
        headers=merchant.headers,
    )

    assert reply.json()["errors"][0]["extensions"]["code"] == "INVALID_DATE"


async def test_who_has_money_does_not_leave_until_it_is_paid_out(
    client: httpx.AsyncClient, services: Services, clerk: SignedInPerson, mai: SignedInPerson
) -> None:
    refused = await leave(client, mai)
    place = {"scopeKind": COUNTER.kind.name, "scopeId": COUNTER.id}
    payout = await done(client, "PayOutAtCounter", {**place, "amount": 100_000}, clerk)
    await confirm(client, mai, payout)

    left = await leave(client, mai)

    assert refused["code"] == "MONEY_LEFT"
    assert left["__typename"] == "DeleteMyAccountSuccess"
    (entry,) = await noted(services, "wallet.counter_payout")
    assert entry.details == {"dong": 100_000}
    assert await sound(services)


async def test_who_gives_up_the_rest_may_leave(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    other = await do(client, "ForfeitBalance", {"amount": 99_999}, mai)
    await done(client, "ForfeitBalance", {"amount": 100_000}, mai)

    left = await leave(client, mai)

    assert other["code"] == "AMOUNT_CHANGED"
    assert left["__typename"] == "DeleteMyAccountSuccess"
    assert await sound(services)


async def test_no_more_cash_is_paid_out_than_the_counter_has(
    client: httpx.AsyncClient, clerk: SignedInPerson, mai: SignedInPerson
) -> None:
    place = {"scopeKind": COUNTER.kind.name, "scopeId": COUNTER.id}

    result = await do(client, "PayOutAtCounter", {**place, "amount": 100_001}, clerk)

    assert result["code"] == "NOT_ENOUGH_MONEY"
    assert await balance_of(client, mai) == 100_000


async def test_the_copy_of_one_s_data_has_the_statement(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    merchant: SignedInPerson,
    mai: SignedInPerson,
) -> None:
    payment = await paid(client, merchant, mai, 30_000)

    told = (await exported(client, services, mai, clock))["wallet"]

    (account,) = told["accounts"]
    assert (account["balance"], account["available"]) == (70_000, 70_000)
    newest, _ = account["statement"]
    assert (newest["payment"], newest["change"], newest["balance"]) == (payment, -30_000, 70_000)


async def test_after_an_erasure_the_books_are_whole_and_nobody_s(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    merchant: SignedInPerson,
    mai: SignedInPerson,
) -> None:
    wallet_id = (await wallet_of(client, mai))["id"]
    await paid(client, merchant, mai, 30_000)
    await done(client, "ForfeitBalance", {"amount": 70_000}, mai)
    await leave(client, mai)
    clock.advance(minutes=1)

    await run_jobs(services, clock)

    account = await services.wallet.ledger.account_by_id(wallet_id)
    assert account is not None
    assert account.owner is None
    assert len(await services.wallet.books.statements.every_entry(wallet_id)) == 3
    assert await sound(services)


async def test_amounts_beyond_32_bits_are_shown(
    client: httpx.AsyncClient, services: Services, merchant: SignedInPerson, mai: SignedInPerson
) -> None:
    await paid(client, merchant, mai, 1)
    ledger = services.wallet.ledger
    bank = await ledger.open_account(WORLD, AccountKind.BANK)
    cafe = await ledger.account(owners.institution(CAFE), AccountKind.MERCHANT)
    assert cafe is not None
    for _ in range(22):
        await ledger.transfer(new(bank.id, cafe.id, 100_000_000, kind=TransferKind.SETTLEMENT))

    day = await _day(client, merchant)

    assert day["balance"] == {"amount": 2_200_000_001, "text": "₫2,200,000,001"}


async def _charge(
    client: httpx.AsyncClient, person: SignedInPerson, charge_id: str
) -> Answer | None:
    data = await send(client, "wallet/Charge", {"id": charge_id}, headers=person.headers)
    found: Answer | None = data["charge"]
    return found


async def _day(client: httpx.AsyncClient, merchant: SignedInPerson) -> Answer:
    variables = {"merchantId": CAFE.id, "date": "2026-05-01"}
    data = await send(client, "wallet/MerchantDay", variables, headers=merchant.headers)
    day: Answer = data["merchantDay"]
    return day
