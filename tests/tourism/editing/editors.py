"""Content editors and what they do, through the contract."""

from typing import Any

import httpx

from api.accounts.caller import Role
from api.context import Services
from tests.accounts.people import Answer, SignedInPerson, new_key
from tests.accounts.staff import a_staff_member
from tests.conftest import send

THAC_BAC = {"latitude": 22.3606, "longitude": 103.7797}
A_PLACE: Answer = {
    "names": [{"language": "vi", "text": "Thác Bạc"}],
    "category": "WATERFALL",
    "position": THAC_BAC,
    "confidence": "HIGH",
}


async def an_editor(
    client: httpx.AsyncClient, services: Services, address: str | None = None
) -> SignedInPerson:
    return await a_staff_member(client, services, Role.CONTENT_EDITOR, address=address)


async def edit(
    client: httpx.AsyncClient,
    operation: str,
    values: Answer,
    editor: SignedInPerson | None,
    *,
    language: str = "en",
) -> Answer:
    """Send a mutation and return its result."""
    headers = editor.headers if editor else None
    data = await send(
        client, f"tourism/{operation}", {"input": values}, headers=headers, language=language
    )
    (result,) = data.values()
    return dict(result)


async def ask(
    client: httpx.AsyncClient,
    operation: str,
    variables: Answer,
    editor: SignedInPerson,
    *,
    language: str = "en",
) -> Any:  # noqa: ANN401 - whatever the field answers
    """Send a query and return what its field answers."""
    data = await send(
        client, f"tourism/{operation}", variables, headers=editor.headers, language=language
    )
    (result,) = data.values()
    return result


def texts(**by_language: str | None) -> list[Answer]:
    """Return texts as the input has them: `texts(en="…", zh_Hans="…")`."""
    return [
        {"language": language.replace("_", "-"), "text": text}
        for language, text in by_language.items()
    ]


async def propose(
    client: httpx.AsyncClient, editor: SignedInPerson | None, place_id: str, changes: Answer
) -> Answer:
    values = {"placeId": place_id, "changes": changes}
    return await edit(client, "ProposePlaceChange", values, editor)


async def a_draft(
    client: httpx.AsyncClient, editor: SignedInPerson, place_id: str, changes: Answer
) -> str:
    """Propose and return the draft's id."""
    result = await propose(client, editor, place_id, changes)
    assert result["__typename"] == "ProposePlaceChangeSuccess", result
    return str(result["preview"]["draft"]["id"])


async def publish(
    client: httpx.AsyncClient, editor: SignedInPerson, draft_id: str, *, key: str | None = None
) -> Answer:
    values = {"draftId": draft_id, "idempotencyKey": key or new_key()}
    return await edit(client, "PublishPlaceChange", values, editor)


async def change(
    client: httpx.AsyncClient, editor: SignedInPerson, place_id: str, changes: Answer
) -> Answer:
    """Propose and publish."""
    result = await publish(client, editor, await a_draft(client, editor, place_id, changes))
    assert result["__typename"] == "PublishPlaceChangeSuccess", result
    return result


async def add(
    client: httpx.AsyncClient,
    editor: SignedInPerson,
    *,
    key: str | None = None,
    **said: Any,  # noqa: ANN401 - any field of a place
) -> Answer:
    """Add a place like A_PLACE, but for what is said of it."""
    values = {"place": A_PLACE | said, "idempotencyKey": key or new_key()}
    return await edit(client, "AddPlace", values, editor)


async def an_edited_place(client: httpx.AsyncClient, editor: SignedInPerson) -> str:
    """Return the id of an added place that was changed once."""
    place_id = str((await add(client, editor))["place"]["id"])
    await change(client, editor, place_id, {"descriptions": texts(en="It falls 200 m.")})
    return place_id


async def retire(client: httpx.AsyncClient, editor: SignedInPerson, place_id: str) -> Answer:
    values = {"placeId": place_id, "idempotencyKey": new_key()}
    return await edit(client, "RetirePlace", values, editor)


async def revert(
    client: httpx.AsyncClient,
    editor: SignedInPerson,
    place_id: str,
    version: int,
    newest: int,
) -> Answer:
    values = {
        "placeId": place_id,
        "version": version,
        "newestVersion": newest,
        "idempotencyKey": new_key(),
    }
    return await edit(client, "RevertPlace", values, editor)


async def history(client: httpx.AsyncClient, editor: SignedInPerson, place_id: str) -> list[Answer]:
    found = await ask(client, "PlaceHistory", {"placeId": place_id}, editor)
    return [edge["node"] for edge in found["edges"]]
