"""Adding an identity at a provider to an account that somebody is signed in to."""

import httpx

from api.context import Services
from api.kit.store import Store
from tests.accounts.local_issuer import TOKEN, LocalIssuer
from tests.accounts.people import MAI, MINJUN, call, me, new_key, signed_in
from tests.accounts.provider.browser import (
    begun,
    complete,
    counted,
    link,
    refusal,
    signed_in_at,
)
from tests.conftest import MovableClock


async def test_an_added_identity_leads_into_the_account(
    client: httpx.AsyncClient, services: Services, issuer: LocalIssuer, clock: MovableClock
) -> None:
    person = await signed_in(client, services)
    clock.advance(seconds=1)

    result = await link(client, await begun(client, person), person)

    entered = await complete(client, await begun(client))
    mine = await me(client, person)
    value = f"{issuer.url} sub-of-mai"
    assert result == {"__typename": "LinkProviderSuccess", "kind": "PROVIDER", "value": value}
    assert entered["isNew"] is False
    assert mine is not None
    assert [way["value"] for way in mine["addresses"]] == [MAI, value]
    assert len(mine["sessions"]) == 2


async def test_an_identity_that_leads_elsewhere_is_refused_and_stays(
    client: httpx.AsyncClient, services: Services, issuer: LocalIssuer, store: Store
) -> None:
    owner = await signed_in_at(client, issuer)
    person = await signed_in(client, services, MINJUN)
    response = await begun(client, person)

    refused = await link(client, response, person)
    again = await link(client, response, person)

    mine, theirs = await me(client, person), await me(client, owner)
    assert mine is not None
    assert theirs is not None
    assert refusal(refused) == "ADDRESS_IN_USE"
    assert refusal(again) == "PROVIDER_REFUSED"
    assert [way["value"] for way in mine["addresses"]] == [MINJUN]
    assert len(theirs["addresses"]) == 1
    assert await counted(store) == (2, 2, 2)


async def test_adding_what_is_there_already_changes_nothing(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    person = await signed_in(client, services)
    await link(client, await begun(client, person), person)

    again = await link(client, await begun(client, person), person)

    assert again["__typename"] == "LinkProviderSuccess"
    assert await counted(store) == (1, 2, 1)


async def test_a_lost_answer_is_given_again(
    client: httpx.AsyncClient, services: Services, issuer: LocalIssuer, store: Store
) -> None:
    person = await signed_in(client, services)
    response, key = await begun(client, person), new_key()
    first = await link(client, response, person, key=key)

    again = await link(client, response, person, key=key)
    with_another_key = await link(client, response, person)

    assert again == first
    assert refusal(with_another_key) == "PROVIDER_REFUSED"
    assert issuer.asked[TOKEN] == 1
    assert await counted(store) == (1, 2, 1)


async def test_what_was_removed_since_is_not_said_to_be_there(
    client: httpx.AsyncClient, services: Services, store: Store, clock: MovableClock
) -> None:
    person = await signed_in(client, services)
    clock.advance(seconds=1)
    response, key = await begun(client, person), new_key()
    await link(client, response, person, key=key)
    mine = await me(client, person)
    assert mine is not None
    await call(client, "RemoveAddress", {"id": mine["addresses"][1]["id"]}, person)

    again = await link(client, response, person, key=key)

    assert refusal(again) == "PROVIDER_REFUSED"
    assert await counted(store) == (1, 1, 1)


async def test_an_attempt_is_of_who_began_it(
    client: httpx.AsyncClient, services: Services, issuer: LocalIssuer, store: Store
) -> None:
    person = await signed_in(client, services)
    other = await signed_in(client, services, MINJUN)
    theirs, nobodys = await begun(client, other), await begun(client)

    refusals = [
        refusal(await link(client, theirs, person)),
        refusal(await link(client, nobodys, person)),
        refusal(await complete(client, theirs)),
        refusal(await link(client, theirs, None)),
    ]

    assert refusals == ["PROVIDER_REFUSED"] * 3 + ["NOT_SIGNED_IN"]
    assert issuer.asked[TOKEN] == 0
    assert await counted(store) == (2, 2, 2)
