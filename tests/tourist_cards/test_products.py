"""The catalog: what everybody sees, what administrators may put in, and where it is honoured."""

from typing import Any

import httpx
import pytest

from api.accounts.caller import PROVINCE, Grant, Role
from api.context import Services
from api.kit.store import Store
from api.tourist_cards.products import Product, SaleState
from api.tourist_cards.repository import PRODUCTS, CardRepository
from api.tourist_cards.shipped_products import SHIPPED_PRODUCTS, read_products, seed_products
from locales import AVAILABLE
from tests.accounts.people import SignedInPerson, grant, new_key, signed_in
from tests.conftest import MovableClock
from tests.tourism.conftest import province
from tests.tourist_cards.buyers import (
    a_buyer,
    a_gate_at,
    a_product,
    ask,
    bought,
    do,
    phone_with,
    scanned,
)
from tests.tourist_cards.cards import CAVE, MUSEUM, ride, terms, visits
from tests.tourist_cards.products import A_PRODUCT, AN_ENTITLEMENT

__all__ = ["province"]
pytestmark = pytest.mark.usefixtures("province")

NOT_TO_BE_SOLD: list[tuple[dict[str, Any], str]] = [
    ({"id": "Caves!"}, "id"),
    ({"names": [{"language": "vi", "text": "Thẻ"}]}, "names"),
    (
        {"names": [{"language": "vi", "text": "x" * 121}, {"language": "en", "text": "y"}]},
        "names",
    ),
    ({"price": -1}, "price"),
    ({"price": 100_000_001}, "price"),
    ({"people": []}, "people"),
    ({"validity": {"rollingHours": 0}}, "validity"),
    ({"refundFeePercent": 101}, "refundFeePercent"),
    ({"wholeRefundDays": -1}, "wholeRefundDays"),
    ({"entitlements": []}, "entitlements"),
    (
        {"entitlements": [{**AN_ENTITLEMENT, "placeIds": []}]},
        "entitlements.placeIds",
    ),
    (
        {"entitlements": [{**AN_ENTITLEMENT, "placeIds": ["P999"]}]},
        "entitlements.placeIds",
    ),
    ({"entitlements": [{**AN_ENTITLEMENT, "uses": 0}]}, "entitlements.uses"),
    (
        {"entitlements": [{**AN_ENTITLEMENT, "discountPercent": 5}]},
        "entitlements.discountPercent",
    ),
    ({"entitlements": [AN_ENTITLEMENT] * 2}, "entitlements.id"),
]


