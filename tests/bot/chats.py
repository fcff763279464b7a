"""What a phone says, and what it hears."""

from itertools import count
from typing import Any

import httpx

from tests.accounts.people import SignedInPerson
from tests.conftest import send

SA_PA = {"latitude": 22.3364, "longitude": 103.8438}
_keys = count(1)


def new_key() -> str:
    return f"message-number-{next(_keys):06}"


async def say(
    client: httpx.AsyncClient,
    text: str,
    *,
    reader: str = "en",
    key: str | None = None,
    **fields: Any,  # noqa: ANN401
) -> dict[str, Any]:
    """Send one message; `reader` is the language of Accept-Language. Return the result."""
    return await _said(client, reader, {}, text=text, idempotencyKey=key or new_key(), **fields)


async def say_as(
    client: httpx.AsyncClient, person: SignedInPerson, text: str, key: str
) -> dict[str, Any]:
    """Send one message of somebody who is signed in."""
    return await _said(client, "en", person.headers, text=text, idempotencyKey=key)


async def _said(
    client: httpx.AsyncClient,
    reader: str,
    headers: dict[str, str],
    **fields: Any,  # noqa: ANN401
) -> dict[str, Any]:
    variables = {"input": fields}
    data = await send(client, "bot/SendChatMessage", variables, language=reader, headers=headers)
    result: dict[str, Any] = data["sendChatMessage"]
    return result


def texts(result: dict[str, Any]) -> list[str]:
    return [reply["text"] for reply in result["replies"]]
