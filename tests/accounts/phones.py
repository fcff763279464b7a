"""A phone, as the API sees it."""

from typing import Any

import httpx

from tests.conftest import send

SA_PA = {"latitude": 22.3364, "longitude": 103.8438}
REGISTRATION = "fcm-registration-of-the-first-phone"
UNKNOWN = {"id": "a" * 26, "secret": "no secret"}


def an_input(key: str = "first-registration", **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "idempotencyKey": key,
        "registration": REGISTRATION,
        "platform": "ANDROID",
        "language": "vi",
        **changes,
    }


async def register(
    client: httpx.AsyncClient,
    key: str = "first-registration",
    *,
    reader: str = "en",
    **changes: Any,  # noqa: ANN401
) -> dict[str, Any]:
    """Register; `reader` is the language of Accept-Language."""
    variables = {"input": an_input(key, **changes)}
    data = await send(client, "accounts/RegisterDevice", variables, language=reader)
    result: dict[str, Any] = data["registerDevice"]
    return result


async def update(
    client: httpx.AsyncClient,
    registered: dict[str, Any],
    **changes: Any,  # noqa: ANN401
) -> dict[str, Any]:
    """Update the device of a RegisterDeviceSuccess."""
    variables = {"input": {**credentials(registered), **changes}}
    result: dict[str, Any] = (await send(client, "accounts/UpdateDevice", variables))[
        "updateDevice"
    ]
    return result


async def unregister(client: httpx.AsyncClient, registered: dict[str, Any]) -> dict[str, Any]:
    variables = {"input": credentials(registered)}
    data = await send(client, "accounts/UnregisterDevice", variables)
    result: dict[str, Any] = data["unregisterDevice"]
    return result


async def device(client: httpx.AsyncClient, registered: dict[str, Any]) -> dict[str, Any] | None:
    result: dict[str, Any] | None = (
        await send(client, "accounts/Device", credentials(registered))
    )["device"]
    return result


def credentials(registered: dict[str, Any]) -> dict[str, str]:
    return {"id": registered["device"]["id"], "secret": registered["secret"]}
