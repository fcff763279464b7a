"""Uploads that go on where they broke off (tus 1.0.0)."""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from api.context import Services
from api.kit.bounded_body import ClientGone
from api.kit.request_refusals import BodyTooSlow
from api.kit.store import Store
from api.media.folder_files import FolderFiles
from api.media.resumable.errors import Overtaken
from api.media.resumable.part_file import PartFile, Turn
from tests.accounts.exporting import run_jobs
from tests.accounts.people import Answer, SignedInPerson, signed_in
from tests.conftest import MovableClock, send
from tests.media.picture_files import jpeg
from tests.media.uploading import complete, local, look, put, remove, request

PIECES = {"tus-resumable": "1.0.0", "content-type": "application/offset+octet-stream"}
SPEAKS = {"tus-resumable": "1.0.0"}


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


@pytest.fixture
async def upload(client: httpx.AsyncClient, mai: SignedInPerson) -> Answer:
    return await request(client, mai, isResumable=True)


async def patch(
    client: httpx.AsyncClient,
    upload: Answer,
    offset: int,
    piece: bytes | AsyncIterator[bytes],
    **headers: str,
) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.patch(
        local(upload["upload"]["url"]),
        content=piece,
        headers={**PIECES, "upload-offset": str(offset), **named},
    )


async def offset_of(client: httpx.AsyncClient, upload: Answer) -> int:
    reply = await client.head(local(upload["upload"]["url"]), headers=SPEAKS)
    assert reply.status_code == 200, reply.headers
    return int(reply.headers["upload-offset"])


def incoming(folder: Path) -> dict[str, int]:
    """Return what lies among what was sent in, and how long it is; turns are left out."""
    files = (folder / "media" / "incoming").glob("*")
    return {file.name: file.stat().st_size for file in files if file.suffix != ".turn"}


async def test_an_address_says_what_it_speaks(client: httpx.AsyncClient, upload: Answer) -> None:
    reply = await client.options(local(upload["upload"]["url"]))

    assert upload["upload"]["method"] == "TUS"
    assert reply.status_code == 204
    assert reply.headers["tus-version"] == "1.0.0"
    assert reply.headers["tus-extension"] == "expiration,checksum"
    assert reply.headers["tus-checksum-algorithm"] == "sha1,sha256"


async def test_a_new_upload_begins_at_nought(
    client: httpx.AsyncClient, clock: MovableClock, upload: Answer
) -> None:
    reply = await client.head(local(upload["upload"]["url"]), headers=SPEAKS)

    assert reply.status_code == 200
    assert reply.headers["upload-offset"] == "0"
    assert reply.headers["upload-length"] == str(len(jpeg()))
    assert reply.headers["tus-resumable"] == "1.0.0"
    assert reply.headers["cache-control"] == "no-store"
    ends = clock() + timedelta(hours=24)
    assert reply.headers["upload-expires"] == f"{ends:%a, %d %b %Y %H:%M:%S} GMT"


async def test_pieces_make_the_file_whole(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    mai: SignedInPerson,
    upload: Answer,
    tmp_path: Path,
) -> None:
    sent, media_id = jpeg(), upload["media"]["id"]

    first = await patch(client, upload, 0, sent[:100])
    begun = incoming(tmp_path)
    last = await patch(client, upload, 100, sent[100:])

    assert (first.status_code, first.headers["upload-offset"]) == (204, "100")
    assert (last.status_code, last.headers["upload-offset"]) == (204, str(len(sent)))
    assert begun == {f"{media_id}.part": 100}
    assert (tmp_path / "media" / "incoming" / media_id).read_bytes() == sent
    assert incoming(tmp_path) == {media_id: len(sent)}
    assert (await complete(client, mai, media_id))["media"]["state"] == "PROCESSING"
    await run_jobs(services, clock)
    found = await look(client, mai, media_id)
    assert found is not None
    assert found["state"] == "READY"
    assert incoming(tmp_path) == {}


async def test_an_upload_in_pieces_is_not_complete_before_its_end(
    client: httpx.AsyncClient, mai: SignedInPerson, upload: Answer
) -> None:
    await patch(client, upload, 0, jpeg()[:-1])

    result = await complete(client, mai, upload["media"]["id"])

    assert result["code"] == "NOT_UPLOADED"
    assert await offset_of(client, upload) == len(jpeg()) - 1


@pytest.mark.parametrize("offset", [0, 99, 101, 10**14])
async def test_a_piece_that_does_not_join_is_refused_and_told_where_to_go_on(
    client: httpx.AsyncClient, upload: Answer, tmp_path: Path, offset: int
) -> None:
    await patch(client, upload, 0, jpeg()[:100])

    reply = await patch(client, upload, offset, b"")

    assert reply.status_code == 409
    assert reply.json()["code"] == "OFFSET_DIFFERS"
    assert reply.headers["upload-offset"] == "100"
    assert list(incoming(tmp_path).values()) == [100]


