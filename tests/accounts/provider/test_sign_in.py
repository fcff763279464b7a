"""Signing in with an identity at a provider: who gets in, once, and who does not."""

import asyncio
import re
from contextlib import suppress

import httpx
import pytest

from api.accounts.sign_in.provider_attempts import PROVIDER_ATTEMPTS
from api.context import Services
from api.kit.idempotency import IDEMPOTENCY_KEYS
from api.kit.store import Store
from api.settings import Settings
from tests.accounts.local_issuer import (
    CLIENT_ID,
    REDIRECT,
    TOKEN,
    LocalIssuer,
    SigningKey,
)
from tests.accounts.people import MAI, call, me, new_key, signed_in
from tests.accounts.provider.browser import (
    NOTHING,
    asked_of,
    begun,
    browse,
    complete,
    counted,
    refusal,
    signed_in_at,
    start,
)
from tests.conftest import MovableClock


async def test_the_browser_is_sent_to_the_provider_with_proofs(
    client: httpx.AsyncClient, issuer: LocalIssuer
) -> None:
    started = await start(client, language="ko")

    asked = asked_of(started)
    varying = {name: asked.pop(name) for name in ("state", "nonce", "code_challenge")}
    assert started["authorizationUrl"].startswith(f"{issuer.url}/authorize?tenant=1&")
    assert started["expiresAt"] == "2026-05-01T09:40:00+00:00"
    assert asked == {
        "tenant": "1",
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": REDIRECT,
        "scope": "openid",
        "code_challenge_method": "S256",
        "ui_locales": "ko",
    }
    secrets = [*varying.values(), started["attempt"]]
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", secret) for secret in secrets)
    assert len(set(secrets)) == 4


async def test_an_identity_opens_a_new_account(
    client: httpx.AsyncClient, issuer: LocalIssuer, store: Store
) -> None:
    response = await begun(client)

    result = await complete(client, response)

    assert result["__typename"] == "CompleteProviderSignInSuccess"
    assert result["isNew"] is True
    assert result["tokens"]["accessExpiresAt"] == "2026-05-01T09:40:00+00:00"
    assert await counted(store) == (1, 1, 1)


async def test_an_address_that_the_provider_tells_is_no_way_in(
    client: httpx.AsyncClient, services: Services, issuer: LocalIssuer
) -> None:
    by_phone = await signed_in(client, services, MAI)  # the provider says that this is the number

    by_identity = await signed_in_at(client, issuer)

    mine, other = await me(client, by_phone), await me(client, by_identity)
    assert mine is not None
    assert other is not None
    assert mine["id"] != other["id"]
    assert [(way["kind"], way["value"]) for way in other["addresses"]] == [
        ("PROVIDER", f"{issuer.url} sub-of-mai")
    ]


async def test_whoever_comes_back_has_the_same_account(
    client: httpx.AsyncClient, issuer: LocalIssuer, store: Store
) -> None:
    first = await signed_in_at(client, issuer)

    again = await complete(client, await begun(client))

    mine = await me(client, first)
    assert again["isNew"] is False
    assert mine is not None
    assert len(mine["sessions"]) == 2
    assert await counted(store) == (1, 1, 2)


async def test_another_identity_is_another_person(
    client: httpx.AsyncClient, issuer: LocalIssuer, store: Store
) -> None:
    await signed_in_at(client, issuer)
    issuer.subject = "SUB-OF-MAI"

    other = await complete(client, await begun(client))

    assert other["isNew"] is True
    assert await counted(store) == (2, 2, 2)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_each_algorithm_of_ours_is_read(
    client: httpx.AsyncClient, issuer: LocalIssuer, algorithm: str
) -> None:
    issuer.key = SigningKey.new("its", algorithm)

    result = await complete(client, await begun(client))

    assert result["__typename"] == "CompleteProviderSignInSuccess"


async def test_we_show_the_provider_who_we_are(
    client: httpx.AsyncClient, issuer: LocalIssuer
) -> None:
    issuer.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}

    result = await complete(client, await begun(client))

    (form,) = issuer.forms
    assert result["__typename"] == "CompleteProviderSignInSuccess"
    assert (form["client_id"], form["client_secret"]) == (CLIENT_ID, "a secret: of ours/+")


async def test_a_new_account_speaks_the_language_of_its_app(
    client: httpx.AsyncClient, issuer: LocalIssuer
) -> None:
    response = await browse(await start(client, language="fr"))

    result = await complete(client, response)

    headers = {"authorization": f"Bearer {result['tokens']['accessToken']}"}
    reply = await client.post("/graphql", json={"query": "{ me { language } }"}, headers=headers)
    assert reply.json() == {"data": {"me": {"language": "fr"}}}


