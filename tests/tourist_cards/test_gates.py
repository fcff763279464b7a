"""Passes at gates: the first scan starts them, each scan draws on them, late ones count too."""

import asyncio

import httpx
import pytest

from api.context import Services
from api.credentials.records import RevocationReason
from api.credentials.scans.records import ScanPurpose
from api.tourist_cards.repository import PASS_USES
from api.tourist_cards.terms import Entitlement, EntitlementKind, RollingHours
from tests.accounts.people import new_key
from tests.conftest import MovableClock
from tests.credentials.cards import a_scan, told
from tests.tourist_cards.buyers import (
    a_buyer,
    a_gate_at,
    a_product,
    bought,
    do,
    pass_of,
    phone_with,
    scanned,
    signed_in_again,
    told_late,
)
from tests.tourist_cards.cards import CABLE_CAR, MUSEUM, SHOP, ride, terms

ONE_RIDE = terms(ride(uses=1))


async def test_the_first_scan_starts_the_pass_and_shortens_the_card(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    (held,) = await bought(client, buyer, await a_product(services))

    said = await scanned(
        services, await a_gate_at(services), await phone_with(services, held), clock()
    )

    seen = await pass_of(client, buyer, held["id"])
    assert said == "Welcome."
    assert (seen["state"], seen["firstUse"], seen["endsAt"], seen["refund"]) == (
        "ACTIVE",
        "2026-05-01T09:30:00+00:00",
        "2026-05-03T09:30:00+00:00",
        None,
    )
    assert [it["text"] for it in seen["left"]] == [
        "Sights: visits left: 1.",
        "Cable car: rides left: 1.",
    ]
    credential = await services.credentials.issuing.get(held["credentialId"])
    assert credential is not None
    assert credential.valid_until.isoformat() == seen["endsAt"]


async def test_what_is_used_up_is_refused_and_nothing_is_noted(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    (held,) = await bought(client, buyer, await a_product(services, ONE_RIDE))
    gate, phone = await a_gate_at(services), await phone_with(services, held)
    await scanned(services, gate, phone, clock())
    clock.advance(minutes=1)

    said = await scanned(services, gate, phone, clock())

    assert said == "Nothing is left on this pass for this gate."
    assert await services.store[PASS_USES].count({}) == 1


async def test_a_gate_elsewhere_does_not_honour_it(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    (held,) = await bought(client, buyer, await a_product(services))

    said = await scanned(
        services, await a_gate_at(services, MUSEUM), await phone_with(services, held), clock()
    )

    assert said == "This pass is not for this gate."
    assert (await pass_of(client, buyer, held["id"]))["state"] == "UNUSED"


async def test_going_out_draws_on_nothing(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    (held,) = await bought(client, buyer, await a_product(services))
    gate, phone = await a_gate_at(services), await phone_with(services, held)

    said = await scanned(services, gate, phone, clock(), ScanPurpose.EXIT)

    assert said == "Goodbye."
    assert (await pass_of(client, buyer, held["id"]))["state"] == "UNUSED"


async def test_a_discount_is_told_to_the_counter(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    discount = Entitlement(
        "shop", EntitlementKind.DISCOUNT, {"en": "Shop"}, (SHOP,), uses=1, discount_percent=15
    )
    buyer = await a_buyer(client, services, "mai@example.com")
    (held,) = await bought(client, buyer, await a_product(services, terms(discount)))
    gate, phone = await a_gate_at(services, SHOP), await phone_with(services, held)

    said = await scanned(services, gate, phone, clock(), ScanPurpose.DISCOUNT)

    assert said == "Discount: 15%."
    seen = await pass_of(client, buyer, held["id"])
    assert [it["text"] for it in seen["left"]] == ["Shop: used up."]


async def test_after_its_time_it_is_refused(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    agreed = terms(ride(), validity=RollingHours(24))
    (held,) = await bought(client, buyer, await a_product(services, agreed))
    gate, phone = await a_gate_at(services), await phone_with(services, held)
    await scanned(services, gate, phone, clock())
    clock.advance(hours=24)

    said = await scanned(services, gate, phone, clock())

    assert said == "This card has expired."
    buyer = await signed_in_again(client, services, "mai@example.com")
    assert (await pass_of(client, buyer, held["id"]))["state"] == "OVER"


async def test_of_two_gates_at_once_one_lets_in(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    (held,) = await bought(client, buyer, await a_product(services, ONE_RIDE))
    gates = [await a_gate_at(services) for _ in range(4)]
    phone = await phone_with(services, held)

    said = await asyncio.gather(*(scanned(services, gate, phone, clock()) for gate in gates))

    assert sorted(said).count("Welcome.") == 1
    assert await services.store[PASS_USES].count({}) == 1


async def test_a_late_scan_moves_the_start_back_and_shows_a_double_spend(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    agreed = terms(ride(uses=1), validity=RollingHours(24))
    (held,) = await bought(client, buyer, await a_product(services, agreed))
    offline, online = await a_gate_at(services), await a_gate_at(services)
    phone = await phone_with(services, held)
    earlier = clock.after(60)
    clock.advance(minutes=5)
    await scanned(services, online, phone, clock())

    faults = await told_late(services, offline, phone, earlier)

    seen = await pass_of(client, buyer, held["id"])
    assert faults == ["OVERDRAWN"]
    assert (seen["firstUse"], seen["endsAt"]) == (
        "2026-05-01T09:31:00+00:00",
        "2026-05-02T09:31:00+00:00",
    )
    assert await services.store[PASS_USES].count({}) == 2


async def test_the_dead_phone_of_who_gave_a_pass_away_takes_nothing_from_its_new_holder(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    giver = await a_buyer(client, services, "mai@example.com")
    taker = await a_buyer(client, services, "lan@example.com", 0)
    (held,) = await bought(client, giver, await a_product(services, ONE_RIDE))
    gate, old_phone = await a_gate_at(services), await phone_with(services, held)
    values = {"passId": held["id"], "idempotencyKey": new_key()}
    code = (await do(client, giver, "OfferPass", values))["offerCode"]
    await do(client, taker, "AcceptPass", {"offerCode": code, "idempotencyKey": new_key()})
    clock.advance(minutes=1)

    faults = await told_late(services, gate, old_phone, clock())

    seen = await pass_of(client, taker, held["id"])
    assert faults == ["REPLACED"]
    assert (seen["state"], [it["uses"] for it in seen["left"]]) == ("UNUSED", [1])


async def test_a_late_scan_from_before_the_pass_was_bought_starts_nothing(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    (held,) = await bought(client, buyer, await a_product(services, ONE_RIDE))
    gate, phone = await a_gate_at(services), await phone_with(services, held)

    faults = await told_late(services, gate, phone, clock.after(-86_400))

    seen = await pass_of(client, buyer, held["id"])
    assert faults == ["NOT_YET_VALID"]
    assert (seen["state"], [it["uses"] for it in seen["left"]]) == ("UNUSED", [1])


async def test_a_late_scan_told_again_counts_once(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    (held,) = await bought(client, buyer, await a_product(services))
    gate, phone = await a_gate_at(services), await phone_with(services, held)
    at = clock()
    clock.advance(minutes=5)
    asked = a_scan(phone.shows(at), at=at)

    await told(services.credentials, gate, asked)
    await told(services.credentials, gate, asked)

    seen = await pass_of(client, buyer, held["id"])
    assert [it["uses"] for it in seen["left"]] == [1, 1]


async def test_late_scans_in_any_order_leave_the_same(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    product = await a_product(services)
    (one,), (other,) = [await bought(client, buyer, product) for _ in range(2)]
    gate = await a_gate_at(services)
    moments = [clock.after(60 * number) for number in range(1, 5)]
    clock.advance(hours=3)
    buyer = await signed_in_again(client, services, "mai@example.com")

    for held, order in ((one, moments), (other, moments[::-1])):
        phone = await phone_with(services, held)
        for at in order:
            await told_late(services, gate, phone, at)

    first, second = [await pass_of(client, buyer, held["id"]) for held in (one, other)]
    assert (first["firstUse"], first["left"]) == (second["firstUse"], second["left"])
    assert first["firstUse"] == "2026-05-01T09:31:00+00:00"


async def test_a_late_scan_of_a_refunded_pass_is_flagged(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    (held,) = await bought(client, buyer, await a_product(services))
    gate, phone = await a_gate_at(services), await phone_with(services, held)
    before = clock()
    clock.advance(minutes=5)
    await do(client, buyer, "RefundPass", {"passId": held["id"], "idempotencyKey": new_key()})
    clock.advance(minutes=5)

    used_before_the_refund = await told_late(services, gate, phone, before)
    used_after_it = await told_late(services, gate, phone, clock())

    assert used_before_the_refund == ["NOT_HONOURED"]
    assert used_after_it == ["REVOKED", "NOT_HONOURED"]


async def test_a_late_scan_of_a_card_that_staff_revoked_since_is_kept(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    (held,) = await bought(client, buyer, await a_product(services))
    gate, phone = await a_gate_at(services), await phone_with(services, held)
    at = clock()
    clock.advance(minutes=5)
    await services.credentials.issuing.revoke(
        held["credentialId"], RevocationReason.MISUSED, clock()
    )

    faults = await told_late(services, gate, phone, at)

    assert faults == []
    assert await services.store[PASS_USES].count({}) == 1


async def test_control_a_counter_that_is_read_before_it_is_written_lets_in_twice(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    (held,) = await bought(client, buyer, await a_product(services, ONE_RIDE))
    gate, phone = await a_gate_at(services, CABLE_CAR), await phone_with(services, held)
    await scanned(services, gate, phone, clock())
    clock.advance(minutes=1)

    async def nothing_before(_: object, pass_id: str) -> list[object]:
        return []

    monkeypatch.setattr("api.tourist_cards.repository.CardRepository.uses_of", nothing_before)

    assert await scanned(services, gate, phone, clock()) == "Welcome."