async def test_more_than_was_announced_is_refused(
    client: httpx.AsyncClient, upload: Answer, tmp_path: Path
) -> None:
    await patch(client, upload, 0, jpeg()[:100])

    reply = await patch(client, upload, 100, jpeg())

    assert reply.status_code == 413
    assert list(incoming(tmp_path).values()) == [100]


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"tus_resumable": "0.2.2"}, 412, "VERSION_NOT_SPOKEN"),
        ({"tus_resumable": ""}, 412, "VERSION_NOT_SPOKEN"),
        ({"content_type": "image/jpeg"}, 415, "NOT_A_PIECE"),
        ({"content_encoding": "gzip"}, 415, "NOT_A_PIECE"),
        ({"upload_offset": "-1"}, 415, "NOT_A_PIECE"),
        ({"upload_offset": "1e3"}, 415, "NOT_A_PIECE"),
        ({"upload_offset": "9" * 5_000}, 415, "NOT_A_PIECE"),
        ({"upload_checksum": "md5 abc="}, 400, "CHECKSUM_UNKNOWN"),
        ({"upload_checksum": "sha1 %%%"}, 400, "CHECKSUM_UNKNOWN"),
        ({"upload_checksum": "sha1"}, 400, "CHECKSUM_UNKNOWN"),
    ],
)
async def test_what_is_not_tus_is_refused(
    client: httpx.AsyncClient,
    upload: Answer,
    tmp_path: Path,
    headers: dict[str, str],
    status: int,
    code: str,
) -> None:
    reply = await patch(client, upload, 0, jpeg(), **headers)

    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert incoming(tmp_path) == {}


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
async def test_a_piece_with_its_checksum_is_kept(
    client: httpx.AsyncClient, upload: Answer, tmp_path: Path, algorithm: str
) -> None:
    piece = jpeg()[:200]
    digest = base64.b64encode(hashlib.new(algorithm, piece).digest()).decode()

    reply = await patch(client, upload, 0, piece, upload_checksum=f"{algorithm} {digest}")

    assert reply.status_code == 204
    assert incoming(tmp_path) == {f"{upload['media']['id']}.part": 200}


async def test_a_piece_that_was_damaged_on_its_way_is_not_kept(
    client: httpx.AsyncClient, upload: Answer, tmp_path: Path
) -> None:
    digest = base64.b64encode(hashlib.sha1(jpeg()[:200]).digest()).decode()  # noqa: S324 - tus names it
    await patch(client, upload, 0, jpeg()[:10])

    reply = await patch(client, upload, 10, jpeg()[1:201], upload_checksum=f"sha1 {digest}")

    assert (reply.status_code, reply.json()["code"]) == (460, "CHECKSUM_DIFFERS")
    assert incoming(tmp_path) == {f"{upload['media']['id']}.part": 10}


@pytest.mark.parametrize("error", [ClientGone, BodyTooSlow])
async def test_of_a_connection_that_breaks_what_came_is_kept(
    client: httpx.AsyncClient,
    services: Services,
    upload: Answer,
    tmp_path: Path,
    error: type[Exception],
) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield jpeg()[:70]
        yield jpeg()[70:120]
        raise error

    resuming, address = services.media.resuming, str(upload["upload"]["url"])
    link = parse_qs(urlsplit(address).query)
    media = await resuming.awaited(upload["media"]["id"], link["ticket"][0])

    with pytest.raises(error):
        await resuming.append(media, 0, body(), None)

    assert list(incoming(tmp_path).values()) == [120]
    assert (await patch(client, upload, 120, jpeg()[120:])).status_code == 204
    assert await offset_of(client, upload) == len(jpeg())


async def test_a_dead_connection_cannot_write_any_more_once_another_goes_on(
    client: httpx.AsyncClient, services: Services, upload: Answer, tmp_path: Path
) -> None:
    media_id = upload["media"]["id"]
    assert isinstance(services.media.files, FolderFiles)
    part = services.media.files.part(media_id)
    dead = part.take_turn()
    part.append(dead, 0, jpeg()[:50])

    told = await offset_of(client, upload)

    with pytest.raises(Overtaken):
        part.append(dead, 50, b"late")
    with pytest.raises(Overtaken):
        part.settle(dead, len(jpeg()))
    assert told == 50
    assert incoming(tmp_path) == {f"{media_id}.part": 50}


@pytest.mark.parametrize("checksums", [{}, {"upload_checksum": "sha256 "}])
async def test_a_last_piece_that_somebody_else_put_in_its_place_is_told_as_kept(
    client: httpx.AsyncClient,
    upload: Answer,
    monkeypatch: pytest.MonkeyPatch,
    checksums: dict[str, str],
) -> None:
    settle = PartFile.settle
    digest = base64.b64encode(hashlib.sha256(jpeg()).digest()).decode()
    headers = {name: algorithm + digest for name, algorithm in checksums.items()}

    def settle_late(part: PartFile, turn: Turn, byte_count: int) -> int:
        settle(part, part.take_turn(), byte_count)
        return settle(part, turn, byte_count)

    monkeypatch.setattr(PartFile, "settle", settle_late)
    reply = await patch(client, upload, 0, jpeg(), **headers)

    assert reply.status_code == 204
    assert reply.headers["upload-offset"] == str(len(jpeg()))