@pytest.mark.parametrize(
    "redirect",
    ["", "vn.laocai.app:/signed-in/", "vn.laocai.app:/signed-in?x=1", "https://elsewhere.example"],
)
async def test_the_browser_comes_back_to_registered_addresses_only(
    client: httpx.AsyncClient, store: Store, redirect: str
) -> None:
    result = await start(client, redirect=redirect)

    assert refusal(result) == "UNKNOWN_REDIRECT"
    assert await store[PROVIDER_ATTEMPTS].count({}) == 0


async def test_beginning_twice_with_one_key_begins_once(
    client: httpx.AsyncClient, store: Store
) -> None:
    key = new_key()
    first = await start(client, key=key)

    again = await start(client, key=key)

    assert again == first
    assert await store[PROVIDER_ATTEMPTS].count({}) == 1


async def test_secrets_of_an_attempt_are_kept_nowhere_in_clear(
    client: httpx.AsyncClient, issuer: LocalIssuer, store: Store
) -> None:
    started = await start(client)
    response = await browse(started)
    await complete(client, response)

    kept = [*await store[PROVIDER_ATTEMPTS].find({}), *await store[IDEMPOTENCY_KEYS].find({})]
    (form,) = issuer.forms
    asked = asked_of(started)
    for secret in (
        asked["state"],
        asked["nonce"],
        asked["code_challenge"],
        form["code_verifier"],
        started["attempt"],
        response["code"],
    ):
        assert secret not in str(kept)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "A" * 43},
        {"attempt": "A" * 43},
        {"state": ""},
        {"attempt": "x" * 60_000},
        {"code": ""},
        {"code": "\u00e9"},
    ],
    ids=str,
)
async def test_what_proves_nothing_is_refused_and_spends_nothing(
    client: httpx.AsyncClient, issuer: LocalIssuer, store: Store, change: dict[str, str]
) -> None:
    response = await begun(client)

    refused = await complete(client, {**response, **change})

    assert refusal(refused) == "PROVIDER_REFUSED"
    assert await counted(store) == NOTHING
    assert issuer.asked[TOKEN] == 0
    assert (await complete(client, response))["__typename"] == "CompleteProviderSignInSuccess"


async def test_one_app_does_not_finish_what_another_began(
    client: httpx.AsyncClient, store: Store
) -> None:
    theirs = await begun(client)
    mine = await start(client)

    refused = await complete(client, {**theirs, "attempt": mine["attempt"]})

    assert refusal(refused) == "PROVIDER_REFUSED"
    assert await counted(store) == NOTHING


@pytest.mark.parametrize("iss", [None, "", "https://elsewhere.example", "{url}/"])
async def test_a_response_of_another_issuer_is_refused(
    client: httpx.AsyncClient, issuer: LocalIssuer, store: Store, iss: str | None
) -> None:
    response = await begun(client)
    del response["iss"]
    if iss is not None:
        response["iss"] = iss.format(url=issuer.url)

    refused = await complete(client, response)

    assert refusal(refused) == "PROVIDER_REFUSED"
    assert issuer.asked[TOKEN] == 0
    assert await counted(store) == NOTHING


async def test_a_provider_that_never_names_itself_need_not(
    client: httpx.AsyncClient, issuer: LocalIssuer
) -> None:
    issuer.metadata = {"authorization_response_iss_parameter_supported": None}
    response = await begun(client)
    del response["iss"]

    assert (await complete(client, response))["__typename"] == "CompleteProviderSignInSuccess"


async def test_a_code_that_the_provider_refuses_spends_the_attempt(
    client: httpx.AsyncClient, store: Store
) -> None:
    response = await begun(client)

    refused = await complete(client, {**response, "code": "guessed"}, language="vi")
    late = await complete(client, response)

    assert refused == {
        "__typename": "AccountError",
        "code": "PROVIDER_REFUSED",
        "message": "Chưa xác nhận được định danh điện tử của bạn. Vui lòng thực hiện lại từ đầu.",
        "retryAfter": None,
    }
    assert refusal(late) == "PROVIDER_REFUSED"
    assert await counted(store) == NOTHING


async def test_a_code_of_another_attempt_is_refused(
    client: httpx.AsyncClient, store: Store
) -> None:
    stolen, mine = await begun(client), await begun(client)

    refused = await complete(client, {**mine, "code": stolen["code"]})

    assert refusal(refused) == "PROVIDER_REFUSED"  # its PKCE verifier is another one
    assert await counted(store) == NOTHING


async def test_an_attempt_lasts_ten_minutes(
    client: httpx.AsyncClient, store: Store, clock: MovableClock
) -> None:
    first, second = await begun(client), await begun(client)
    clock.advance(minutes=9, seconds=59)
    in_time = await complete(client, first)
    clock.advance(seconds=1)

    late = await complete(client, second)

    assert in_time["__typename"] == "CompleteProviderSignInSuccess"
    assert refusal(late) == "PROVIDER_REFUSED"
    assert await counted(store) == (1, 1, 1)


