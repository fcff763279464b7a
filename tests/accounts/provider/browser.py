"""A phone that signs in at the local issuer: app, system browser, app."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

import httpx

from api.accounts.people.repository import ACCOUNTS
from api.accounts.sign_in.session_repository import SESSIONS
from api.accounts.sign_in.ways_in import WAYS_IN
from api.kit.store import Store
from tests.accounts.local_issuer import REDIRECT, LocalIssuer
from tests.accounts.people import Answer, SignedInPerson, call, new_key

Response = dict[str, str]


async def start(
    client: httpx.AsyncClient,
    person: SignedInPerson | None = None,
    *,
    redirect: str = REDIRECT,
    key: str | None = None,
    language: str = "en",
) -> Answer:
    """Begin, as somebody signed in or as nobody, and return the result."""
    values = {"redirectUri": redirect, "idempotencyKey": key or new_key()}
    return await call(client, "StartProviderSignIn", values, person, language=language)


def asked_of(started: Answer) -> dict[str, str]:
    """Return the parameters of the authorization request."""
    return dict(parse_qsl(urlsplit(str(started["authorizationUrl"])).query))


async def browse(started: Answer) -> Response:
    """Let the person agree; return what the browser comes back with, and the app's secret."""
    async with httpx.AsyncClient(trust_env=False) as browser:
        answer = await browser.get(started["authorizationUrl"])
    back = urlsplit(answer.headers["location"])
    assert f"{back.scheme}:{back.path}" == REDIRECT
    return {**dict(parse_qsl(back.query)), "attempt": started["attempt"]}


async def begun(client: httpx.AsyncClient, person: SignedInPerson | None = None) -> Response:
    """Go as far as the browser's way back."""
    return await browse(await start(client, person))


async def complete(
    client: httpx.AsyncClient,
    response: Mapping[str, str],
    person: SignedInPerson | None = None,
    *,
    key: str | None = None,
    language: str = "en",
) -> Answer:
    values = {**response, "app": "Phone", "idempotencyKey": key or new_key()}
    return await call(client, "CompleteProviderSignIn", values, person, language=language)


async def link(
    client: httpx.AsyncClient,
    response: Mapping[str, str],
    person: SignedInPerson | None,
    *,
    key: str | None = None,
) -> Answer:
    values = {**response, "idempotencyKey": key or new_key()}
    return await call(client, "LinkProvider", values, person)


async def signed_in_at(client: httpx.AsyncClient, issuer: LocalIssuer) -> SignedInPerson:
    """Go the whole way in, as `issuer.subject`."""
    result = await complete(client, await begun(client))
    assert result["__typename"] == "CompleteProviderSignInSuccess", result
    return SignedInPerson(f"{issuer.url} {issuer.subject}", result["tokens"])


def refusal(result: Answer) -> str:
    """Return the code of a refusal; fails the test when it is none."""
    assert result["__typename"] == "AccountError", result
    code: str = result["code"]
    return code


async def counted(store: Store) -> tuple[int, int, int]:
    """Return how many accounts, ways in and sessions there are."""
    accounts, ways, sessions = (store[spec] for spec in (ACCOUNTS, WAYS_IN, SESSIONS))
    return await accounts.count({}), await ways.count({}), await sessions.count({})


NOTHING = (0, 0, 0)
