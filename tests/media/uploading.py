"""Uploads, from asking to a finished photo or recording, as tests of any slice need them."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from api.context import Services
from api.kit.clock import Clock
from tests.accounts.exporting import run_jobs
from tests.accounts.people import Answer, SignedInPerson, new_key
from tests.conftest import send
from tests.media.picture_files import jpeg


def announced(data: bytes, **changes: Any) -> Answer:  # noqa: ANN401
    """Return the input of requestUpload for these bytes: a JPEG, unless told otherwise."""
    return {
        "kind": "PHOTO",
        "byteCount": len(data),
        "contentType": "image/jpeg",
        "idempotencyKey": new_key(),
        **changes,
    }


async def call(
    client: httpx.AsyncClient,
    operation: str,
    values: Answer,
    person: SignedInPerson | None,
    *,
    language: str = "en",
) -> Answer:
    """Send a mutation of media and return its result."""
    headers = person.headers if person else None
    data = await send(
        client, f"media/{operation}", {"input": values}, headers=headers, language=language
    )
    (result,) = data.values()
    return dict(result)


async def request(
    client: httpx.AsyncClient,
    person: SignedInPerson | None,
    data: bytes | None = None,
    **changes: Any,  # noqa: ANN401
) -> Answer:
    """Ask for an upload and return the result."""
    sent = jpeg() if data is None else data
    return await call(client, "RequestUpload", announced(sent, **changes), person)


async def put(
    client: httpx.AsyncClient, url: str, data: bytes, *, language: str = "en"
) -> httpx.Response:
    """Send bytes through a door of ours."""
    return await client.put(local(url), content=data, headers={"accept-language": language})


def local(url: str) -> str:
    """Return the path and query of an address of ours."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


async def complete(
    client: httpx.AsyncClient,
    person: SignedInPerson | None,
    media_id: str,
    *,
    language: str = "en",
) -> Answer:
    return await call(client, "CompleteUpload", {"id": media_id}, person, language=language)


async def remove(client: httpx.AsyncClient, person: SignedInPerson | None, media_id: str) -> Answer:
    return await call(client, "RemoveMedia", {"id": media_id}, person)


async def look(
    client: httpx.AsyncClient,
    person: SignedInPerson | None,
    media_id: str,
    *,
    language: str = "en",
) -> Answer | None:
    """Return media as its owner sees it."""
    headers = person.headers if person else None
    data = await send(client, "media/Media", {"id": media_id}, headers=headers, language=language)
    found: Answer | None = data["media"]
    return found


async def sent_in(
    client: httpx.AsyncClient,
    person: SignedInPerson,
    data: bytes | None = None,
    **changes: Any,  # noqa: ANN401
) -> str:
    """Send a file in, say that it is complete, and return the id."""
    sent = jpeg() if data is None else data
    requested = await request(client, person, sent, **changes)
    arrived = await put(client, requested["upload"]["url"], sent)
    assert arrived.status_code == 204, arrived.text
    media_id: str = requested["media"]["id"]
    completed = await complete(client, person, media_id)
    assert completed["media"]["state"] == "PROCESSING", completed
    return media_id


async def finished(
    client: httpx.AsyncClient,
    services: Services,
    clock: Clock,
    person: SignedInPerson,
    data: bytes | None = None,
    **changes: Any,  # noqa: ANN401
) -> Answer:
    """Send a file in, let the worker work, and return it as its owner sees it."""
    media_id = await sent_in(client, person, data, **changes)
    await run_jobs(services, clock)
    found = await look(client, person, media_id)
    assert found is not None
    return found


def url_of(media: Answer, size: str = "LARGE", content_type: str = "image/webp") -> str:
    """Return the address of a file of ready media."""
    (url,) = [
        file["url"]
        for file in media["shown"]["files"]
        if file["size"] == size and file["contentType"] == content_type
    ]
    return str(url)


def changed_addresses(url: str, media_id: str, other_id: str) -> dict[str, str]:
    """Return addresses that lead nowhere, made of a good one."""
    base, _, ticket = local(url).partition("?ticket=")
    seconds, _, proof = ticket.partition(".")
    return {
        "no ticket": base,
        "an empty one": f"{base}?ticket=",
        "another proof": f"{base}?ticket={seconds}.{'0' * 64}",
        "a proof of one sign less": f"{base}?ticket={seconds}.{proof[:-1]}",
        "a later end": f"{base}?ticket={int(seconds) + 3600}.{proof}",
        "an end of many digits": f"{base}?ticket={'9' * 400}.{proof}",
        "of another": f"{base.replace(media_id, other_id)}?ticket={ticket}",
        "of none": f"{base.replace(media_id, 'a' * 26)}?ticket={ticket}",
        "of a path": f"{base.replace(media_id, '..%2f..%2fetc%2fpasswd')}?ticket={ticket}",
        "of signs that are none": f"{base}?ticket=%ff%00{ticket}",
    }


NOT_OURS = list(changed_addresses("http://x/a?ticket=1.2", "a", "b"))


def files_in(folder: Path) -> set[str]:
    """Return what lies below the media of a data folder."""
    root = folder / "media"
    return {str(file.relative_to(root)) for file in root.rglob("*") if file.is_file()}
