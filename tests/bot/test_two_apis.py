"""Two APIs on one store, as in production, hold the order of a conversation together (ADR 14)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.bot.repository import ChatRepository, Floor
from api.collections import COLLECTIONS
from api.kit.store.sqlite import SqliteStore
from api.main import create_app
from api.settings import Settings
from api.wiring import services_on
from tests.bot.chats import new_key, say, texts
from tests.bot.fake_rasa import FakeRasa
from tests.bot.test_turns import until
from tests.conftest import MovableClock

pytestmark = pytest.mark.own_file


@pytest.fixture
async def other_client(
    client: httpx.AsyncClient, settings: Settings, tmp_path: Path, clock: MovableClock
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of another API, which has the file open for itself."""
    store = SqliteStore(tmp_path / "test.db", clock)
    await store.open(COLLECTIONS)
    async with services_on(store, settings, clock) as services:
        app = create_app(settings)
        app.state.services = services
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            yield http
    await store.close()


async def asked_of_both(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, rasa: FakeRasa, under_way: int
) -> list[dict[str, Any]]:
    """Send six messages of one conversation; the bot answers once it has so many of them."""
    conversation = (await say(client, "hello"))["conversation"]["id"]
    rasa.gate.clear()
    asked = [
        asyncio.create_task(say(one, f"number {order}", conversationId=conversation))
        for order, one in enumerate((client, other_client) * 3)
    ]
    await until(lambda: len(rasa.received) > under_way)
    rasa.gate.set()
    return await asyncio.gather(*asked)


async def test_messages_of_one_conversation_reach_the_bot_one_at_a_time(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    results = await asked_of_both(client, other_client, rasa, under_way=1)

    assert rasa.answering_at_most == 1
    assert sorted(texts(result)[0] for result in results) == [
        f"You said number {order}" for order in range(6)
    ]


async def test_control_without_the_floor_they_reach_it_together(
    client: httpx.AsyncClient,
    other_client: httpx.AsyncClient,
    rasa: FakeRasa,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def taken_by_all(*_: object) -> Floor:
        return Floor(bot_knew=True)

    monkeypatch.setattr(ChatRepository, "take_floor", taken_by_all)

    await asked_of_both(client, other_client, rasa, under_way=2)

    assert rasa.answering_at_most > 1


async def test_a_message_sent_to_both_is_answered_once(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    conversation = (await say(client, "hello"))["conversation"]["id"]
    message = {"text": "again", "key": new_key(), "conversationId": conversation}

    one, other = await asyncio.gather(say(client, **message), say(other_client, **message))

    assert one == other
    assert rasa.texts() == ["hello", "again"]
