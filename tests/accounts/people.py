"""People who sign in, as tests need them."""

import re
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import httpx

from api.accounts.caller import Grant
from api.accounts.people.repository import AccountRepository
from api.context import Services
from notifications.text_message import TextMessage
from notifications.text_outbox import TEXT_OUTBOX, opened
from tests.conftest import send

Answer = dict[str, Any]

MAI = "+84912345678"
MINJUN = "minjun@example.com"
_KEYS = count(1)


def new_key() -> str:
    """Return an idempotency key that was not used before."""
    return f"key-of-a-test-{next(_KEYS):06}"


@dataclass(frozen=True, slots=True)
class SignedInPerson:
    """Somebody in an app: `tokens` as the contract has them."""

    address: str
    tokens: Answer

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.tokens['accessToken']}"}


async def request_code(
    client: httpx.AsyncClient, address: str, *, language: str = "en", key: str | None = None
) -> Answer:
    """Ask for a code and return the result."""
    variables = {"input": {"address": address, "idempotencyKey": key or new_key()}}
    data = await send(client, "accounts/RequestCode", variables, language=language)
    result: Answer = data["requestCode"]
    return result


async def code_sent(services: Services, code_id: str) -> str:
    """Return the digits that were sent."""
    digits = re.search(r"\d{6}", (await text_sent(services, code_id)).body)
    assert digits is not None
    return digits[0]


async def text_sent(services: Services, text_id: str) -> TextMessage:
    """Return an SMS or e-mail that is on its way."""
    document = await services.store[TEXT_OUTBOX].get(text_id)
    assert document is not None
    return opened(services.sealer, TEXT_OUTBOX, document)


async def guess(
    client: httpx.AsyncClient, code_id: str, code: str, *, key: str | None = None, app: str = ""
) -> Answer:
    """Try a code and return the result."""
    values = {"codeId": code_id, "code": code, "app": app, "idempotencyKey": key or new_key()}
    data = await send(client, "accounts/SignIn", {"input": values})
    result: Answer = data["signIn"]
    return result


async def signed_in(
    client: httpx.AsyncClient, services: Services, address: str = MAI, *, app: str = "Phone"
) -> SignedInPerson:
    """Go the whole way in."""
    requested = await request_code(client, address)
    code_id = requested["sentCode"]["id"]
    result = await guess(client, code_id, await code_sent(services, code_id), app=app)
    assert result["__typename"] == "SignInSuccess", result
    return SignedInPerson(address, result["tokens"])


async def grant(services: Services, person: SignedInPerson, held: Grant) -> None:
    """Give a role by hand, as the first administrator gets it."""
    accounts = AccountRepository(services.store, services.sealer)
    caller = await services.accounts.sessions.caller_of(person.tokens["accessToken"])
    account = await accounts.get(caller.person())
    assert account is not None
    assert await accounts.replace(replace(account, grants=account.grants | {held})) is not None


async def me(client: httpx.AsyncClient, person: SignedInPerson) -> Answer | None:
    """Ask who is asking."""
    data = await send(client, "accounts/Me", headers=person.headers)
    result: Answer | None = data["me"]
    return result


async def call(
    client: httpx.AsyncClient,
    operation: str,
    values: Answer | None = None,
    person: SignedInPerson | None = None,
    *,
    language: str = "en",
) -> Answer:
    """Send a mutation of accounts, as a person or as nobody, and return its result."""
    variables = {} if values is None else {"input": values}
    headers = person.headers if person else None
    data = await send(
        client, f"accounts/{operation}", variables, headers=headers, language=language
    )
    (result,) = data.values()
    return dict(result)
