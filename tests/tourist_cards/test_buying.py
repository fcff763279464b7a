"""Buying a card, and being paid back: money and passes move together or not at all."""

import asyncio

import httpx
import pytest

from api.context import Services
from api.tourist_cards.buying import SELLER
from api.tourist_cards.products import AgeGroup, SaleState
from api.tourist_cards.repository import CARD_COLLECTIONS
from api.wallet.ledger.records import AccountKind
from tests.accounts.people import new_key
from tests.conftest import MovableClock
from tests.tourist_cards.buyers import (
    PRICE,
    a_buyer,
    a_gate_at,
    a_product,
    bought,
    buy,
    do,
    money_of,
    pass_of,
    phone_with,
    scanned,
    signed_in_again,
)

FAMILY = (AgeGroup.ADULT, AgeGroup.ADULT, AgeGroup.CHILD)


async def counts(services: Services) -> list[int]:
    return [await services.store[spec].count({}) for spec in CARD_COLLECTIONS]


async def test_a_pass_is_paid_from_the_wallet_and_waits_two_years(
    client: httpx.AsyncClient, services: Services
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com", 200_000)
    product = await a_product(services)

    (held,) = await bought(client, buyer, product)

    assert await money_of(services, buyer) == 200_000 - PRICE
    assert (held["state"], held["firstUse"], held["person"]) == ("UNUSED", None, "ADULT")
    assert (held["boughtAt"], held["unusedUntil"]) == (
        "2026-05-01T09:30:00+00:00",
        "2028-04-30T09:30:00+00:00",
    )
    assert [it["text"] for it in held["left"]] == [
        "Sights: visits left: 1.",
        "Cable car: rides left: 2.",
    ]
    assert held["purchase"] == {
        "id": held["purchase"]["id"],
        "price": PRICE,
        "passCount": 1,
        "refund": PRICE,
    }


async def test_the_same_key_buys_once(client: httpx.AsyncClient, services: Services) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    product, key = await a_product(services), new_key()

    first = await buy(client, buyer, product, idempotencyKey=key)
    again = await buy(client, buyer, product, idempotencyKey=key)

    assert again == first
    assert await money_of(services, buyer) == 1_000_000 - PRICE


async def test_a_family_card_is_a_pass_for_each(
    client: httpx.AsyncClient, services: Services
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")

    passes = await bought(client, buyer, await a_product(services, people=FAMILY))

    assert sorted(it["person"] for it in passes) == ["ADULT", "ADULT", "CHILD"]
    assert len({it["credentialId"] for it in passes}) == 3


async def test_a_family_card_says_its_refund_once_on_its_one_purchase(
    client: httpx.AsyncClient, services: Services
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")

    passes = await bought(client, buyer, await a_product(services, people=FAMILY))

    purchases = {it["purchase"]["id"]: it["purchase"] for it in passes}
    (purchase,) = purchases.values()
    assert len(passes) == purchase["passCount"] == 3
    assert (purchase["price"], purchase["refund"]) == (PRICE, PRICE)
    assert {(await pass_of(client, buyer, it["id"]))["refund"] for it in passes} == {PRICE}


async def test_what_costs_nothing_is_not_paid(
    client: httpx.AsyncClient, services: Services
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com", 0)

    (held,) = await bought(client, buyer, await a_product(services, price=0))

    assert (held["state"], held["purchase"]["refund"]) == ("UNUSED", 0)


@pytest.mark.parametrize(
    ("state", "changes", "code"),
    [
        (SaleState.ON_SALE, {"price": PRICE - 1}, "PRICE_CHANGED"),
        (SaleState.ON_SALE, {"productId": "no-such-card"}, "NOT_FOUND"),
        (SaleState.DRAFT, {}, "NOT_FOUND"),
        (SaleState.WITHDRAWN, {}, "NOT_ON_SALE"),
    ],
)
async def test_what_cannot_be_bought_is_refused(
    client: httpx.AsyncClient,
    services: Services,
    state: SaleState,
    changes: dict[str, object],
    code: str,
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    product = await a_product(services, state=state)
    before = await counts(services)

    result = await buy(client, buyer, product, **changes)

    assert result["code"] == code
    assert await counts(services) == before
    assert await money_of(services, buyer) == 1_000_000


async def test_without_money_there_is_no_pass(
    client: httpx.AsyncClient, services: Services
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com", PRICE - 1)
    product = await a_product(services)
    before = await counts(services)

    result = await buy(client, buyer, product)

    assert (result["code"], result["paymentCode"]) == ("PAYMENT_REFUSED", "NOT_ENOUGH_MONEY")
    assert await counts(services) == before


async def test_nobody_fills_the_store_with_unused_passes(
    client: httpx.AsyncClient, services: Services
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    ten = await a_product(services, people=(AgeGroup.CHILD,) * 10, price=0)
    for _ in range(4):
        await bought(client, buyer, ten)

    result = await buy(client, buyer, await a_product(services))

    assert (result["code"], result["message"]) == (
        "TOO_MANY_PASSES",
        "You hold 40 unused passes already. Use one before you buy another.",
    )


async def test_what_lapsed_takes_no_room(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    ten = await a_product(services, people=(AgeGroup.CHILD,) * 10, price=0)
    for _ in range(4):
        await bought(client, buyer, ten)
    clock.advance(days=730)
    buyer = await signed_in_again(client, services, "mai@example.com")

    result = await buy(client, buyer, ten)

    assert result["__typename"] == "BuyPassSuccess"


async def test_many_taps_at_once_spend_no_more_than_there_is(
    client: httpx.AsyncClient, services: Services
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com", 2 * PRICE + 1)
    product = await a_product(services)

    results = await asyncio.gather(*(buy(client, buyer, product) for _ in range(8)))

    assert [it["__typename"] for it in results].count("BuyPassSuccess") == 2
    assert await money_of(services, buyer) == 1


async def test_an_unused_pass_is_paid_back_whole_in_the_first_week(
    client: httpx.AsyncClient, services: Services
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    (held,) = await bought(client, buyer, await a_product(services))

    result = await do(
        client, buyer, "RefundPass", {"passId": held["id"], "idempotencyKey": new_key()}
    )

    assert [it["state"] for it in result["passes"]] == ["REFUNDED"]
    assert result["passes"][0]["left"] == []
    assert await money_of(services, buyer) == 1_000_000
    credential = await services.credentials.issuing.get(held["credentialId"])
    assert credential is not None
    assert credential.state == "revoked"


async def test_later_a_fee_is_kept(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    (held,) = await bought(client, buyer, await a_product(services, price=99_999))
    clock.advance(days=7)
    buyer = await signed_in_again(client, services, "mai@example.com")

    assert (await pass_of(client, buyer, held["id"]))["refund"] == 99_999 - 9_999
    await do(client, buyer, "RefundPass", {"passId": held["id"], "idempotencyKey": new_key()})

    assert await money_of(services, buyer) == 1_000_000 - 9_999


async def test_it_is_paid_back_once(client: httpx.AsyncClient, services: Services) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    (held,) = await bought(client, buyer, await a_product(services))

    results = await asyncio.gather(
        *(
            do(client, buyer, "RefundPass", {"passId": held["id"], "idempotencyKey": new_key()})
            for _ in range(6)
        )
    )

    assert sorted(it.get("code", "paid") for it in results) == ["PASS_NOT_HELD"] * 5 + ["paid"]
    assert await money_of(services, buyer) == 1_000_000


async def test_a_family_card_with_one_used_pass_is_not_paid_back(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    first, second, _ = await bought(client, buyer, await a_product(services, people=FAMILY))
    await scanned(services, await a_gate_at(services), await phone_with(services, first), clock())

    result = await do(
        client, buyer, "RefundPass", {"passId": second["id"], "idempotencyKey": new_key()}
    )

    assert result["code"] == "PASS_USED"
    assert (await pass_of(client, buyer, second["id"]))["refund"] is None
    assert await money_of(services, buyer) == 1_000_000 - PRICE


async def test_a_pass_of_somebody_else_is_not_there(
    client: httpx.AsyncClient, services: Services
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    thief = await a_buyer(client, services, "thief@example.com")
    (held,) = await bought(client, buyer, await a_product(services))

    result = await do(
        client, thief, "RefundPass", {"passId": held["id"], "idempotencyKey": new_key()}
    )

    assert result["code"] == "NOT_FOUND"
    assert await money_of(services, buyer) == 1_000_000 - PRICE


async def test_revenue_is_what_was_sold_and_not_paid_back(
    client: httpx.AsyncClient, services: Services
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    product = await a_product(services)
    (held,) = await bought(client, buyer, product)
    await bought(client, buyer, product)
    await do(client, buyer, "RefundPass", {"passId": held["id"], "idempotencyKey": new_key()})

    balance = await services.wallet.ledger.balance(SELLER, AccountKind.REVENUE)

    assert balance.balance == PRICE
