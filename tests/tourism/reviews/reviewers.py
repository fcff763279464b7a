"""Authors, readers and moderators of reviews, through the contract."""

from typing import Any

import httpx

from api.accounts.caller import Role
from api.context import Services
from api.kit.ids import new_id
from api.media.records import (
    Media,
    MediaFile,
    MediaFormat,
    MediaKind,
    MediaSize,
    MediaState,
    Upload,
)
from api.media.repository import MEDIA, MediaRepository
from tests.accounts.families import person_id_of
from tests.accounts.people import Answer, SignedInPerson, new_key, signed_in
from tests.accounts.staff import a_staff_member
from tests.accounts.test_consents import give
from tests.conftest import NOW, send

MARKET = "P1"
LAKE = "P2"
SAID: Answer = {
    "rating": 4,
    "text": "Come before nine, bring cash.",
    "language": "en",
    "visitedOn": "2026-04",
}


def said(**otherwise: object) -> Answer:
    """Return what a review says: like SAID, but for what is given."""
    return SAID | otherwise


async def do(
    client: httpx.AsyncClient,
    operation: str,
    values: Answer,
    person: SignedInPerson | None,
    *,
    language: str = "en",
) -> Answer:
    """Send a mutation and return its result."""
    headers = person.headers if person else None
    data = await send(
        client, f"tourism/{operation}", {"input": values}, headers=headers, language=language
    )
    (result,) = data.values()
    return dict(result)


async def ask(
    client: httpx.AsyncClient,
    operation: str,
    variables: Answer,
    person: SignedInPerson | None = None,
    *,
    language: str = "en",
) -> Answer:
    """Send a query and return what its field answers."""
    headers = person.headers if person else None
    data = await send(client, f"tourism/{operation}", variables, headers=headers, language=language)
    (result,) = data.values()
    return dict(result)


async def write(
    client: httpx.AsyncClient,
    author: SignedInPerson | None,
    subject: str = MARKET,
    *,
    kind: str = "PLACE",
    key: str | None = None,
    **otherwise: Any,  # noqa: ANN401 - what any field says
) -> Answer:
    """Write a review and return the result."""
    values = {
        "subjectKind": kind,
        "subjectId": subject,
        "review": said(**otherwise),
        "idempotencyKey": key or new_key(),
    }
    return await do(client, "WriteReview", values, author)


async def written(
    client: httpx.AsyncClient,
    author: SignedInPerson,
    subject: str = MARKET,
    **otherwise: Any,  # noqa: ANN401 - what any field says
) -> str:
    """Write a review and return its id."""
    result = await write(client, author, subject, **otherwise)
    assert result["__typename"] == "WriteReviewSuccess", result
    return str(result["review"]["id"])


async def change(
    client: httpx.AsyncClient, author: SignedInPerson, review_id: str, **otherwise: object
) -> Answer:
    values = {"id": review_id, "review": said(**otherwise), "idempotencyKey": new_key()}
    return await do(client, "ChangeReview", values, author)


async def approve(
    client: httpx.AsyncClient,
    moderator: SignedInPerson,
    review_id: str,
    version: int = 1,
    *,
    key: str | None = None,
) -> Answer:
    values = {"id": review_id, "version": version, "idempotencyKey": key or new_key()}
    return await do(client, "ApproveReview", values, moderator)


async def refuse(
    client: httpx.AsyncClient,
    moderator: SignedInPerson,
    review_id: str,
    version: int = 1,
    *,
    language: str = "en",
    **otherwise: object,
) -> Answer:
    values = {
        "id": review_id,
        "version": version,
        "reason": "OFF_TOPIC",
        "idempotencyKey": new_key(),
        **otherwise,
    }
    return await do(client, "RefuseReview", values, moderator, language=language)


async def approved(
    client: httpx.AsyncClient,
    author: SignedInPerson,
    moderator: SignedInPerson,
    subject: str = MARKET,
    **otherwise: object,
) -> str:
    """Let a review be written and approved, and return its id."""
    review_id = await written(client, author, subject, **otherwise)
    result = await approve(client, moderator, review_id)
    assert result["__typename"] == "ApproveReviewSuccess", result
    return review_id


async def report(
    client: httpx.AsyncClient, reader: SignedInPerson | None, review_id: str, reason: str = "SPAM"
) -> Answer:
    values = {"id": review_id, "reason": reason, "idempotencyKey": new_key()}
    return await do(client, "ReportReview", values, reader)


async def seen(
    client: httpx.AsyncClient, subject: str = MARKET, *, language: str = "en", **variables: object
) -> list[Answer]:
    """Return what a reader sees who is nobody in particular."""
    place = await ask(client, "PlaceReviews", {"id": subject, **variables}, language=language)
    return [edge["node"] for edge in place["reviews"]["edges"]]


async def rating(client: httpx.AsyncClient, subject: str = MARKET) -> Answer:
    return dict((await ask(client, "PlaceReviews", {"id": subject}))["rating"])


async def mine(
    client: httpx.AsyncClient, author: SignedInPerson, *, language: str = "en"
) -> list[Answer]:
    page = await ask(client, "MyReviews", {}, author, language=language)
    return [edge["node"] for edge in page["edges"]]


async def my_only(
    client: httpx.AsyncClient, author: SignedInPerson, *, language: str = "en"
) -> Answer:
    (review,) = await mine(client, author, language=language)
    return review


async def queue(
    client: httpx.AsyncClient, moderator: SignedInPerson, part: str = "FREE"
) -> list[Answer]:
    page = await ask(client, "ModerationQueue", {"part": part}, moderator)
    return [edge["node"] for edge in page["edges"]]


async def a_moderator(
    client: httpx.AsyncClient, services: Services, address: str | None = None
) -> SignedInPerson:
    return await a_staff_member(client, services, Role.MODERATOR, address=address)


async def a_visitor(client: httpx.AsyncClient, services: Services, name: str) -> SignedInPerson:
    return await signed_in(client, services, f"{name}@example.com")


async def a_photo(
    services: Services, person: SignedInPerson, *, state: MediaState = MediaState.READY
) -> str:
    """Put a photo of the person's there, as if it had been uploaded, and return its id."""
    file = MediaFile(MediaSize.THUMBNAIL, MediaFormat.WEBP, 1_000, 480, 320)
    media = Media(
        id=new_id(),
        owner_id=await person_id_of(services, person),
        kind=MediaKind.PHOTO,
        state=state,
        upload=Upload(1_000, "image/jpeg", NOW),
        created_at=NOW,
        kept_until=NOW,
        run="1",
        files=(file,),
    )
    await MediaRepository(services.store).add(media)
    return media.id


async def holders(services: Services, photo: str) -> list[str]:
    """Return who keeps a photo."""
    document = await services.store[MEDIA].get(photo)
    return list(document["holders"]) if document else []


async def agree_to_photos(client: httpx.AsyncClient, person: SignedInPerson) -> None:
    await give(client, person, "PHOTOS")
