"""Pictures that editors attach to places, through the contract."""

import httpx

from api.context import Services
from tests.accounts.people import Answer, SignedInPerson, new_key
from tests.conftest import send
from tests.tourism.editing.editors import change, edit
from tests.tourism.reviews.reviewers import a_photo


def picture(media_id: str, **said: object) -> Answer:
    """Return a picture as the input has it, but for what is said of it."""
    return {
        "mediaId": media_id,
        "alt": [{"language": "vi", "text": "Chợ buổi sáng"}],
        "author": "Lò Thị Mai",
        "licence": "CC_BY_4_0",
        **said,
    }


async def a_picture(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson, place_id: str
) -> str:
    """Publish a photo of the editor's on a place and return its id."""
    photo = await a_photo(services, editor)
    await change(client, editor, place_id, {"pictures": [picture(photo)]})
    return photo


async def shown(client: httpx.AsyncClient, place_id: str, *, language: str = "en") -> list[Answer]:
    """Return the pictures of a place as readers see them."""
    data = await send(client, "tourism/Place", {"id": place_id}, language=language)
    return list(data["place"]["pictures"])


async def shown_ids(client: httpx.AsyncClient, place_id: str) -> list[str]:
    return [one["media"]["id"] for one in await shown(client, place_id)]


async def take_down(client: httpx.AsyncClient, editor: SignedInPerson, media_id: str) -> Answer:
    values = {"mediaId": media_id, "idempotencyKey": new_key()}
    return await edit(client, "TakeDownPicture", values, editor)
