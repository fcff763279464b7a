"""What goes with a person, and what stays for the books."""

import httpx

from api.context import Services
from api.credentials.wiring import issuing_on
from api.kit.store import Store
from api.tourist_cards.personal_data import CardData
from api.tourist_cards.repository import PASSES, PURCHASES
from tests.conftest import MovableClock
from tests.tourist_cards.buyers import (
    a_buyer,
    a_gate_at,
    a_product,
    bought,
    id_of,
    phone_with,
    scanned,
)


async def test_everything_is_told(
    client: httpx.AsyncClient, services: Services, store: Store, clock: MovableClock
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    product = await a_product(services)
    (held,) = await bought(client, buyer, product)
    await scanned(services, await a_gate_at(services), await phone_with(services, held), clock())
    data = CardData(store, issuing_on(store, services.sealer), clock)

    told = await data.held_of(await id_of(services, buyer))

    assert [(it["product"], it["price"]) for it in told["bought"]] == [(product.id, 150_000)]
    assert [(it["id"], it["uses"]) for it in told["held"]] == [
        (held["id"], [{"at": "2026-05-01T09:30:00+00:00", "place": "P002"}])
    ]


async def test_the_books_stay_without_the_person(
    client: httpx.AsyncClient, services: Services, store: Store, clock: MovableClock
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    (held,) = await bought(client, buyer, await a_product(services))
    person_id = await id_of(services, buyer)
    data = CardData(store, issuing_on(store, services.sealer), clock)

    await data.erase(person_id)
    await data.erase(person_id)

    assert await data.held_of(person_id) == {"bought": [], "held": []}
    assert [it["buyer_id"] for it in await store[PURCHASES].find({})] == [None]
    assert [it["holder_id"] for it in await store[PASSES].find({})] == [None]
    credential = await services.credentials.issuing.get(held["credentialId"])
    assert credential is not None
    assert credential.state == "revoked"