async def test_a_last_piece_is_told_as_kept_though_somebody_asked_meanwhile_where_to_go_on(
    client: httpx.AsyncClient, upload: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle = PartFile.settle

    def settle_after_another_took_the_turn(part: PartFile, turn: Turn, byte_count: int) -> int:
        part.take_turn()
        return settle(part, turn, byte_count)

    monkeypatch.setattr(PartFile, "settle", settle_after_another_took_the_turn)
    reply = await patch(client, upload, 0, jpeg())

    assert reply.status_code == 204
    assert reply.headers["upload-offset"] == str(len(jpeg()))


async def test_of_two_that_send_at_once_one_is_kept(
    client: httpx.AsyncClient, upload: Answer, tmp_path: Path
) -> None:
    replies = await asyncio.gather(*(patch(client, upload, 0, jpeg()) for _ in range(8)))

    kept = (tmp_path / "media" / "incoming" / upload["media"]["id"]).read_bytes()
    assert kept == jpeg()
    assert {reply.status_code for reply in replies} <= {204, 409}
    assert 204 in {reply.status_code for reply in replies}


async def test_a_file_that_was_whole_when_the_process_died_is_put_in_its_place(
    client: httpx.AsyncClient, services: Services, upload: Answer, tmp_path: Path
) -> None:
    assert isinstance(services.media.files, FolderFiles)
    part = services.media.files.part(upload["media"]["id"])
    part.append(part.take_turn(), 0, jpeg())

    told = await offset_of(client, upload)

    assert told == len(jpeg())
    assert incoming(tmp_path) == {upload["media"]["id"]: len(jpeg())}


async def test_an_upload_stays_open_for_a_day_and_goes_with_what_has_come(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    upload: Answer,
    tmp_path: Path,
) -> None:
    await patch(client, upload, 0, jpeg()[:100])
    clock.advance(hours=23, minutes=59)
    still = await offset_of(client, upload)

    clock.advance(minutes=2)
    closed = await client.head(local(upload["upload"]["url"]), headers=SPEAKS)
    clock.advance(minutes=20)
    await run_jobs(services, clock)

    assert still == 100
    assert closed.status_code == 403
    assert incoming(tmp_path) == {}


async def test_a_removed_upload_takes_nothing(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    mai: SignedInPerson,
    upload: Answer,
    tmp_path: Path,
) -> None:
    await patch(client, upload, 0, jpeg()[:100])
    await remove(client, mai, upload["media"]["id"])

    reply = await patch(client, upload, 100, jpeg()[100:])
    await run_jobs(services, clock)

    assert reply.status_code == 403
    assert incoming(tmp_path) == {}


async def test_an_upload_that_is_not_resumable_takes_no_pieces(
    client: httpx.AsyncClient, mai: SignedInPerson, tmp_path: Path
) -> None:
    whole = await request(client, mai)

    reply = await patch(client, whole, 0, jpeg())

    assert (reply.status_code, reply.json()["code"]) == (403, "LINK_REFUSED")
    assert incoming(tmp_path) == {}


async def test_a_resumable_upload_may_come_whole_too(
    client: httpx.AsyncClient, mai: SignedInPerson, upload: Answer
) -> None:
    await patch(client, upload, 0, jpeg()[:100])

    reply = await put(client, upload["upload"]["url"], jpeg())

    assert reply.status_code == 204
    assert await offset_of(client, upload) == len(jpeg())
    assert (await complete(client, mai, upload["media"]["id"]))["media"]["state"] == "PROCESSING"


async def test_an_app_that_was_closed_asks_for_the_address_again(
    client: httpx.AsyncClient, mai: SignedInPerson, upload: Answer
) -> None:
    await patch(client, upload, 0, jpeg()[:100])

    data = await send(
        client, "media/ResumeUpload", {"id": upload["media"]["id"]}, headers=mai.headers
    )

    assert data["media"]["upload"]["url"] == upload["upload"]["url"]
    assert data["media"]["upload"]["method"] == "TUS"


async def test_networks_that_let_no_patch_through_send_by_post(
    client: httpx.AsyncClient, upload: Answer
) -> None:
    reply = await client.post(
        local(upload["upload"]["url"]),
        content=jpeg(),
        headers={**PIECES, "upload-offset": "0", "x-http-method-override": "PATCH"},
    )

    assert reply.status_code == 204
    assert await offset_of(client, upload) == len(jpeg())


async def test_the_same_request_in_pieces_and_not_is_another_request(
    client: httpx.AsyncClient, store: Store, mai: SignedInPerson
) -> None:
    key = "one-key-for-two-requests"
    await request(client, mai, idempotencyKey=key, isResumable=True)

    result = await request(client, mai, idempotencyKey=key)

    assert result["code"] == "IDEMPOTENCY_KEY_REUSED"
