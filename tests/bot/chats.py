"""What a phone says, and what it hears."""

from itertools import count
from typing import Any

import httpx

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
    variables = {"input": {"text": text, "idempotencyKey": key or new_key(), **fields}}
    data = await send(client, "bot/SendChatMessage", variables, language=reader)
    result: dict[str, Any] = data["sendChatMessage"]
    return result


def texts(result: dict[str, Any]) -> list[str]:
    return [reply["text"] for reply in result["replies"]]
