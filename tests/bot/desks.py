"""People at the desks, as the tests of hand-offs need them."""

from typing import Any

import httpx

from api.accounts.caller import Grant, Role, Scope, ScopeKind
from api.context import Services
from tests.accounts.people import SignedInPerson, grant, new_key, signed_in
from tests.bot.chats import say
from tests.conftest import send

HELP_CENTRE = "tourist-help-centre"


async def a_clerk(
    client: httpx.AsyncClient, services: Services, name: str, agency: str = HELP_CENTRE
) -> SignedInPerson:
    person = await signed_in(client, services, f"{name}@example.com")
    await grant(services, person, Grant(Role.CLERK, Scope(ScopeKind.AGENCY, agency)))
    return person


async def do(
    client: httpx.AsyncClient,
    operation: str,
    values: dict[str, Any],
    person: SignedInPerson | None = None,
) -> dict[str, Any]:
    headers = person.headers if person else None
    data = await send(client, f"bot/{operation}", {"input": values}, headers=headers)
    (result,) = data.values()
    return dict(result)


async def begun(
    client: httpx.AsyncClient, text: str = "hello", person: SignedInPerson | None = None
) -> str:
    """Say something, signed in or not, and return the conversation."""
    if person is None:
        return str((await say(client, text))["conversation"]["id"])
    result = await do(
        client, "SendChatMessage", {"text": text, "idempotencyKey": new_key()}, person
    )
    return str(result["conversation"]["id"])


async def asked(
    client: httpx.AsyncClient,
    conversation_id: str,
    person: SignedInPerson | None = None,
    **fields: Any,  # noqa: ANN401
) -> dict[str, Any]:
    values = {
        "conversationId": conversation_id,
        "shareConversation": False,
        "idempotencyKey": new_key(),
        **fields,
    }
    return await do(client, "TalkToPerson", values, person)
