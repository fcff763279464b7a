"""Fills the stage: everybody registers and signs in, officers take up work, buyers have cards."""

import asyncio
import base64
import random
import uuid
from dataclasses import dataclass

from bench.day.cast import Cast, each, new_key, phone_at, registered, signed_in
from bench.day.foundations import CHIEF, Keys
from bench.day.offices import MERCHANT, employed, new_gate, open_clinic, open_school
from bench.day.wire import Phone, Wire

PRODUCT, SIGHTS = "sa-pa-48h", ("P009", "P010")
AGREED = ("HEALTH", "PHOTOS")


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many there are. `people` sign in on the first of the `devices`; every second of them has a card.

    `officers`: so many that none of them asks more in a minute than the product allows one person.
    """

    devices: int
    people: int
    officers: int
    seed: int


async def seeded(wire: Wire, keys: Keys, crowd: Crowd) -> Cast:
    """Let everybody register and sign in, the officers take up work, and buyers have cards."""
    chance = random.Random(crowd.seed)
    phones = [phone_at(number, chance) for number in range(1, crowd.devices + 1)]
    await each(phones, lambda phone: registered(wire, phone))
    last = crowd.devices + crowd.officers + 1
    officers = [phone_at(number, chance) for number in range(crowd.devices + 1, last)]
    cast = Cast(keys, phones, phones[: crowd.people], officers)
    await _taken_up(wire, officers, phone_at(last, chance))
    await each(cast.people, lambda phone: _resident(wire, phone))
    officer = officers[0]
    cast.gates = [await new_gate(wire, officer, "MERCHANT", MERCHANT, it) for it in SIGHTS]
    await each(cast.people[::2], lambda phone: _buyer(wire, officer, phone))
    await open_school(wire, cast)
    await open_clinic(wire, cast)
    return cast


async def _taken_up(wire: Wire, officers: list[Phone], chief: Phone) -> None:
    addresses = {it.number: f"officer-{it.number}@example.com" for it in officers}
    await asyncio.gather(
        signed_in(wire, chief, CHIEF),
        *(signed_in(wire, it, addresses[it.number]) for it in officers),
    )
    for officer in officers:
        await employed(wire, chief, officer, addresses[officer.number])


async def _resident(wire: Wire, phone: Phone) -> None:
    await signed_in(wire, phone, f"person-{phone.number}-{uuid.uuid4().hex[:8]}@example.com")
    linked = {**phone.device, **new_key()}
    await wire.ask(phone, "accounts/LinkDevice", {"input": linked})
    profile = {"name": f"Người {phone.number}"}
    await wire.ask(phone, "accounts/UpdateProfile", {"input": profile})
    shown = await wire.ask(phone, "accounts/ConsentPurposes", {})
    versions = {it["purpose"]: it["version"] for it in shown["texts"]}
    for purpose in AGREED:
        consent = {"purpose": purpose, "version": versions[purpose], "language": "vi", **new_key()}
        await wire.ask(phone, "accounts/GiveConsent", {"input": consent})


async def _buyer(wire: Wire, officer: Phone, phone: Phone) -> None:
    """Pay in at the officer's counter, buy a card, and take it to the phone."""
    product = await wire.ask(phone, "tourist_cards/CardProduct", {"id": PRODUCT})
    wallet = await wire.ask(phone, "wallet/Wallet", {})
    paid = {
        "scopeKind": "MERCHANT",
        "scopeId": MERCHANT,
        "walletId": wallet["id"],
        "amount": product["price"] + 100_000,
        **new_key(),
    }
    await wire.ask(officer, "wallet/TopUpAtCounter", {"input": paid})
    bought = {"productId": PRODUCT, "price": product["price"], **new_key()}
    passes = await wire.ask(phone, "tourist_cards/BuyPass", {"input": bought})
    taking = {
        "id": passes["passes"][0]["credentialId"],
        "device": phone.device["id"],
        **new_key(),
    }
    taken = await wire.ask(phone, "credentials/TakeCredential", {"input": taking})
    phone.person["card"] = (base64.b64decode(taken["key"]), str(taken["token"]))
