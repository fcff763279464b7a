"""Guests who say where they will be, as tests need them."""

from typing import Any

import httpx

from tests.accounts.people import Answer, SignedInPerson, call, new_key
from tests.accounts.phones import credentials, register
from tests.alerts.messages import SA_PA_CODE
from tests.conftest import send


def a_stay(**changes: Any) -> Answer:  # noqa: ANN401
    """Return the input of addStay: from the day after the tests' NOW on, in Sa Pa."""
    return {
        "communeCode": SA_PA_CODE,
        "firstDay": "2026-05-02",
        "lastDay": "2026-05-05",
        "consent": True,
        "idempotencyKey": new_key(),
        **changes,
    }


async def ask(
    client: httpx.AsyncClient, operation: str, person: SignedInPerson | None, variables: Answer
) -> Answer:
    headers = person.headers if person else None
    data = await send(client, f"alerts/{operation}", variables, headers=headers, language="en")
    (result,) = data.values()
    return dict(result)


async def add_stay(
    client: httpx.AsyncClient,
    person: SignedInPerson,
    **changes: Any,  # noqa: ANN401
) -> Answer:
    return await ask(client, "AddStay", person, {"input": a_stay(**changes)})


async def remove_stay(client: httpx.AsyncClient, person: SignedInPerson, stay_id: str) -> Answer:
    return await ask(client, "RemoveStay", person, {"input": {"id": stay_id}})


async def stays_of(client: httpx.AsyncClient, person: SignedInPerson) -> list[Answer]:
    stays: list[Answer] = (await ask(client, "MyStays", person, {}))["stays"]
    return stays


async def a_phone_far_away(
    client: httpx.AsyncClient,
    person: SignedInPerson,
    name: str,
    **changes: Any,  # noqa: ANN401
) -> str:
    """Let a person sign in on a phone without a position or a home here; return its id."""
    phone = await register(client, new_key(), registration=name, **changes)
    linking = {**credentials(phone), "idempotencyKey": new_key()}
    linked = await call(client, "LinkDevice", linking, person)
    assert linked["__typename"] == "LinkDeviceSuccess", linked
    device_id: str = phone["device"]["id"]
    return device_id
