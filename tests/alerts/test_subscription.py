"""Changes as they happen, over graphql-transport-ws on a real socket."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from api.context import Services
from api.kit.events import Events
from api.kit.geo import Position
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import (
    AROUND_BAC_HA,
    SA_PA,
    alert,
    area,
    info,
    polygon,
    reference,
)
from tests.conftest import MovableClock, document

DEADLINE_SECONDS = 60
LATER = "2026-05-01T16:10:00+07:00"


class Listener:
    """A phone with the app open."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def tell(self, message: object) -> None:
        await self._socket.send(json.dumps(message))

    async def hear(self) -> dict[str, Any]:
        """Return the next message of the server."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            message: dict[str, Any] = json.loads(await self._socket.recv())
        return message

    async def next_alert(self) -> tuple[str, str]:
        """Return the event and the state of the next alert."""
        payload = (await self.hear())["payload"]
        found = payload["data"]["alerts"]
        return found["event"]["text"], found["state"]


@asynccontextmanager
async def listening(
    port: int, at: Position | None = SA_PA, language: str = "vi"
) -> AsyncGenerator[Listener]:
    """Subscribe, and give the listener once it is sure to miss nothing."""
    where = {"latitude": at.latitude, "longitude": at.longitude} if at else None
    url = f"ws://127.0.0.1:{port}/graphql"
    async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
        listener = Listener(socket)
        await listener.tell({"type": "connection_init", "payload": {"language": language}})
        assert (await listener.hear())["type"] == "connection_ack"
        payload = {"query": document("alerts/Alerts"), "variables": {"at": where}}
        await listener.tell({"id": "1", "type": "subscribe", "payload": payload})
        await listener.tell({"type": "ping"})
        assert (await listener.hear())["type"] == "pong"
        yield listener


async def test_a_pong_comes_when_what_was_subscribed_to_before_it_listens(
    port: int, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_answers = asyncio.Event()
    listens = Events.listening

    @asynccontextmanager
    async def listens_late(
        events: Events, topic: str
    ) -> AsyncGenerator[AsyncIterator[dict[str, Any]]]:
        await store_answers.wait()
        async with listens(events, topic) as payloads:
            yield payloads

    monkeypatch.setattr(Events, "listening", listens_late)
    asyncio.get_running_loop().call_later(0.2, store_answers.set)
    async with listening(port):
        assert services.events.listener_count == 1


async def test_a_new_warning_is_heard_where_it_holds(port: int, door: Door) -> None:
    async with listening(port) as listener:
        elsewhere = info(event="Mưa đá", areas=area(polygon(AROUND_BAC_HA)))
        await door.accepts(alert(elsewhere, identifier="elsewhere"))
        await door.accepts(alert(info(event="Lũ quét")))

        assert await listener.next_alert() == ("Lũ quét", "ACTIVE")


async def test_without_a_position_every_warning_is_heard(port: int, door: Door) -> None:
    async with listening(port, at=None) as listener:
        await door.accepts(alert(info(event="Mưa đá", areas=area(polygon(AROUND_BAC_HA)))))

        assert await listener.next_alert() == ("Mưa đá", "ACTIVE")


async def test_it_is_heard_in_the_readers_language(port: int, door: Door) -> None:
    async with listening(port, language="ko") as listener:
        await door.accepts(alert(info("vi"), info("ko", event="돌발 홍수")))

        assert await listener.next_alert() == ("돌발 홍수", "ACTIVE")


async def test_an_update_is_heard_with_what_it_replaces(port: int, door: Door) -> None:
    await door.accepts(alert())
    async with listening(port) as listener:
        await door.accepts(
            alert(
                info(event="Nước tăng"),
                identifier="2",
                sent=LATER,
                msg_type="Update",
                references=reference(),
            )
        )

        assert await listener.next_alert() == ("Lũ quét", "SUPERSEDED")
        assert await listener.next_alert() == ("Nước tăng", "ACTIVE")


async def test_a_cancellation_is_heard(port: int, door: Door) -> None:
    await door.accepts(alert())
    async with listening(port) as listener:
        await door.accepts(
            alert(identifier="3", sent=LATER, msg_type="Cancel", references=reference())
        )

        assert await listener.next_alert() == ("Lũ quét", "CANCELLED")


async def test_a_warning_is_heard_when_it_takes_effect(
    port: int, door: Door, phones: Phones, clock: MovableClock
) -> None:
    async with listening(port) as listener:
        await door.accepts(alert(info(effective="2026-05-01T17:00:00+07:00")))
        await door.accepts(alert(info(event="Ngay bây giờ"), identifier="now"))
        first = await listener.next_alert()
        clock.advance(minutes=30)
        await phones.deliver()

        assert first == ("Ngay bây giờ", "ACTIVE")
        assert await listener.next_alert() == ("Lũ quét", "ACTIVE")


@pytest.mark.parametrize(
    "hidden", [{"status": "Test"}, {"status": "Exercise"}, {"scope": "Private", "addresses": "a"}]
)
async def test_what_is_not_actual_and_public_is_never_heard(
    port: int, door: Door, hidden: dict[str, str]
) -> None:
    async with listening(port, at=None) as listener:
        await door.accepts(alert(info(event="Diễn tập"), identifier="hidden", **hidden))
        await door.accepts(alert(info(event="Thật")))

        assert await listener.next_alert() == ("Thật", "ACTIVE")


async def test_a_position_that_is_not_on_the_earth_is_refused(port: int) -> None:
    url = f"ws://127.0.0.1:{port}/graphql"
    async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
        listener = Listener(socket)
        await listener.tell({"type": "connection_init"})
        await listener.hear()
        payload = {
            "query": document("alerts/Alerts"),
            "variables": {"at": {"latitude": 91, "longitude": 0}},
        }
        await listener.tell({"id": "1", "type": "subscribe", "payload": payload})

        refusal = await listener.hear()

    assert "INVALID_POSITION" in json.dumps(refusal)
