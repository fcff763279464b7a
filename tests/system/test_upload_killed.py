"""20 MB over ten connections that break, and a kill -9 of the API: whole at the end, byte for byte."""

import hashlib
import random
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from demo.people import signed_in
from demo.phone import Phone
from tests.media.sound_files import wav
from tests.system.running_product import RunningProduct, running_product, wait_until

BREAKS = 10
SPEAKS = {"tus-resumable": "1.0.0"}
PIECES = {**SPEAKS, "content-type": "application/offset+octet-stream"}
RECORDING = wav(seconds=1_311)


@pytest.fixture
def product(tmp_path: Path) -> Iterator[RunningProduct]:
    with running_product(tmp_path) as running:
        yield running


def opened(phone: Phone) -> tuple[str, str]:
    """Return the id of a resumable upload of the recording, and its path."""
    asked = {
        "kind": "AUDIO",
        "byteCount": len(RECORDING),
        "contentType": "audio/wav",
        "isResumable": True,
        "idempotencyKey": uuid.uuid4().hex,
    }
    answer = phone.ask("media/RequestUpload", {"input": asked})["requestUpload"]
    parts = urlsplit(str(answer["upload"]["url"]))
    return answer["media"]["id"], f"{parts.path}?{parts.query}"


def offset_of(product: RunningProduct, path: str) -> int:
    reply = product.client.head(path, headers=SPEAKS)
    assert reply.status_code == 200, reply.headers
    return int(reply.headers["upload-offset"])


def send_and_break(product: RunningProduct, path: str, offset: int, end: int) -> None:
    """Promise all that is left, send up to `end`, and drop the connection."""
    headers = {
        **PIECES,
        "host": "localhost",
        "upload-offset": str(offset),
        "content-length": str(len(RECORDING) - offset),
    }
    lines = [f"PATCH {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    with socket.create_connection(("127.0.0.1", product.port), timeout=10) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + RECORDING[offset:end])


def sent_to_the_end(product: RunningProduct, path: str, offset: int) -> httpx.Response:
    """Send what is left as a phone does: what a broken connection had sent may still be coming in."""
    while True:
        rest = product.client.patch(
            path, content=RECORDING[offset:], headers={**PIECES, "upload-offset": str(offset)}
        )
        if rest.status_code != 409 or offset_of(product, path) == offset:
            return rest
        offset = offset_of(product, path)


def test_an_upload_survives_broken_connections_and_a_killed_api(
    product: RunningProduct, tmp_path: Path
) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{product.port}", timeout=30) as client:
        phone = signed_in(client, "Phone in the mountains", "mountains")
        media_id, path = opened(phone)
        breaks = sorted(random.Random(7).sample(range(300_000, len(RECORDING)), BREAKS))  # noqa: S311

        offset = 0
        for number, end in enumerate(breaks):
            send_and_break(product, path, offset, max(end, offset + 300_000))
            if number == BREAKS // 2:
                product.kill()
                product.start()
            offset = max(offset, offset_of(product, path))
        assert offset > len(RECORDING) // 2  # what had come stayed
        rest = sent_to_the_end(product, path, offset)

        kept = tmp_path / "var" / "media" / "incoming" / media_id
        assert len(RECORDING) > 20_000_000
        assert rest.status_code == 204, rest.text
        assert hashlib.sha256(kept.read_bytes()).digest() == hashlib.sha256(RECORDING).digest()
        completed = phone.ask("media/CompleteUpload", {"input": {"id": media_id}})
        assert completed["completeUpload"]["media"]["state"] == "PROCESSING"
        wait_until(lambda: phone.ask("media/Media", {"id": media_id})["media"]["state"] == "READY")