async def test_a_used_state_is_used(client: httpx.AsyncClient, store: Store) -> None:
    response = await begun(client)
    await complete(client, response)

    again = await complete(client, response)

    assert refusal(again) == "PROVIDER_REFUSED"
    assert await counted(store) == (1, 1, 1)


async def test_a_lost_answer_is_given_again(
    client: httpx.AsyncClient, issuer: LocalIssuer, store: Store
) -> None:
    response, key = await begun(client), new_key()
    first = await complete(client, response, key=key)

    again = await complete(client, response, key=key)

    assert again["tokens"]["refreshToken"] == first["tokens"]["refreshToken"]
    assert issuer.asked[TOKEN] == 1
    assert await counted(store) == (1, 1, 1)


async def test_an_answer_that_was_used_is_not_given_again(
    client: httpx.AsyncClient, store: Store
) -> None:
    response, key = await begun(client), new_key()
    first = await complete(client, response, key=key)
    await call(client, "RefreshSession", {"refreshToken": first["tokens"]["refreshToken"]})

    again = await complete(client, response, key=key)

    assert refusal(again) == "PROVIDER_REFUSED"
    assert await counted(store) == (1, 1, 1)


async def test_the_same_call_while_the_first_is_under_way_is_asked_to_wait(
    client: httpx.AsyncClient, issuer: LocalIssuer, store: Store
) -> None:
    response, key = await begun(client), new_key()
    issuer.gate.clear()
    first = asyncio.create_task(complete(client, response, key=key))
    while not await store[PROVIDER_ATTEMPTS].count({"step": "taken"}):  # noqa: ASYNC110
        await asyncio.sleep(0)

    meanwhile = await complete(client, response, key=key)
    issuer.gate.set()
    result = await first
    after = await complete(client, response, key=key)

    assert (refusal(meanwhile), meanwhile["retryAfter"]) == ("PROVIDER_UNAVAILABLE", 2)
    assert after["tokens"]["refreshToken"] == result["tokens"]["refreshToken"]
    assert await counted(store) == (1, 1, 1)


async def test_whose_request_died_is_told_to_begin_anew(
    client: httpx.AsyncClient, issuer: LocalIssuer, store: Store, clock: MovableClock
) -> None:
    response, key = await begun(client), new_key()
    issuer.gate.clear()
    dying = asyncio.create_task(complete(client, response, key=key))
    while not await store[PROVIDER_ATTEMPTS].count({"step": "taken"}):  # noqa: ASYNC110
        await asyncio.sleep(0)
    dying.cancel()
    with suppress(asyncio.CancelledError):
        await dying
    issuer.gate.set()

    soon = await complete(client, response, key=key)
    clock.advance(seconds=61)
    later = await complete(client, response, key=key)

    assert [refusal(soon), refusal(later)] == ["PROVIDER_UNAVAILABLE", "PROVIDER_REFUSED"]
    assert await counted(store) == (0, 0, 0)


async def test_first_sign_ins_at_once_make_one_account(
    client: httpx.AsyncClient, store: Store
) -> None:
    responses = [await begun(client) for _ in range(2)]

    results = await asyncio.gather(*(complete(client, response) for response in responses))

    assert sorted(result["isNew"] for result in results) == [False, True]
    assert await counted(store) == (1, 1, 2)


async def test_whoever_is_signed_in_is_told_to_add_it_instead(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    person = await signed_in(client, services)
    response = await begun(client)

    refused = await complete(client, response, person)

    assert refusal(refused) == "ALREADY_SIGNED_IN"
    assert await counted(store) == (1, 1, 1)


async def test_a_weak_key_is_refused_before_anything_is_spent(
    client: httpx.AsyncClient, issuer: LocalIssuer, store: Store
) -> None:
    response = await begun(client)

    refusals = [
        refusal(await start(client, key="short")),
        refusal(await complete(client, response, key="short")),
    ]

    assert refusals == ["INVALID_IDEMPOTENCY_KEY"] * 2
    assert issuer.asked[TOKEN] == 0
    assert await counted(store) == NOTHING


class TestWithoutProvider:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"oidc_issuer": None})

    async def test_nobody_is_sent_anywhere(
        self, client: httpx.AsyncClient, issuer: LocalIssuer, store: Store
    ) -> None:
        response = {"state": "A" * 43, "code": "x", "attempt": "A" * 43}

        refusals = [
            refusal(await start(client)),
            refusal(await complete(client, response)),
        ]

        assert refusals == ["PROVIDER_NOT_CONFIGURED"] * 2
        assert not issuer.asked
        assert await counted(store) == NOTHING


class TestPublicClient:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"oidc_client_secret": None})

    async def test_no_secret_is_shown(self, client: httpx.AsyncClient, issuer: LocalIssuer) -> None:
        result = await complete(client, await begun(client))

        (form,) = issuer.forms
        assert result["__typename"] == "CompleteProviderSignInSuccess"
        assert sorted(form) == [
            "client_id",
            "code",
            "code_verifier",
            "grant_type",
            "redirect_uri",
        ]
