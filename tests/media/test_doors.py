"""Bytes in and bytes out: signed addresses, exact lengths, ranges, and headers."""

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
from tests.media.sound_files import wav
from tests.media.uploading import complete, finished, local, put, remove, request, sent_in, url_of


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


def files_in(folder: Path) -> set[str]:
    root = folder / "media"
    return {str(file.relative_to(root)) for file in root.rglob("*") if file.is_file()}


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


def _changed(url: str, media_id: str, other_id: str) -> dict[str, str]:
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


NOT_OURS = list(_changed("http://x/a?ticket=1.2", "a", "b"))


@pytest.mark.parametrize("name", NOT_OURS)
async def test_an_upload_needs_its_own_address(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, tmp_path: Path, name: str
) -> None:
    requested = await request(client, mai)
    other = await request(client, await signed_in(client, services, MINJUN))
    url = _changed(requested["upload"]["url"], requested["media"]["id"], other["media"]["id"])[name]

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


async def test_what_is_complete_cannot_be_changed(
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
    url = _changed(url_of(photo), photo["id"], other["id"])[name]

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
