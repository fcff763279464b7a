import asyncio

import httpx
import pytest
from aiohttp import web

from tests.bot.chats import say
from tests.bot.fake_rasa import FakeRasa, Json, Reply, always

SOON = pytest.mark.parametrize("bot_timeout_seconds", [0.5])
NUMBERS = ["tel:112", "tel:115", "tel:114", "tel:113"]


async def _garbage(_: web.Request, __: Json) -> web.StreamResponse:
    return web.Response(text="<html>not JSON</html>")


async def _cut(_: web.Request, __: Json) -> web.StreamResponse:
    raise ConnectionResetError


@pytest.mark.parametrize(
    "reply",
    [
        always([]),
        always([{"text": " "}]),
        always({"status": "failure"}, status=500),
        always({"not": "a list"}),
        always([{"text": 7}]),
        _garbage,
        _cut,
    ],
    ids=["silent", "blank", "error 500", "no list", "no text", "no JSON", "cut off"],
)
async def test_a_broken_bot_is_answered_for_with_the_emergency_numbers(
    client: httpx.AsyncClient,
    rasa: FakeRasa,
    reply: Reply,
) -> None:
    rasa.reply = reply

    result = await say(client, "cháy nhà", reader="vi")

    assert result["answeredBy"] == "FALLBACK"
    (only,) = result["replies"]
    assert only["language"] == "vi"
    for number in ("112", "113", "114", "115"):
        assert number in only["text"]
    assert [link["url"] for link in only["links"]] == [
        *NUMBERS,
        "https://nchmf.gov.vn",
        "https://laocai.gov.vn",
    ]


@SOON
async def test_a_slow_bot_is_not_waited_for(client: httpx.AsyncClient, rasa: FakeRasa) -> None:
    rasa.gate.clear()

    result = await asyncio.wait_for(say(client, "hello"), timeout=60)

    assert result["answeredBy"] == "FALLBACK"
    assert len(rasa.received) <= 1  # it may have been given up on before it was reached


@SOON
async def test_a_bot_that_drips_bytes_is_not_waited_for(
    client: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    async def drip(request: web.Request, _: Json) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.05)

    rasa.reply = drip

    result = await asyncio.wait_for(say(client, "hello"), timeout=60)

    assert result["answeredBy"] == "FALLBACK"


async def test_after_a_silence_the_conversation_goes_on(
    client: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    rasa.reply, answers = always([]), rasa.reply
    first = await say(client, "hello")
    rasa.reply = answers

    second = await say(client, "hello?", conversationId=first["conversation"]["id"])

    assert first["answeredBy"] == "FALLBACK"
    assert second["answeredBy"] == "BOT"
    assert second["conversation"] == first["conversation"]
