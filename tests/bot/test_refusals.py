from typing import Any

import httpx
import pytest

from api.bot.repository import CONVERSATIONS, TURNS
from api.kit.store import Store
from tests.bot.chats import SA_PA, say
from tests.bot.fake_rasa import FakeRasa
from tests.conftest import MovableClock


@pytest.mark.parametrize(
    ("fields", "code", "message"),
    [
        (
            {"text": ""},
            "EMPTY_MESSAGE",
            "The message has no words. Write something and send it again.",
        ),
        (
            {"text": " /\u200b/ \n"},
            "EMPTY_MESSAGE",
            "The message has no words. Write something and send it again.",
        ),
        (
            {"text": "x" * 1_001},
            "MESSAGE_TOO_LONG",
            "The message is too long: at most 1000 characters.",
        ),
        (
            {"conversationId": "default"},
            "CONVERSATION_NOT_FOUND",
            "This conversation does not exist any more. Begin a new one.",
        ),
        (
            {"conversationId": "a" * 26},
            "CONVERSATION_NOT_FOUND",
            "This conversation does not exist any more. Begin a new one.",
        ),
        (
            {"language": "tlh"},
            "UNKNOWN_LANGUAGE",
            "We do not speak this language yet. Choose one of: vi, en, zh-Hans, fr, ko, ja.",
        ),
        (
            {"position": {"latitude": 91.0, "longitude": 0.0}},
            "INVALID_POSITION",
            "A latitude lies between -90 and 90 degrees and a longitude between -180 and 180 degrees.",
        ),
        (
            {"key": "short"},
            "INVALID_IDEMPOTENCY_KEY",
            "The idempotency key must have 16 to 128 letters, digits or signs, without spaces.",
        ),
    ],
)
async def test_what_cannot_be_answered_is_refused_and_leaves_no_trace(
    client: httpx.AsyncClient,
    rasa: FakeRasa,
    store: Store,
    fields: dict[str, Any],
    code: str,
    message: str,
) -> None:
    result = await say(client, **{"text": "hello", **fields})

    assert result == {"__typename": "ChatError", "code": code, "message": message}
    assert rasa.received == []
    assert await store[TURNS].count({}) == 0
    assert await store[CONVERSATIONS].count({}) == 0


async def test_refusals_come_in_the_readers_language(client: httpx.AsyncClient) -> None:
    result = await say(client, "/", reader="vi")

    assert result["code"] == "EMPTY_MESSAGE"
    assert result["message"] == "Tin nhắn chưa có chữ nào. Hãy viết rồi gửi lại."


async def test_a_conversation_is_forgotten_after_30_days(
    client: httpx.AsyncClient, clock: MovableClock
) -> None:
    first = await say(client, "hello", position=SA_PA)
    clock.advance(days=30, seconds=1)

    result = await say(client, "again", conversationId=first["conversation"]["id"])

    assert result["code"] == "CONVERSATION_NOT_FOUND"


async def test_a_conversation_that_is_used_stays(
    client: httpx.AsyncClient, clock: MovableClock
) -> None:
    first = await say(client, "hello")
    for _ in range(3):
        clock.advance(days=20)

        result = await say(client, "again", conversationId=first["conversation"]["id"])

        assert result["answeredBy"] == "BOT"


async def test_nothing_that_a_person_wrote_or_where_they_were_is_stored(
    client: httpx.AsyncClient, store: Store, rasa: FakeRasa
) -> None:
    await say(client, "my secret illness", position=SA_PA)

    kept = str([await store[TURNS].find({}), await store[CONVERSATIONS].find({})])

    assert rasa.texts() == ["my secret illness"]
    assert "22.33" not in kept
    assert "103.84" not in kept
    assert rasa.received[0]["metadata"]["ticket"] not in kept
