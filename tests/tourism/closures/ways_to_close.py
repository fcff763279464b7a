"""Closures as editors make them, through the contract."""

from typing import Any

import httpx

from tests.accounts.people import Answer, SignedInPerson, new_key
from tests.conftest import send, send_raw

SA_PA_CHURCH = {"latitude": 22.335, "longitude": 103.842}
LANDSLIDE = [
    {"language": "vi", "text": "Sạt lở đất."},
    {"language": "en", "text": "Landslide."},
]


def a_closure(**said: Any) -> Answer:  # noqa: ANN401 - any field of the input
    """Return the input of a closure of national road 4D, whole, from now until it is lifted."""
    known: Answer = {
        "way": "ROAD",
        "wayId": "QL4D",
        "reason": LANDSLIDE,
        "source": "Sở Xây dựng Lào Cai",
        "idempotencyKey": new_key(),
    }
    return known | said


def part(radius: float, latitude: float = 22.335, longitude: float = 103.842) -> Answer:
    return {"centre": {"latitude": latitude, "longitude": longitude}, "radius": radius}


async def edit(
    client: httpx.AsyncClient,
    operation: str,
    values: Answer,
    person: SignedInPerson | None,
    *,
    language: str = "en",
) -> Answer:
    """Send a mutation of tourism and return its result."""
    headers = person.headers if person else None
    data = await send(
        client, f"tourism/{operation}", {"input": values}, headers=headers, language=language
    )
    (result,) = data.values()
    return dict(result)


async def closed(
    client: httpx.AsyncClient,
    editor: SignedInPerson,
    **said: Any,  # noqa: ANN401 - any field of the input
) -> Answer:
    """Close a way and return the closure."""
    result = await edit(client, "CloseWay", a_closure(**said), editor)
    assert result["__typename"] == "CloseWaySuccess", result
    closure: Answer = result["closure"]
    return closure


async def listed(client: httpx.AsyncClient, **asked: Any) -> Answer:  # noqa: ANN401 - any argument
    data = await send(client, "tourism/Closures", asked)
    found: Answer = data["closures"]
    return found


async def refused(client: httpx.AsyncClient, **asked: Any) -> str:  # noqa: ANN401 - any argument
    """Ask for closures in a way that is refused and return the code."""
    reply = await send_raw(client, "tourism/Closures", asked)
    return str(reply.json()["errors"][0]["extensions"]["code"])
