"""A local AWS: as much of SNS and SES (v2) as sends one text, on loopback, with trouble to order."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from aiohttp import web

SNS_XML = "http://sns.amazonaws.com/doc/2010-03-31/"


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer. `hangs`: nothing, until the server ends. `garbled`: no form of either service.

    `lost`: what was asked for never reached anybody.
    """

    status: int = 200
    code: str = ""
    message: str = "no"
    headers: dict[str, str] = field(default_factory=dict[str, str])
    hangs: bool = False
    lost: bool = False
    reset: bool = False
    garbled: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it came. `fields`: SNS's form, or SES's JSON."""

    to: str
    fields: dict[str, Any]
    authorization: str


OK = Reply()
HANGS = Reply(hangs=True)
Script = Callable[[Sent], Reply]


class FakeAws:
    """Answers by `script`; what it was given reached the phone or mailbox, unless it was lost."""

    def __init__(self, script: Script = lambda _: OK) -> None:
        self.script: Script = script
        self.requests: list[Sent] = []
        self.deliveries: Counter[str] = Counter()
        self.arrived = asyncio.Event()
        self.url = ""
        self._ends = asyncio.Event()

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator["FakeAws"]:
        app = web.Application()
        app.router.add_post("/", self._publish)
        app.router.add_post("/v2/email/outbound-emails", self._send_email)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            self._ends.set()
            await runner.cleanup()

    async def _publish(self, request: web.Request) -> web.Response:
        fields = dict(parse_qsl(await request.text()))
        reply = await self._reply(request, fields["PhoneNumber"], fields)
        if reply.garbled:
            return web.Response(text="<html>not SNS", status=reply.status)
        body = (
            f'<PublishResponse xmlns="{SNS_XML}"><PublishResult><MessageId>1</MessageId>'
            "</PublishResult></PublishResponse>"
            if reply.status == 200
            else f'<ErrorResponse xmlns="{SNS_XML}"><Error><Type>Sender</Type><Code>{reply.code}'
            f"</Code><Message>{escape(reply.message)}</Message></Error></ErrorResponse>"
        )
        return web.Response(
            text=body, status=reply.status, headers=reply.headers, content_type="text/xml"
        )

    async def _send_email(self, request: web.Request) -> web.Response:
        fields: dict[str, Any] = await request.json()
        (to,) = fields["Destination"]["ToAddresses"]
        reply = await self._reply(request, to, fields)
        if reply.status == 200:
            return web.json_response({"MessageId": "1"})
        headers = {"x-amzn-ErrorType": reply.code, **reply.headers}
        return web.json_response({"message": reply.message}, status=reply.status, headers=headers)

    async def _reply(self, request: web.Request, to: str, fields: dict[str, Any]) -> Reply:
        sent = Sent(to, fields, request.headers["authorization"])
        self.requests.append(sent)
        self.arrived.set()
        reply = self.script(sent)
        self.deliveries[to] += not reply.lost
        if reply.hangs:
            await self._ends.wait()
        if reply.reset:
            assert request.transport is not None
            request.transport.abort()
        return reply
