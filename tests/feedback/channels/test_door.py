"""The door for systems that send: only what a source of ours signed lately comes in, and once."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.feedback.channels.intake.rest import BYTES_AT_MOST
from api.feedback.channels.intake.signatures import SIGNATURE, SOURCE, signature
from api.feedback.channels.sources.repository import CHANNEL_SOURCES
from tests.accounts.people import new_key
from tests.conftest import MovableClock
from tests.feedback.channels.office import Office

AN_ITEM = {
    "id": "post-1",
    "url": "https://social.example.vn/p/1",
    "publishedAt": "2026-05-01T01:00:00Z",
    "text": "Rác chất đống ở Sa Pa.",
    "author": {"name": "Nguyễn Văn Canary", "handle": "@canary"},
}


@dataclass(slots=True)
class System:
    """Sends as a source of the office's does."""

    client: httpx.AsyncClient
    clock: MovableClock
    source_id: str
    secret: str

    async def send(
        self, *items: dict[str, Any], body: bytes | None = None, **headers: str
    ) -> httpx.Response:
        content = json.dumps({"items": items}).encode() if body is None else body
        signed = {
            SOURCE: self.source_id,
            SIGNATURE: signature(self.secret, self.source_id, content, self.clock()),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        raw = {name.encode(): value.encode() for name, value in signed.items()}
        return await self.client.post("/v1/channels/items", content=content, headers=raw)


@pytest.fixture
def system(app: FastAPI, client: httpx.AsyncClient, office: Office) -> System:
    made = office.system
    assert app.state.services is office.services
    return System(client, office.clock, made.source.id, made.secret)


def refused(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["code"]


async def test_a_batch_comes_in_once_however_often_it_is_sent(
    system: System, office: Office
) -> None:
    other = {**AN_ITEM, "id": "post-2", "text": "Đường ngập ở Bắc Hà."}

    replies = [await system.send(AN_ITEM, other), await system.send(AN_ITEM, other)]

    assert [(one.status_code, one.json()) for one in replies] == [
        (200, {"taken": 2, "known": 0}),
        (200, {"taken": 0, "known": 2}),
    ]
    assert await office.items() == 2


async def test_one_id_of_two_sources_is_two_items(system: System, office: Office) -> None:
    made = await office.services.feedback.channels.sources.add_webhook(
        office.clerk, "Khác", new_key()
    )
    another = System(system.client, system.clock, made.source.id, made.secret)

    await system.send(AN_ITEM)
    reply = await another.send(AN_ITEM)

    assert reply.json() == {"taken": 1, "known": 0}


async def test_a_system_that_sent_is_heard(system: System, office: Office) -> None:
    await system.send(AN_ITEM)

    document = await office.services.store[CHANNEL_SOURCES].get(system.source_id)
    assert document is not None
    assert document["heard_at"] == office.clock()


@pytest.mark.parametrize(
    "header",
    [
        "",
        "v1=00",
        "t=1,v1=" + "0" * 64,
        "t=1,t=2,v1=" + "0" * 64,
        "t=x,v1=" + "0" * 64,
        "t=1777600000,v1=đ",
        "t=1777600000," + "v1=" + "0" * 1_000,
    ],
)
async def test_a_forged_signature_is_refused(system: System, office: Office, header: str) -> None:
    reply = await system.send(AN_ITEM, x_laocai_signature=header)

    assert refused(reply) == (401, "SIGNATURE_WRONG")
    assert await office.items() == 0


async def test_another_body_under_a_signature_is_refused(system: System, office: Office) -> None:
    signed = signature(system.secret, system.source_id, b'{"items": []}', office.clock())

    reply = await system.send(AN_ITEM, x_laocai_signature=signed)

    assert refused(reply) == (401, "SIGNATURE_WRONG")


async def test_the_secret_of_another_source_opens_nothing(system: System, office: Office) -> None:
    made = await office.services.feedback.channels.sources.add_webhook(
        office.clerk, "Khác", new_key()
    )
    forger = System(system.client, system.clock, system.source_id, made.secret)

    reply = await forger.send(AN_ITEM)

    assert refused(reply) == (401, "SIGNATURE_WRONG")
    assert await office.items() == 0


async def test_what_one_source_signed_is_not_another_s(system: System, office: Office) -> None:
    body = json.dumps({"items": [AN_ITEM]}).encode()
    signed = signature(system.secret, "a" * 26, body, office.clock())

    reply = await system.send(body=body, x_laocai_signature=signed)

    assert refused(reply) == (401, "SIGNATURE_WRONG")


@pytest.mark.parametrize("source", ["", "a" * 26, "../etc", "x" * 5_000])
async def test_a_source_that_is_not_there_is_answered_alike(system: System, source: str) -> None:
    wrong = await system.send(AN_ITEM, x_laocai_signature="t=1,v1=00")
    unknown = await system.send(AN_ITEM, x_laocai_source=source)

    assert (unknown.status_code, unknown.json()) == (wrong.status_code, wrong.json())


async def test_a_feed_has_no_door(system: System, office: Office) -> None:
    feed = await office.services.feedback.channels.sources.add_feed(
        office.clerk, "Báo", "https://paper.example.vn/rss", new_key()
    )

    reply = await System(system.client, system.clock, feed.id, "").send(AN_ITEM)

    assert refused(reply) == (401, "SIGNATURE_WRONG")


@pytest.mark.parametrize(("seconds", "status"), [(299, 200), (301, 401), (-299, 200), (-301, 401)])
async def test_a_signature_is_good_for_five_minutes(
    system: System, office: Office, seconds: int, status: int
) -> None:
    body = json.dumps({"items": [AN_ITEM]}).encode()
    moment = office.clock() - timedelta(seconds=seconds)
    signed = signature(system.secret, system.source_id, body, moment)

    reply = await system.send(body=body, x_laocai_signature=signed)

    assert reply.status_code == status
    assert await office.items() == (1 if status == 200 else 0)


async def test_a_rotated_secret_leaves_a_day_for_the_one_before(
    system: System, office: Office
) -> None:
    sources = office.services.feedback.channels.sources
    turned = await sources.rotate(office.clerk, system.source_id)
    new = System(system.client, system.clock, system.source_id, turned.secret)

    at_once = [(await one.send(AN_ITEM)).status_code for one in (system, new)]
    office.wait(hours=24)
    a_day_later = [(await one.send(AN_ITEM)).status_code for one in (system, new)]

    assert (at_once, a_day_later) == ([200, 200], [401, 200])


async def test_two_rotations_end_the_first_secret(system: System, office: Office) -> None:
    sources = office.services.feedback.channels.sources
    for _ in range(2):
        await sources.rotate(office.clerk, system.source_id)

    assert refused(await system.send(AN_ITEM)) == (401, "SIGNATURE_WRONG")


async def test_a_paused_source_is_told_so(system: System, office: Office) -> None:
    await office.services.feedback.channels.sources.pause(office.clerk, system.source_id)

    assert refused(await system.send(AN_ITEM)) == (409, "SOURCE_PAUSED")
    assert await office.items() == 0


@pytest.mark.parametrize(
    ("body", "item"),
    [
        (b"", None),
        (b"[]", None),
        (b'{"items": []}', None),
        (b"\xff", None),
        (b'{"items": ' + b"[" * 5_000, None),
        (json.dumps({"items": [AN_ITEM] * 101}).encode(), None),
        (json.dumps({"items": [AN_ITEM, {"id": "2"}]}).encode(), 1),
        (json.dumps({"items": [{**AN_ITEM, "id": 7}]}).encode(), 0),
        (json.dumps({"items": [{**AN_ITEM, "text": "a" * 20_001}]}).encode(), 0),
        (json.dumps({"items": [{**AN_ITEM, "publishedAt": "2026-05-01T01:00:00"}]}).encode(), 0),
    ],
)
async def test_of_a_batch_that_is_not_understood_nothing_comes_in(
    system: System, office: Office, body: bytes, item: int | None
) -> None:
    reply = await system.send(body=body)

    assert refused(reply) == (422, "NOT_UNDERSTOOD")
    assert reply.json().get("item") == item
    assert await office.items() == 0


async def test_a_body_that_is_too_long_is_refused(system: System, office: Office) -> None:
    reply = await system.send(body=b" " * (BYTES_AT_MOST + 1))

    assert reply.status_code == 413
    assert await office.items() == 0


async def test_a_clock_that_is_ahead_makes_nothing_of_tomorrow(
    system: System, office: Office
) -> None:
    ahead = (office.clock() + timedelta(days=3)).isoformat()

    await system.send({**AN_ITEM, "publishedAt": ahead})

    (issue,) = await office.issues()
    assert issue.last_at == office.clock()


async def test_what_is_older_than_what_is_kept_does_not_come_in(
    system: System, office: Office
) -> None:
    old = (office.clock() - timedelta(days=90)).isoformat()

    reply = await system.send({**AN_ITEM, "publishedAt": old})

    assert reply.json() == {"taken": 0, "known": 1}
    assert await office.items() == 0


async def test_whoever_wrote_it_is_in_no_document(system: System, office: Office) -> None:
    text = "Gọi 0912 345 678, canary@example.com, @canary_account: rác chất đống ở Sa Pa."
    await system.send({**AN_ITEM, "text": text})

    (issue,) = await office.issues()
    page = await office.services.feedback.channels.issues.items(issue, 10, None)
    (item,) = page.items
    assert item.words.text == "Gọi •••, •••, •••: rác chất đống ở Sa Pa."
