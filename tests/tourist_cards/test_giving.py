"""Giving a pass away: with a code, once, before its first use."""

import asyncio
import json

import httpx
import pytest

from api.context import Services
from api.credentials.records import RevocationReason
from api.kit.store import Store
from api.tourist_cards.repository import PASSES
from tests.accounts.people import SignedInPerson, new_key
from tests.conftest import MovableClock
from tests.tourist_cards.buyers import (
    PRICE,
    Answer,
    a_buyer,
    a_gate_at,
    a_product,
    ask,
    bought,
    do,
    money_of,
    pass_of,
    phone_with,
    scanned,
    signed_in_again,
)


async def offer(client: httpx.AsyncClient, giver: SignedInPerson, pass_id: str) -> Answer:
    return await do(client, giver, "OfferPass", {"passId": pass_id, "idempotencyKey": new_key()})


async def accept(client: httpx.AsyncClient, taker: SignedInPerson, code: str) -> Answer:
    return await do(client, taker, "AcceptPass", {"offerCode": code, "idempotencyKey": new_key()})


async def test_who_has_the_code_has_the_pass_and_the_givers_phone_is_dead(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    giver = await a_buyer(client, services, "mai@example.com")
    taker = await a_buyer(client, services, "lan@example.com", 0)
    (held,) = await bought(client, giver, await a_product(services))
    gate, old_phone = await a_gate_at(services), await phone_with(services, held)
    code = (await offer(client, giver, held["id"]))["offerCode"]

    taken = await accept(client, taker, code)

    assert taken["pass"]["id"] == held["id"]
    assert (await ask(client, giver, "MyPasses", {}))["edges"] == []
    assert (
        await scanned(services, gate, old_phone, clock())
        == "This card was replaced by a newer one."
    )
    clock.advance(seconds=31)
    new_phone = await phone_with(services, taken["pass"])
    assert await scanned(services, gate, new_phone, clock()) == "Welcome."


async def test_a_code_is_shown_again_to_the_same_call_and_kept_nowhere(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    giver = await a_buyer(client, services, "mai@example.com")
    (held,) = await bought(client, giver, await a_product(services))
    values = {"passId": held["id"], "idempotencyKey": new_key()}

    first = await do(client, giver, "OfferPass", values)
    again = await do(client, giver, "OfferPass", values)

    assert again == first
    assert first["pass"]["offeredUntil"] == "2026-05-03T09:30:00+00:00"
    assert first["offerCode"] not in json.dumps(await store[PASSES].find({}), default=str)


async def test_a_newer_code_makes_the_older_one_void(
    client: httpx.AsyncClient, services: Services
) -> None:
    giver = await a_buyer(client, services, "mai@example.com")
    taker = await a_buyer(client, services, "lan@example.com", 0)
    (held,) = await bought(client, giver, await a_product(services))
    old = (await offer(client, giver, held["id"]))["offerCode"]
    new = (await offer(client, giver, held["id"]))["offerCode"]

    assert (await accept(client, taker, old))["code"] == "OFFER_OVER"
    assert (await accept(client, taker, new))["__typename"] == "AcceptPassSuccess"


async def test_one_of_many_takers_gets_it(client: httpx.AsyncClient, services: Services) -> None:
    giver = await a_buyer(client, services, "mai@example.com")
    takers = [await a_buyer(client, services, f"taker{it}@example.com", 0) for it in range(4)]
    (held,) = await bought(client, giver, await a_product(services))
    code = (await offer(client, giver, held["id"]))["offerCode"]

    results = await asyncio.gather(*(accept(client, taker, code) for taker in takers))

    assert sorted(it.get("code", "taken") for it in results) == ["OFFER_OVER"] * 3 + ["taken"]


@pytest.mark.parametrize("code", ["", "nonsense", "ä" * 16, "x" * 5_000])
async def test_a_code_that_nobody_made_is_void(
    client: httpx.AsyncClient, services: Services, code: str
) -> None:
    taker = await a_buyer(client, services, "lan@example.com", 0)

    assert (await accept(client, taker, code))["code"] == "OFFER_OVER"


async def test_a_code_ends_after_two_days(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    giver = await a_buyer(client, services, "mai@example.com")
    (held,) = await bought(client, giver, await a_product(services))
    code = (await offer(client, giver, held["id"]))["offerCode"]
    clock.advance(hours=48)
    taker = await a_buyer(client, services, "lan@example.com", 0)

    assert (await accept(client, taker, code))["code"] == "OFFER_OVER"


async def test_a_withdrawn_code_is_void(client: httpx.AsyncClient, services: Services) -> None:
    giver = await a_buyer(client, services, "mai@example.com")
    taker = await a_buyer(client, services, "lan@example.com", 0)
    (held,) = await bought(client, giver, await a_product(services))
    code = (await offer(client, giver, held["id"]))["offerCode"]

    withdrawn = await do(client, giver, "WithdrawPassOffer", {"passId": held["id"]})

    assert withdrawn["pass"]["offeredUntil"] is None
    assert (await accept(client, taker, code))["code"] == "OFFER_OVER"


async def test_using_a_pass_makes_its_code_void(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    giver = await a_buyer(client, services, "mai@example.com")
    taker = await a_buyer(client, services, "lan@example.com", 0)
    (held,) = await bought(client, giver, await a_product(services))
    code = (await offer(client, giver, held["id"]))["offerCode"]
    await scanned(services, await a_gate_at(services), await phone_with(services, held), clock())

    assert (await accept(client, taker, code))["code"] == "OFFER_OVER"
    assert (await offer(client, giver, held["id"]))["code"] == "PASS_USED"


async def test_nobody_takes_their_own(client: httpx.AsyncClient, services: Services) -> None:
    giver = await a_buyer(client, services, "mai@example.com")
    (held,) = await bought(client, giver, await a_product(services))
    code = (await offer(client, giver, held["id"]))["offerCode"]

    assert (await accept(client, giver, code))["code"] == "OWN_OFFER"
    assert (await pass_of(client, giver, held["id"]))["state"] == "UNUSED"


async def test_what_was_given_away_is_paid_back_to_nobody(
    client: httpx.AsyncClient, services: Services
) -> None:
    giver = await a_buyer(client, services, "mai@example.com")
    taker = await a_buyer(client, services, "lan@example.com", 0)
    (held,) = await bought(client, giver, await a_product(services))
    await accept(client, taker, (await offer(client, giver, held["id"]))["offerCode"])

    refused = [
        await do(client, it, "RefundPass", {"passId": held["id"], "idempotencyKey": new_key()})
        for it in (giver, taker)
    ]

    assert [it["code"] for it in refused] == ["NOT_FOUND", "PASS_NOT_YOURS_ALONE"]


async def test_nor_to_its_buyer_who_has_it_again(
    client: httpx.AsyncClient, services: Services
) -> None:
    giver = await a_buyer(client, services, "mai@example.com")
    taker = await a_buyer(client, services, "lan@example.com", 0)
    (held,) = await bought(client, giver, await a_product(services))
    await accept(client, taker, (await offer(client, giver, held["id"]))["offerCode"])
    await accept(client, giver, (await offer(client, taker, held["id"]))["offerCode"])

    refused = await do(
        client, giver, "RefundPass", {"passId": held["id"], "idempotencyKey": new_key()}
    )

    assert refused["code"] == "PASS_NOT_YOURS_ALONE"
    assert (await pass_of(client, giver, held["id"]))["refund"] is None
    assert await money_of(services, giver) == 1_000_000 - PRICE


async def test_a_pass_of_another_cannot_be_offered(
    client: httpx.AsyncClient, services: Services
) -> None:
    giver = await a_buyer(client, services, "mai@example.com")
    thief = await a_buyer(client, services, "thief@example.com", 0)
    (held,) = await bought(client, giver, await a_product(services))

    assert (await offer(client, thief, held["id"]))["code"] == "NOT_FOUND"
    assert (await pass_of(client, giver, held["id"]))["offeredUntil"] is None


async def test_a_pass_that_staff_has_blocked_for_good_is_not_given_on(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    giver = await a_buyer(client, services, "mai@example.com")
    taker = await a_buyer(client, services, "lan@example.com", 0)
    (held,) = await bought(client, giver, await a_product(services))
    code = (await offer(client, giver, held["id"]))["offerCode"]

    issuing = services.credentials.issuing
    await issuing.revoke(held["credentialId"], RevocationReason.MISUSED, clock())

    assert (await accept(client, taker, code))["code"] == "OFFER_OVER"
    assert (await offer(client, giver, held["id"]))["code"] == "PASS_NOT_HELD"
    assert (await pass_of(client, giver, held["id"]))["id"] == held["id"]


async def test_a_lapsed_pass_is_not_given_on(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    giver = await a_buyer(client, services, "mai@example.com")
    (held,) = await bought(client, giver, await a_product(services))
    clock.advance(days=730)
    giver = await signed_in_again(client, services, "mai@example.com")

    assert (await pass_of(client, giver, held["id"]))["state"] == "LAPSED"
    assert (await offer(client, giver, held["id"]))["code"] == "PASS_USED"
