"""Bytes out: signed addresses, ranges, and headers."""

from pathlib import Path

import httpx
import pytest

from api.context import Services
from tests.accounts.people import MINJUN, Answer, SignedInPerson, signed_in
from tests.conftest import MovableClock
from tests.media.sound_files import wav
from tests.media.uploading import (
    NOT_OURS,
    changed_addresses,
    finished,
    local,
    remove,
    sent_in,
    url_of,
)


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


@pytest.fixture
async def recording(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, mai: SignedInPerson
) -> Answer:
    told = {"kind": "AUDIO", "contentType": "audio/wav"}
    return await finished(client, services, clock, mai, wav(), **told)


@pytest.fixture
async def photo(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, mai: SignedInPerson
) -> Answer:
    return await finished(client, services, clock, mai)


async def test_a_file_is_served_safely(client: httpx.AsyncClient, photo: Answer) -> None:
    reply = await client.get(local(url_of(photo)))

    headers = reply.headers
    assert reply.status_code == 200
    assert reply.content[:4] == b"RIFF"
    assert headers["content-type"] == "image/webp"
    assert headers["content-length"] == str(len(reply.content))
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert headers["content-disposition"] == 'inline; filename="large.webp"'
    assert headers["cache-control"] == "private, max-age=5400, immutable"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["accept-ranges"] == "bytes"


async def test_a_file_is_not_sent_twice_to_who_has_it(
    client: httpx.AsyncClient, photo: Answer
) -> None:
    first = await client.get(local(url_of(photo)))

    again = await client.get(local(url_of(photo)), headers={"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


async def test_an_address_stays_the_same_for_an_hour(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, photo: Answer
) -> None:
    urls: list[str] = []
    for minutes in (0, 29, 1):
        clock.advance(minutes=minutes)
        links = await services.media.library.links([photo["id"]])
        urls.append(links[photo["id"]].files[0][1])

    assert urls[0] == urls[1]
    assert urls[2] != urls[0]


@pytest.mark.parametrize("name", NOT_OURS)
async def test_a_file_needs_its_own_address(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    photo: Answer,
    name: str,
) -> None:
    stranger = await signed_in(client, services, MINJUN)
    other = await finished(client, services, clock, stranger)
    url = changed_addresses(url_of(photo), photo["id"], other["id"])[name]

    reply = await client.get(url)

    assert (reply.status_code, reply.json()["code"]) in [(403, "LINK_REFUSED"), (404, "NOT_FOUND")]
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "name", ["large.avif", "large.svg", "sent", "..", "large.webp%00", "x" * 3_000]
)
async def test_a_link_opens_its_own_file_only(
    client: httpx.AsyncClient, photo: Answer, name: str
) -> None:
    url = local(url_of(photo)).replace("large.webp", name)

    reply = await client.get(url)

    assert reply.status_code in (403, 404)


async def test_a_link_ends(client: httpx.AsyncClient, clock: MovableClock, photo: Answer) -> None:
    clock.advance(minutes=90)

    reply = await client.get(local(url_of(photo)), headers={"accept-language": "fr"})

    assert (reply.status_code, reply.json()["code"]) == (403, "LINK_REFUSED")
    assert reply.json()["detail"] == (
        "Ce lien n’est plus valable. Ouvrez-le de nouveau dans l’application."
    )


async def test_what_was_removed_is_served_no_more(
    client: httpx.AsyncClient, mai: SignedInPerson, photo: Answer
) -> None:
    await remove(client, mai, photo["id"])

    reply = await client.get(local(url_of(photo)))

    assert reply.status_code == 403


async def test_what_was_sent_in_is_never_served(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    media_id = await sent_in(client, mai)

    replies = [
        await client.get(f"/v1/media/{first}/{second}")
        for first, second in ((media_id, media_id), ("incoming", media_id), ("uploads", media_id))
    ]

    assert [reply.status_code for reply in replies] == [403, 403, 403]


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        ("bytes=0-99", 206, 0, 100),
        ("bytes=16000-", 206, 16_000, 16_044),
        ("bytes=-44", 206, 16_000, 16_044),
        ("bytes=-99999", 200, 0, 16_044),
        ("bytes=44-99999", 206, 44, 16_044),
        ("bytes=0-", 200, 0, 16_044),
        ("bytes=5-4", 200, 0, 16_044),
        ("bytes=0-1,5-6", 200, 0, 16_044),
        ("bytes=-", 200, 0, 16_044),
        ("pages=1-2", 200, 0, 16_044),
        ("bytes=" + "9" * 400 + "-", 200, 0, 16_044),
    ],
)
async def test_parts_of_a_recording_are_served(
    client: httpx.AsyncClient, recording: Answer, asked: str, status: int, start: int, end: int
) -> None:
    url = local(url_of(recording, "SOUND", "audio/wav"))
    whole = (await client.get(url)).content

    reply = await client.get(url, headers={"range": asked})

    assert len(whole) == 16_044
    assert (reply.status_code, reply.content) == (status, whole[start:end])
    assert reply.headers.get("content-range") == (
        f"bytes {start}-{end - 1}/16044" if status == 206 else None
    )


@pytest.mark.parametrize("asked", ["bytes=16044-", "bytes=16044-16050", "bytes=-0"])
async def test_what_lies_behind_the_end_is_not_there(
    client: httpx.AsyncClient, recording: Answer, asked: str
) -> None:
    url = local(url_of(recording, "SOUND", "audio/wav"))

    reply = await client.get(url, headers={"range": asked})

    assert (reply.status_code, reply.content) == (416, b"")
    assert reply.headers["content-range"] == "bytes */16044"


async def test_a_part_of_another_version_is_the_whole(
    client: httpx.AsyncClient, recording: Answer
) -> None:
    url = local(url_of(recording, "SOUND", "audio/wav"))

    reply = await client.get(url, headers={"range": "bytes=0-1", "if-range": '"another"'})

    assert (reply.status_code, len(reply.content)) == (200, 16_044)


async def test_a_head_tells_without_bytes(client: httpx.AsyncClient, recording: Answer) -> None:
    reply = await client.head(local(url_of(recording, "SOUND", "audio/wav")))

    assert (reply.status_code, reply.content) == (200, b"")
    assert reply.headers["content-length"] == "16044"


async def test_a_file_that_is_lost_is_no_crash(
    client: httpx.AsyncClient, photo: Answer, tmp_path: Path
) -> None:
    for file in (tmp_path / "media" / "published").rglob("large.webp"):
        file.unlink()

    reply = await client.get(local(url_of(photo)))

    assert (reply.status_code, reply.json()["code"]) == (403, "LINK_REFUSED")