async def an_administrator(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    person = await signed_in(client, services, "boss@example.com")
    await grant(services, person, Grant(Role.ADMINISTRATOR, PROVINCE))
    return person


async def put(
    client: httpx.AsyncClient, staff: SignedInPerson, **changes: object
) -> dict[str, Any]:
    values = {**A_PRODUCT, "idempotencyKey": new_key(), **changes}
    return await do(client, staff, "PutCardProduct", values)


async def test_an_administrator_puts_a_product_on_sale(
    client: httpx.AsyncClient, services: Services
) -> None:
    result = await put(client, await an_administrator(client, services))

    assert (result["product"]["version"], result["product"]["validity"]) == (
        1,
        {"rollingHours": None, "calendarDays": 2},
    )
    listed = await ask(client, None, "CardProducts", {}, language="vi")
    assert [it["node"]["name"] for it in listed["edges"]] == [
        {"text": "Thẻ hang động", "language": "vi"}
    ]


async def test_who_sold_passes_keeps_their_terms_when_the_product_changes(
    client: httpx.AsyncClient, services: Services
) -> None:
    staff = await an_administrator(client, services)
    buyer = await a_buyer(client, services, "mai@example.com")
    await put(client, staff)
    product = next(it for it in await _all(services) if it.id == "caves")
    (held,) = await bought(client, buyer, product)
    less = [{**A_PRODUCT["entitlements"][0], "uses": 1}]

    await put(client, staff, expectedVersion=1, entitlements=less)

    (seen,) = [it["node"] for it in (await ask(client, buyer, "MyPasses", {}))["edges"]]
    assert (seen["id"], seen["left"][0]["uses"]) == (held["id"], 2)


@pytest.mark.parametrize(("changes", "field"), NOT_TO_BE_SOLD)
async def test_what_cannot_be_sold_is_named(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    changes: dict[str, object],
    field: str,
) -> None:
    result = await put(client, await an_administrator(client, services), **changes)

    assert (result["code"], result["field"]) == ("INVALID_PRODUCT", field)
    assert await store[PRODUCTS].count({}) == 0


async def test_the_reason_is_in_the_readers_language(
    client: httpx.AsyncClient, services: Services
) -> None:
    staff = await an_administrator(client, services)
    values = {**A_PRODUCT, "price": -1, "idempotencyKey": new_key()}

    result = await do(client, staff, "PutCardProduct", values, language="vi")

    assert result["message"] == "price: nằm ngoài giới hạn cho phép"


@pytest.mark.parametrize(
    ("expected", "code"), [(None, "CHANGED_MEANWHILE"), (7, "CHANGED_MEANWHILE")]
)
async def test_nobody_overwrites_what_they_have_not_seen(
    client: httpx.AsyncClient, services: Services, expected: int | None, code: str
) -> None:
    staff = await an_administrator(client, services)
    await put(client, staff)

    result = await put(client, staff, expectedVersion=expected, price=1)

    assert result["code"] == code
    (product,) = await _all(services)
    assert product.price_dong == 90_000


async def test_drafts_are_seen_by_administrators_only(
    client: httpx.AsyncClient, services: Services
) -> None:
    staff = await an_administrator(client, services)
    draft = await a_product(services, state=SaleState.DRAFT)

    everybody = await ask(client, None, "CardProducts", {})
    seen = await ask(client, staff, "AllCardProducts", {})

    assert everybody["edges"] == []
    assert [it["node"]["id"] for it in seen["edges"]] == [draft.id]


async def test_the_nearest_place_that_honours_a_card_comes_first(
    client: httpx.AsyncClient, services: Services
) -> None:
    product = await a_product(services, terms(visits(CAVE, MUSEUM)))
    museum = {"latitude": 22.3345, "longitude": 103.8425}

    found = await ask(
        client, None, "CardProductPlaces", {"productId": product.id, "near": museum, "first": 1}
    )
    rest = await ask(
        client,
        None,
        "CardProductPlaces",
        {"productId": product.id, "near": museum, "after": found["pageInfo"]["endCursor"]},
    )

    assert [it["node"]["place"]["id"] for it in found["edges"]] == [MUSEUM]
    assert [it["node"]["place"]["id"] for it in rest["edges"]] == [CAVE]
    assert found["edges"][0]["node"]["distance"] < 1_000 < rest["edges"][0]["node"]["distance"]


async def test_where_nothing_is_left_is_not_named_to_the_holder(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    buyer = await a_buyer(client, services, "mai@example.com")
    agreed = terms(visits(CAVE, MUSEUM, uses_per_place=1), ride())
    (held,) = await bought(client, buyer, await a_product(services, agreed))
    await scanned(
        services, await a_gate_at(services, MUSEUM), await phone_with(services, held), clock()
    )

    found = await ask(client, buyer, "PassPlaces", {"passId": held["id"]})

    assert [it["node"]["place"]["id"] for it in found["edges"]] == ["P002", CAVE]


async def test_shipped_products_are_added_once_and_stay_as_staff_left_them(
    services: Services, store: Store
) -> None:
    added = await seed_products(store, is_on_sale=False)
    await store[PRODUCTS].update_one({"_id": "sa-pa-24h"}, {"$set": {"price_dong": 1}})

    again = await seed_products(store, is_on_sale=True)

    assert (added, again) == (5, 0)
    assert {it.state for it in await _all(services)} == {SaleState.DRAFT}


async def test_shipped_products_name_places_that_there_are_in_every_language(
    services: Services,
) -> None:
    products = read_products(SHIPPED_PRODUCTS, SaleState.DRAFT)
    wanted = {place_id for it in products for place_id in it.terms.place_ids()}

    assert set(await services.tourism.places.places_known(wanted)) == wanted
    for product in products:
        named = [
            product.names,
            product.descriptions,
            *(it.names for it in product.terms.entitlements),
        ]
        assert all(set(texts) == set(AVAILABLE) for texts in named), product.id


async def _all(services: Services) -> list[Product]:
    return await CardRepository(services.store).products(None, None, 100)
