"""Clerks of facilities, and what they and anybody else ask of api/health."""

from collections.abc import Mapping
from typing import Any

import httpx

from api.context import Services
from tests.accounts.families import grant
from tests.accounts.people import Answer, SignedInPerson, new_key, signed_in
from tests.conftest import send, send_raw
from tests.health.places import FACILITY


async def a_clerk(
    client: httpx.AsyncClient,
    services: Services,
    facility: str = FACILITY,
    address: str = "desk@example.com",
) -> SignedInPerson:
    """Sign somebody in who works at a facility's desk."""
    person = await signed_in(client, services, address)
    await grant(services, person, f"clerk facility:{facility}")
    return person


async def do(
    client: httpx.AsyncClient,
    operation: str,
    values: Answer,
    person: SignedInPerson | None = None,
    *,
    key: str | None = None,
    language: str = "en",
) -> Answer:
    """Send a mutation of health and return its result."""
    data = await send(
        client,
        f"health/{operation}",
        {"input": {**values, "idempotencyKey": key or new_key()}},
        headers=person.headers if person else None,
        language=language,
    )
    (result,) = data.values()
    return dict(result)


async def ask(
    client: httpx.AsyncClient,
    operation: str,
    variables: Mapping[str, Any] | None = None,
    person: SignedInPerson | None = None,
    *,
    language: str = "en",
) -> Any:  # noqa: ANN401
    """Send a query of health and return what its root field holds."""
    headers = person.headers if person else None
    data = await send(client, f"health/{operation}", variables, headers=headers, language=language)
    (found,) = data.values()
    return found


async def nodes(
    client: httpx.AsyncClient,
    operation: str,
    variables: Mapping[str, Any] | None = None,
    person: SignedInPerson | None = None,
) -> list[Answer]:
    """Return the nodes of a page."""
    found = await ask(client, operation, variables, person)
    return [edge["node"] for edge in found["edges"]]


async def refused(
    client: httpx.AsyncClient,
    operation: str,
    variables: Mapping[str, Any] | None = None,
    person: SignedInPerson | None = None,
) -> str:
    """Send a query that is refused and return the code."""
    headers = person.headers if person else None
    reply = await send_raw(client, f"health/{operation}", variables, headers=headers)
    return str(reply.json()["errors"][0]["extensions"]["code"])
