"""Answers in plain ASGI: a body with its headers, and a refusal in GraphQL's own shape."""

from typing import Any

import orjson
from starlette.types import Send

from api.kit.errors import DomainError
from api.kit.request_refusals import extensions_of
from locales import Translator


async def reply(send: Send, status: int, body: bytes, content_type: str, **headers: str) -> None:
    """Send a whole response. Names of `headers` are written with underscores for hyphens."""
    fields = {
        "content_type": content_type,
        "content_length": str(len(body)),
        **headers,
    }
    raw = [
        (name.replace("_", "-").encode("ascii"), value.encode("latin-1"))
        for name, value in fields.items()
    ]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


def refusal(error: DomainError, translate: Translator) -> dict[str, Any]:
    """Return one member of `errors` for an expected refusal."""
    return {"message": error.localized(translate), "extensions": extensions_of(error)}


def encoded_errors(*errors: dict[str, Any]) -> bytes:
    """Return the body of a response that has errors and, since nothing ran, no data."""
    return orjson.dumps({"errors": errors})
