"""People with money, passes and gates, as tests of cards need them."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx

from api.accounts.caller import Caller
from api.accounts.people.repository import Account, AccountRepository, Profile
from api.context import Services
from api.credentials.gates.enrolling import NewGate
from api.credentials.gates.records import Gate
from api.credentials.scans.records import ScanPurpose
from api.kit.errors import DomainError
from api.tourist_cards.products import AgeGroup, Product, SaleState
from api.tourist_cards.repository import CardRepository
from api.tourist_cards.terms import Terms
from api.wallet.ledger.records import AccountKind, NewTransfer, Owner, TransferKind
from api.wallet.owners import person
from locales import translator
from tests.accounts.people import SignedInPerson, new_key, signed_in
from tests.conftest import NOW, send
from tests.credentials.cards import (
    ADMINISTRATOR,
    CABLE_CAR,
    Phone,
    a_key,
    a_scan,
    keeper_of,
    told,
)
from tests.tourism.content import a_place, hold
from tests.tourist_cards.cards import CABLE_CAR as CABLE_CAR_PLACE
from tests.tourist_cards.cards import CAVE, PLACES, ride, terms, visits

Answer = dict[str, Any]
PRICE = 150_000
TWO_RIDES = terms(visits(CAVE, uses=1), ride(uses=2))


async def a_buyer(
    client: httpx.AsyncClient, services: Services, address: str, dong: int = 1_000_000
) -> SignedInPerson:
    """Let somebody sign in who has so much money."""
    buyer = await signed_in(client, services, address)
    await with_money(services, await id_of(services, buyer), dong)
    return buyer


async def an_account(services: Services, caller: Caller) -> None:
    """Let a caller have an account, as whoever signed in has."""
    accounts = AccountRepository(services.store, services.sealer)
    await accounts.add(Account(caller.person(), "en", Profile(), frozenset(), NOW))


async def id_of(services: Services, somebody: SignedInPerson) -> str:
    caller = await services.accounts.sessions.caller_of(somebody.tokens["accessToken"])
    return caller.person()


async def with_money(services: Services, person_id: str, dong: int) -> None:
    ledger = services.wallet.ledger
    bank = await ledger.open_account(Owner("bank", "the-bank"), AccountKind.BANK)
    wallet = await ledger.open_account(person(person_id), AccountKind.PERSON)
    if dong:
        await ledger.transfer(
            NewTransfer(str(uuid.uuid4()), TransferKind.SETTLEMENT, bank.id, wallet.id, dong)
        )


async def money_of(services: Services, somebody: SignedInPerson) -> int:
    owner = person(await id_of(services, somebody))
    return (await services.wallet.ledger.balance(owner, AccountKind.PERSON)).balance


async def a_product(
    services: Services,
    agreed: Terms = TWO_RIDES,
    *,
    people: tuple[AgeGroup, ...] = (AgeGroup.ADULT,),
    price: int = PRICE,
    state: SaleState = SaleState.ON_SALE,
) -> Product:
    """Put a product into the catalog."""
    product = Product(
        id=f"card-{uuid.uuid4().hex[:12]}",
        names={"en": "Test card", "vi": "Thẻ thử"},
        descriptions={},
        price_dong=price,
        people=people,
        terms=agreed,
        state=state,
    )
    await CardRepository(services.store).add_product(product)
    return product


async def buy(
    client: httpx.AsyncClient, buyer: SignedInPerson, product: Product, **changes: object
) -> Answer:
    values = {"productId": product.id, "price": product.price_dong, "idempotencyKey": new_key()}
    return await do(client, buyer, "BuyPass", {**values, **changes})


async def bought(
    client: httpx.AsyncClient, buyer: SignedInPerson, product: Product
) -> list[Answer]:
    result = await buy(client, buyer, product)
    assert result["__typename"] == "BuyPassSuccess", result
    passes: list[Answer] = result["passes"]
    return passes


async def do(
    client: httpx.AsyncClient,
    somebody: SignedInPerson | None,
    operation: str,
    values: Mapping[str, object],
    *,
    language: str = "en",
) -> Answer:
    """Send a mutation of the slice and return its result."""
    return await ask(client, somebody, operation, {"input": dict(values)}, language=language)


async def ask(
    client: httpx.AsyncClient,
    somebody: SignedInPerson | None,
    operation: str,
    variables: Mapping[str, object],
    *,
    language: str = "en",
) -> Answer:
    """Send an operation of the slice and return its one result."""
    headers = somebody.headers if somebody else None
    data = await send(
        client, f"tourist_cards/{operation}", variables, headers=headers, language=language
    )
    (result,) = data.values()
    return dict(result)


async def pass_of(client: httpx.AsyncClient, holder: SignedInPerson, pass_id: str) -> Answer:
    found = await ask(client, holder, "MyPasses", {})
    return next(edge["node"] for edge in found["edges"] if edge["node"]["id"] == pass_id)


async def a_gate_at(services: Services, place_id: str = CABLE_CAR_PLACE) -> Gate:
    if not await services.tourism.places.places_known([place_id]):
        await hold(services.store, [a_place(it) for it in PLACES])
    new = NewGate({"vi": "Cổng", "en": "Gate"}, CABLE_CAR, place_id=place_id)
    gate, _ = await services.credentials.enrolling.add(ADMINISTRATOR, new, a_key())
    return gate


async def phone_with(services: Services, held: Answer) -> Phone:
    credential = await services.credentials.issuing.get(held["credentialId"])
    assert credential is not None
    return await Phone.with_card(services.credentials, credential)


async def scanned(
    services: Services,
    gate: Gate,
    phone: Phone,
    now: datetime,
    purpose: ScanPurpose = ScanPurpose.ENTRY,
) -> str:
    """Show a phone at a gate; return what its screen says."""
    asked = a_scan(phone.shows(now), purpose=purpose)
    try:
        scan = await services.credentials.scanning.scan(keeper_of(gate.scope), gate.id, asked)
    except DomainError as refusal:
        return refusal.localized(translator("en"))
    assert scan.use is not None
    return scan.use.message.format(**scan.use.params)


async def told_late(
    services: Services,
    gate: Gate,
    phone: Phone,
    at: datetime,
    purpose: ScanPurpose = ScanPurpose.ENTRY,
) -> list[str]:
    """Let a gate tell what it let in at `at`; return the faults that were found."""
    (recorded,) = await told(
        services.credentials, gate, a_scan(phone.shows(at), at=at, purpose=purpose)
    )
    assert recorded.scan is not None
    return [it.name for it in recorded.scan.faults]


async def signed_in_again(
    client: httpx.AsyncClient, services: Services, address: str
) -> SignedInPerson:
    """Sign in anew, once a token has ended."""
    return await signed_in(client, services, address)
