"""A stand-in for Rasa on loopback that answers, waits, breaks or stays silent as told."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

Json = dict[str, Any]
Reply = Callable[[web.Request, Json], Awaitable[web.StreamResponse]]


class FakeRasa:
    """`reply` makes the answer to a message; `gate`, while closed, holds answers back.

    `forgotten`: the conversations it was told to forget, and what was shown for it; it answers
    `forgets_with`, a status.
    """

    def __init__(self) -> None:
        self.received: list[Json] = []
        self.answering = 0
        self.answering_at_most = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.is_asked = asyncio.Event()
        self.reply: Reply = _echo
        self.url = ""
        self.forgotten: list[tuple[str, str]] = []
        self.forgets_with = 204

    async def answer(self, request: web.Request) -> web.StreamResponse:
        message: Json = await request.json()
        self.received.append(message)
        self.is_asked.set()
        self.answering += 1
        self.answering_at_most = max(self.answering_at_most, self.answering)
        try:
            await self.gate.wait()
            return await self.reply(request, message)
        finally:
            self.answering -= 1

    async def forget(self, request: web.Request) -> web.StreamResponse:
        shown = request.headers.get("authorization", "")
        self.forgotten.append((request.match_info["conversation"], shown))
        return web.Response(status=self.forgets_with)

    def texts(self) -> list[str]:
        return [message["message"] for message in self.received]


async def _echo(_: web.Request, message: Json) -> web.StreamResponse:
    return web.json_response([{"recipient_id": "x", "text": f"You said {message['message']}"}])


def always(body: Any, status: int = 200) -> Reply:  # noqa: ANN401
    async def reply(_: web.Request, __: Json) -> web.StreamResponse:
        return web.json_response(body, status=status)

    return reply


@asynccontextmanager
async def running_rasa() -> AsyncGenerator[FakeRasa]:
    rasa = FakeRasa()
    app = web.Application()
    app.router.add_post("/webhooks/rest/webhook", rasa.answer)
    app.router.add_delete("/webhooks/laocai/conversations/{conversation}", rasa.forget)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    rasa.url = f"http://{host}:{port}"
    try:
        yield rasa
    finally:
        rasa.gate.set()
        await runner.cleanup()
