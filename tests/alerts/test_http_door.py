"""POST /cap/v1/alerts: who may, what is answered, and that a refusal leaves nothing behind."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from api.alerts.cap_xml import BYTES_AT_MOST
from api.alerts.errors import AgencyKeyNotFound, InvalidAgencyKey
from api.alerts.repository import ALERT_MESSAGES, ALERTS
from api.context import Services
from api.kit.jobs import JOBS
from api.kit.store import Store, StoreUnavailable
from tests.alerts.conftest import Door
from tests.alerts.messages import SENDER, alert, info
from tests.conftest import NOW, MovableClock

pytestmark = pytest.mark.own_file

CAP = {"content-type": "application/cap+xml"}


async def kept(store: Store) -> tuple[int, int, int]:
    """Count what a message leaves in the store."""
    return (
        await store[ALERTS].count({}),
        await store[ALERT_MESSAGES].count({}),
        await store[JOBS].count({}),
    )


async def test_a_new_message_is_answered_with_its_ids(door: Door, store: Store) -> None:
    reply = await door.post(alert())

    answer = reply.json()
    assert reply.status_code == 201
    assert answer == {
        "id": answer["id"],
        "identifier": "flood-1",
        "sender": SENDER,
        "sent": "2026-05-01T09:00:00+00:00",
        "delivery": "WARNS",
        "replay": False,
        "ended": [],
        "foreignReferences": 0,
        "signature": "NONE",
    }
    assert await kept(store) == (1, 1, 1)


async def test_what_is_kept_is_the_whole_message_as_it_came(door: Door, store: Store) -> None:
    message = alert(info(headline="Lũ quét"))

    answer = await door.accepts(message)

    document = await store[ALERT_MESSAGES].get(str(answer["id"]))
    assert document is not None
    assert base64.b64decode(document["raw"]) == message
    assert document["message"]["infos"][0]["headline"] == "Lũ quét"


async def test_the_same_message_again_changes_nothing(door: Door, store: Store) -> None:
    first = await door.post(alert())
    before = await kept(store)

    again = await door.post(alert())

    assert again.status_code == 200
    assert again.json() == first.json() | {"replay": True}
    assert await kept(store) == before


@pytest.mark.parametrize(
    "same",
    [
        alert().replace(b"<status>", b"\n  <!-- again -->\n  <status>"),
        alert(prolog=""),
        alert(sent="2026-05-01T09:00:00-00:00"),
    ],
    ids=["indented", "without declaration", "in another zone"],
)
async def test_a_message_that_only_looks_different_is_the_same(
    door: Door, store: Store, same: bytes
) -> None:
    await door.accepts(alert())

    again = await door.post(same)

    assert (again.status_code, again.json()["replay"]) == (200, True)
    assert (await kept(store))[0] == 1


async def test_other_content_under_the_same_name_is_refused(door: Door, store: Store) -> None:
    await door.accepts(alert())
    before = await kept(store)

    reply = await door.post(alert(info(event="Khác")))

    assert reply.status_code == 409
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json() == {
        "type": "urn:laocai:problem:conflicting-message",
        "title": "The message was not accepted.",
        "status": 409,
        "detail": "Another message with this sender, identifier and sent time was accepted before;"
        " give a new message an identifier of its own.",
        "code": "CONFLICTING_MESSAGE",
        "element": "identifier",
    }
    assert await kept(store) == before


async def test_a_refusal_names_element_and_line_in_the_readers_language(
    door: Door, store: Store
) -> None:
    broken = alert(prolog="").replace(b"<severity>Severe</severity>", b"\n<severity>Bad</severity>")

    reply = await door.post(broken, language="vi")

    assert reply.status_code == 422
    assert reply.headers["content-language"] == "vi"
    assert reply.json() == {
        "type": "urn:laocai:problem:value-not-allowed",
        "title": "Bản tin không được chấp nhận.",
        "status": 422,
        "detail": "Phần tử severity có giá trị mà CAP 1.2 không cho phép.",
        "code": "VALUE_NOT_ALLOWED",
        "element": "severity",
        "line": 2,
    }
    assert await kept(store) == (0, 0, 0)


async def test_while_no_agency_has_a_key_everybody_is_refused(
    client: httpx.AsyncClient, store: Store
) -> None:
    without = await client.post("/cap/v1/alerts", content=alert(), headers=CAP)
    with_some = await client.post(
        "/cap/v1/alerts", content=alert(), headers={**CAP, "authorization": "Bearer x"}
    )

    for reply in (without, with_some):
        assert (reply.status_code, reply.json()["code"]) == (403, "KEY_REFUSED")
    assert await kept(store) == (0, 0, 0)


async def test_without_a_key_the_door_says_that_one_is_needed(
    door: Door, client: httpx.AsyncClient, store: Store
) -> None:
    reply = await client.post("/cap/v1/alerts", content=alert(), headers=CAP)

    assert (reply.status_code, reply.json()["code"]) == (401, "KEY_MISSING")
    assert reply.headers["www-authenticate"] == 'Bearer realm="cap"'
    assert await kept(store) == (0, 0, 0)


WRONG_KEYS: dict[str, Callable[[str], str]] = {
    "nonsense": lambda _: "nonsense",
    "one digit off": lambda key: key[:-1] + ("0" if key[-1] != "0" else "1"),
    "one digit more": lambda key: key + "0",
    "upper case": lambda key: key.upper(),
    "no secret": lambda key: key.rpartition(".")[0] + ".",
    "another prefix": lambda key: "other." + key.partition(".")[2],
    "no id": lambda key: "laocai-cap.." + key.rpartition(".")[2],
    "another id": lambda key: key.replace(key.split(".")[1], "a" * 26),
    "no ASCII": lambda _: "\xff" * 20,
}


@pytest.mark.parametrize("change", WRONG_KEYS.values(), ids=WRONG_KEYS)
async def test_a_wrong_key_is_refused(
    door: Door, store: Store, change: Callable[[str], str]
) -> None:
    reply = await door.client.post(
        "/cap/v1/alerts",
        content=alert(),
        headers=[
            (b"authorization", b"Bearer " + change(door.key).encode("latin-1")),
            (b"content-type", b"text/xml"),
        ],
    )

    assert (reply.status_code, reply.json()["code"]) == (403, "KEY_REFUSED")
    assert await kept(store) == (0, 0, 0)


async def test_a_revoked_key_is_refused_at_once(
    door: Door, services: Services, store: Store
) -> None:
    (agency,) = await services.alerts.keys.list()
    await services.alerts.keys.create("Another", [SENDER])

    await services.alerts.keys.revoke(agency.key_id)

    reply = await door.post(alert())
    assert (reply.status_code, reply.json()["code"]) == (403, "KEY_REFUSED")
    assert await kept(store) == (0, 0, 0)


async def test_an_agency_speaks_for_its_own_senders_only(door: Door, store: Store) -> None:
    reply = await door.post(alert(sender="somebody@else.example"))

    assert (reply.status_code, reply.json()["code"], reply.json()["element"]) == (
        403,
        "SENDER_NOT_ALLOWED",
        "sender",
    )
    assert await kept(store) == (0, 0, 0)


async def test_a_key_is_kept_only_as_a_hash(services: Services, tmp_path: Path) -> None:
    made = await services.alerts.keys.create("Civil Defence", [SENDER])

    secret = made.key.rpartition(".")[2].encode()
    files = [path.read_bytes() for path in tmp_path.glob("test.db*")]  # noqa: ASYNC240
    assert len(secret) == 64
    assert any(made.agency.key_id.encode() in content for content in files)
    assert not any(secret in content for content in files)


@pytest.mark.parametrize(
    "content_type",
    ["application/cap+xml", "application/xml", "text/xml", "Text/XML; charset=utf-8"],
)
async def test_cap_and_xml_are_taken(door: Door, content_type: str) -> None:
    reply = await door.post(alert(), content_type=content_type)

    assert reply.status_code == 201


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/json"},
        {"content-type": ""},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "text/xml", "content-encoding": "gzip"},
    ],
)
async def test_other_media_types_are_refused(
    door: Door, store: Store, headers: dict[str, str]
) -> None:
    reply = await door.client.post(
        "/cap/v1/alerts",
        content=alert(),
        headers={"authorization": f"Bearer {door.key}", **headers},
    )

    assert (reply.status_code, reply.json()["code"]) == (415, "MEDIA_TYPE_NOT_SUPPORTED")
    assert await kept(store) == (0, 0, 0)


async def test_a_body_that_says_it_is_too_large_is_refused(door: Door, store: Store) -> None:
    reply = await door.post(alert() + b" " * BYTES_AT_MOST)

    assert (reply.status_code, reply.json()["code"]) == (413, "BODY_TOO_LARGE")
    assert await kept(store) == (0, 0, 0)


async def test_a_body_without_an_end_is_not_read_to_its_end(door: Door, store: Store) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b" " * 65_536

    reply = await door.client.post(
        "/cap/v1/alerts",
        content=endless(),
        headers={"authorization": f"Bearer {door.key}", **CAP},
    )

    assert reply.status_code == 413
    assert sent <= BYTES_AT_MOST // 65_536 + 2
    assert await kept(store) == (0, 0, 0)


async def test_nothing_is_read_for_a_caller_without_a_key(client: httpx.AsyncClient) -> None:
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        read += 1
        yield b"<alert/>"

    reply = await client.post("/cap/v1/alerts", content=body(), headers=CAP)

    assert (reply.status_code, read) == (403, 0)


async def test_a_slow_body_is_given_up(
    door: Door, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.alerts.rest.BODY_SECONDS", 0.05)

    async def slow() -> AsyncIterator[bytes]:
        yield b"<alert"
        await asyncio.sleep(30)

    reply = await door.client.post(
        "/cap/v1/alerts",
        content=slow(),
        headers={"authorization": f"Bearer {door.key}", **CAP},
    )

    assert (reply.status_code, reply.json()["code"]) == (408, "BODY_TOO_SLOW")
    assert await kept(store) == (0, 0, 0)


@pytest.mark.parametrize("body", [b"", b"\x00", b"null", b"{}", b"\xff\xfe", b"<", b"<alert"])
async def test_what_is_no_xml_is_refused(door: Door, store: Store, body: bytes) -> None:
    reply = await door.post(body)

    assert (reply.status_code, reply.json()["code"]) == (400, "NOT_WELL_FORMED")
    assert await kept(store) == (0, 0, 0)


async def test_a_feed_is_no_message(door: Door) -> None:
    reply = await door.post(b'<feed xmlns="http://www.w3.org/2005/Atom"/>')

    assert (reply.status_code, reply.json()["code"]) == (422, "NOT_CAP")


async def test_a_store_that_is_away_is_no_bug_of_the_caller(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise StoreUnavailable("mongodb://user:secret@host")

    monkeypatch.setattr("api.alerts.acceptance.Acceptance.accept", away)

    reply = await door.post(alert())

    assert (reply.status_code, reply.json()["code"]) == (503, "STORE_UNAVAILABLE")
    assert reply.headers["retry-after"] == "1"
    assert "secret" not in reply.text


@pytest.mark.parametrize(
    ("name", "senders"),
    [("", [SENDER]), ("  ", [SENDER]), ("Agency", []), ("Agency", ["a b"]), ("Agency", ["a,b"])],
)
async def test_a_key_without_a_name_or_a_sender_is_not_made(
    services: Services, name: str, senders: list[str]
) -> None:
    with pytest.raises(InvalidAgencyKey):
        await services.alerts.keys.create(name, senders)

    assert await services.alerts.keys.list() == []


async def test_revoking_twice_keeps_the_first_time(services: Services, clock: MovableClock) -> None:
    made = await services.alerts.keys.create("Agency", [SENDER])
    await services.alerts.keys.revoke(made.agency.key_id)
    clock.advance(hours=1)

    again = await services.alerts.keys.revoke(made.agency.key_id)

    assert again.revoked_at == NOW


async def test_a_key_that_does_not_exist_cannot_be_revoked(services: Services) -> None:
    with pytest.raises(AgencyKeyNotFound):
        await services.alerts.keys.revoke("nobody")
