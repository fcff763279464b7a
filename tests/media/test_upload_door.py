"""Bytes in: signed addresses, exact lengths, and what comes too late."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from typing_extensions import override

from api.context import Services
from api.media import rest
from api.media.errors import LinkRefused
from api.media.folder_files import FolderFiles
from api.media.records import Media
from tests.accounts.people import MINJUN, Answer, SignedInPerson, signed_in
from tests.conftest import MovableClock
from tests.media.picture_files import jpeg
from tests.media.uploading import (
    NOT_OURS,
    changed_addresses,
    complete,
    files_in,
    finished,
    local,
    put,
    request,
    url_of,
)


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


@pytest.fixture
async def photo(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, mai: SignedInPerson
) -> Answer:
    return await finished(client, services, clock, mai)


async def test_the_bytes_arrive_whole(
    client: httpx.AsyncClient, mai: SignedInPerson, tmp_path: Path
) -> None:
    requested = await request(client, mai)

    reply = await put(client, requested["upload"]["url"], jpeg())

    kept = tmp_path / "media" / "incoming" / requested["media"]["id"]
    assert reply.status_code == 204
    assert kept.read_bytes() == jpeg()
    assert kept.stat().st_mode & 0o777 == 0o600


async def test_sent_again_the_last_ones_count(
    client: httpx.AsyncClient, mai: SignedInPerson, tmp_path: Path
) -> None:
    requested = await request(client, mai)
    await put(client, requested["upload"]["url"], bytes(len(jpeg())))

    await put(client, requested["upload"]["url"], jpeg())

    kept = tmp_path / "media" / "incoming" / requested["media"]["id"]
    assert kept.read_bytes() == jpeg()


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (jpeg() + b"x", 413, "BODY_TOO_LARGE"),
        (jpeg()[:-1], 422, "SIZE_DIFFERS"),
        (b"", 422, "SIZE_DIFFERS"),
    ],
)
@pytest.mark.parametrize("is_length_told", [True, False])
async def test_another_length_than_announced_is_refused(
    client: httpx.AsyncClient,
    mai: SignedInPerson,
    tmp_path: Path,
    sent: bytes,
    status: int,
    code: str,
    is_length_told: bool,
) -> None:
    requested = await request(client, mai)

    async def in_pieces() -> AsyncIterator[bytes]:
        yield sent[:100]
        yield sent[100:]

    reply = await client.put(
        local(requested["upload"]["url"]), content=sent if is_length_told else in_pieces()
    )

    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert reply.headers["content-type"] == "application/problem+json"
    assert files_in(tmp_path) == set()


async def test_nothing_is_read_of_a_body_without_end(
    client: httpx.AsyncClient, mai: SignedInPerson, tmp_path: Path
) -> None:
    requested = await request(client, mai, byteCount=100_000)
    given = 0

    async def without_end() -> AsyncIterator[bytes]:
        nonlocal given
        while True:
            given += 50_000
            yield bytes(50_000)

    reply = await client.put(local(requested["upload"]["url"]), content=without_end())

    assert reply.status_code == 413
    assert given <= 200_000
    assert files_in(tmp_path) == set()


async def test_a_body_that_takes_too_long_is_refused(
    client: httpx.AsyncClient,
    mai: SignedInPerson,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rest, "BODY_SECONDS", 0.05)
    requested = await request(client, mai)

    async def slow() -> AsyncIterator[bytes]:
        yield jpeg()[:10]
        await asyncio.Event().wait()

    reply = await client.put(local(requested["upload"]["url"]), content=slow())

    assert (reply.status_code, reply.json()["code"]) == (408, "BODY_TOO_SLOW")
    assert files_in(tmp_path) == set()


async def test_a_packed_body_is_refused(client: httpx.AsyncClient, mai: SignedInPerson) -> None:
    requested = await request(client, mai)

    reply = await client.put(
        local(requested["upload"]["url"]), content=jpeg(), headers={"content-encoding": "gzip"}
    )

    assert reply.status_code == 422


async def test_no_more_than_a_few_sendings_of_one_upload(
    client: httpx.AsyncClient, mai: SignedInPerson
) -> None:
    requested = await request(client, mai)

    replies = [await put(client, requested["upload"]["url"], jpeg()) for _ in range(21)]

    assert [reply.status_code for reply in replies] == [204] * 20 + [429]
    assert int(replies[-1].headers["retry-after"]) > 0


@pytest.mark.parametrize("name", NOT_OURS)
async def test_an_upload_needs_its_own_address(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, tmp_path: Path, name: str
) -> None:
    requested = await request(client, mai)
    other = await request(client, await signed_in(client, services, MINJUN))
    url = changed_addresses(
        requested["upload"]["url"], requested["media"]["id"], other["media"]["id"]
    )[name]

    reply = await client.put(url, content=jpeg(), headers={"accept-language": "vi"})

    assert (reply.status_code, reply.json()["code"]) in [(403, "LINK_REFUSED"), (404, "NOT_FOUND")]
    assert reply.headers["content-type"] == "application/problem+json"
    assert files_in(tmp_path) == set()


async def test_an_upload_s_address_ends(
    client: httpx.AsyncClient, clock: MovableClock, mai: SignedInPerson, tmp_path: Path
) -> None:
    requested = await request(client, mai)
    clock.advance(minutes=30)

    reply = await put(client, requested["upload"]["url"], jpeg(), language="vi")

    assert reply.status_code == 403
    assert reply.json()["detail"] == (
        "Liên kết này không còn hiệu lực. Vui lòng mở lại trong ứng dụng."
    )
    assert files_in(tmp_path) == set()


async def test_what_is_complete_cannot_bechanged_addresses(
    client: httpx.AsyncClient, mai: SignedInPerson, tmp_path: Path
) -> None:
    requested = await request(client, mai)
    await put(client, requested["upload"]["url"], jpeg())
    await complete(client, mai, requested["media"]["id"])

    reply = await put(client, requested["upload"]["url"], bytes(len(jpeg())))

    kept = tmp_path / "media" / "incoming" / requested["media"]["id"]
    assert (reply.status_code, reply.json()["code"]) == (409, "UPLOAD_CLOSED")
    assert kept.read_bytes() == jpeg()


async def test_a_link_to_see_is_none_to_send(
    client: httpx.AsyncClient, mai: SignedInPerson, photo: Answer
) -> None:
    ticket = url_of(photo).partition("?ticket=")[2]

    reply = await client.put(f"/v1/media/uploads/{photo['id']}?ticket={ticket}", content=jpeg())

    assert reply.status_code == 403


async def test_a_disk_that_is_full_is_told_and_leaves_nothing(
    client: httpx.AsyncClient,
    mai: SignedInPerson,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    requested = await request(client, mai)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("api.media.folder_files.os.fsync", full)

    reply = await put(client, requested["upload"]["url"], jpeg())

    assert (reply.status_code, reply.json()["code"]) == (503, "MEDIA_UNAVAILABLE")
    assert reply.headers["retry-after"] == "5"
    assert files_in(tmp_path) == set()


async def test_what_was_removed_while_it_came_leaves_nothing(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, tmp_path: Path
) -> None:
    requested = await request(client, mai)
    media_id = requested["media"]["id"]

    async def removed_meanwhile() -> AsyncIterator[bytes]:
        yield jpeg()[:100]
        await services.media.removal.remove_now(media_id)
        yield jpeg()[100:]

    reply = await client.put(local(requested["upload"]["url"]), content=removed_meanwhile())

    assert reply.status_code == 403
    assert files_in(tmp_path) == set()


async def test_what_was_removed_before_it_came_leaves_nothing(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, tmp_path: Path
) -> None:
    requested = await request(client, mai)
    media = await opened(services, requested)
    await services.media.removal.remove_now(media.id)

    with pytest.raises(LinkRefused):
        await services.media.uploads.receive(media, in_one_piece())

    assert files_in(tmp_path) == set()


async def test_unless_one_looks_again_it_stays(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, tmp_path: Path
) -> None:
    """The control."""
    requested = await request(client, mai)
    media, files = await opened(services, requested), services.media.files
    await services.media.removal.remove_now(media.id)
    assert isinstance(files, FolderFiles)

    await files.receive(media, in_one_piece())

    assert files_in(tmp_path) == {f"incoming/{media.id}"}


class CountedPiece(bytes):
    """Notes how often anybody asks for its length."""

    asked = 0

    @override
    def __len__(self) -> int:
        CountedPiece.asked += 1
        return super().__len__()


async def test_bytes_that_drip_in_cost_no_more_the_more_have_come(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson
) -> None:
    pieces = [CountedPiece(jpeg()[at : at + 1]) for at in range(len(jpeg()))]
    media, files = await opened(services, await request(client, mai)), services.media.files
    assert isinstance(files, FolderFiles)
    CountedPiece.asked = 0

    async def dripping() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    received = await files.receive(media, dripping())

    assert received == len(jpeg())
    assert CountedPiece.asked <= 2 * len(pieces)


async def opened(services: Services, requested: Answer) -> Media:
    """Do what the door does before it reads."""
    ticket = requested["upload"]["url"].partition("?ticket=")[2]
    return await services.media.uploads.awaited(requested["media"]["id"], ticket)


async def in_one_piece() -> AsyncIterator[bytes]:
    yield jpeg()
