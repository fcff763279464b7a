"""Completing one attempt many times at once; the same with the guard off, which must fail."""

import asyncio
from dataclasses import replace

import httpx
import pytest
from typing_extensions import override

from api.accounts.sign_in.provider_attempts import (
    PROVIDER_ATTEMPTS,
    Attempt,
    AttemptProof,
    AttemptStep,
    ProviderAttempts,
)
from api.context import Services
from api.kit.store import Store
from tests.accounts.local_issuer import DISCOVERY, KEYS, TOKEN, LocalIssuer
from tests.accounts.people import signed_in
from tests.accounts.provider.browser import begun, complete, counted, link, start

AT_ONCE = 20


class UnguardedAttempts(ProviderAttempts):
    """Looks whether an attempt is open before it takes it."""

    @override
    async def take(self, proof: AttemptProof, claim: str) -> Attempt | None:
        seen = await self._attempts.find_one({**self._proved(proof), "step": "open"})
        await asyncio.sleep(0)
        if seen is None:
            return None
        await self._attempts.update_one({"_id": seen["_id"]}, {"$set": {"claim": claim}})
        return replace(self._attempt(seen), step=AttemptStep.TAKEN)


def kinds_of(results: list[dict[str, str]]) -> list[str]:
    return sorted(result.get("code", result["__typename"]) for result in results)


async def test_of_many_who_complete_at_once_one_asks_the_provider(
    client: httpx.AsyncClient, issuer: LocalIssuer, store: Store
) -> None:
    response = await begun(client)

    results = await asyncio.gather(*(complete(client, response) for _ in range(AT_ONCE)))

    refused = ["PROVIDER_REFUSED"] * (AT_ONCE - 1)
    assert kinds_of(results) == ["CompleteProviderSignInSuccess", *refused]
    assert issuer.asked[TOKEN] == 1
    assert await counted(store) == (1, 1, 1)


async def test_without_the_guard_many_ask_the_provider(
    client: httpx.AsyncClient,
    issuer: LocalIssuer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    response = await begun(client)
    monkeypatch.setattr(ProviderAttempts, "take", UnguardedAttempts.take)

    await asyncio.gather(*(complete(client, response) for _ in range(AT_ONCE)))

    assert issuer.asked[TOKEN] > 1


async def test_of_many_who_link_at_once_one_asks_the_provider(
    client: httpx.AsyncClient, services: Services, issuer: LocalIssuer, store: Store
) -> None:
    person = await signed_in(client, services)
    response = await begun(client, person)

    results = await asyncio.gather(*(link(client, response, person) for _ in range(AT_ONCE)))

    assert kinds_of(results) == ["LinkProviderSuccess"] + ["PROVIDER_REFUSED"] * (AT_ONCE - 1)
    assert issuer.asked[TOKEN] == 1
    assert await counted(store) == (1, 2, 1)


async def test_two_people_who_link_one_identity_at_once_do_not_both_get_it(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    people = [await signed_in(client, services, f"person-{n}@example.com") for n in range(2)]
    responses = [await begun(client, person) for person in people]

    results = await asyncio.gather(
        *(link(client, *pair) for pair in zip(responses, people, strict=True))
    )

    assert kinds_of(results) == ["ADDRESS_IN_USE", "LinkProviderSuccess"]
    assert await counted(store) == (2, 3, 2)


async def test_all_who_begin_at_once_wait_for_one_fetch(
    client: httpx.AsyncClient, issuer: LocalIssuer, store: Store
) -> None:
    started = await asyncio.gather(*(start(client) for _ in range(AT_ONCE)))

    assert {one["__typename"] for one in started} == {"StartProviderSignInSuccess"}
    assert issuer.asked == {DISCOVERY: 1}
    assert await store[PROVIDER_ATTEMPTS].count({}) == AT_ONCE


async def test_all_who_complete_at_once_wait_for_one_fetch_of_keys(
    client: httpx.AsyncClient, issuer: LocalIssuer
) -> None:
    responses = [await begun(client) for _ in range(AT_ONCE)]

    await asyncio.gather(*(complete(client, response) for response in responses))

    assert (issuer.asked[KEYS], issuer.asked[TOKEN]) == (1, AT_ONCE)
