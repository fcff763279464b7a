"""A local FCM: a token endpoint and a send endpoint on loopback, with trouble to order."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.notifications.http2_server import (
    Http2Connection,
    Http2Reply,
    Http2Request,
    server_context,
)

PROJECT = "laocai-test"
ERROR_TYPE = "type.googleapis.com/google.firebase.fcm.v1.FcmError"


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer. `code`: FCM's own, `rpc_status`: that of every Google API.

    `reset`: end the stream without a reply. `delivered`: the phone got it anyway.
    """

    status: int = 200
    code: str | None = None
    headers: dict[str, str] = field(default_factory=dict[str, str])
    reset: bool = False
    delivered: bool = False
    rpc_status: str | None = None

    @property
    def body(self) -> dict[str, Any]:
        if self.status == 200:
            return {"name": f"projects/{PROJECT}/messages/0:1"}
        error: dict[str, Any] = {"code": self.status, "message": "no"}
        if self.code:
            error["details"] = [{"@type": ERROR_TYPE, "errorCode": self.code}]
        if self.rpc_status:
            error["status"] = self.rpc_status
        return {"error": error}


OK = Reply()
UNREGISTERED = Reply(404, "UNREGISTERED")
Script = Callable[[str], Reply]


def always_ok(_: str) -> Reply:
    return OK


class FakeFcm:
    """Answers by `script`, a function of the registration. Messages come by HTTP/2 over TLS."""

    def __init__(self) -> None:
        self.script: Script = always_ok
        self.requests: list[dict[str, Any]] = []
        self.authorizations: Counter[str] = Counter()
        self.deliveries: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.tokens_given = 0
        self.token_status = 200
        self.is_away = False
        self.most_connections = 0
        self.concurrent = 0
        self.most_concurrent = 0
        self.answer_after_seconds = 0.0
        self.connections: list[Http2Connection] = []
        self.url = ""
        self.token_url = ""
        self.certificates = ""

    @asynccontextmanager
    async def serving(self, folder: Path) -> AsyncGenerator["FakeFcm"]:
        """Serve both endpoints; `folder` takes the certificate."""
        app = web.Application()
        app.router.add_post("/token", self._token)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.token_url = f"http://127.0.0.1:{runner.addresses[0][1]}/token"
        context, self.certificates = server_context(folder)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Http2Connection(self._answer, self.connections, lambda: self.is_away),
            "127.0.0.1",
            0,
            ssl=context,
        )
        self.url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            self.cut()
            await runner.cleanup()

    def cut(self) -> None:
        """Cut every connection, with what is under way on it."""
        for connection in list(self.connections):
            connection.cut()

    def fall_silent(self) -> None:
        """Keep every connection and read none of them any more; new ones are served."""
        for connection in self.connections:
            connection.fall_silent()

    async def _token(self, _: web.Request) -> web.Response:
        self.tokens_given += 1
        if self.token_status != 200:
            return web.json_response({"error": "unavailable"}, status=self.token_status)
        token = f"token-{self.tokens_given}"
        return web.json_response({"access_token": token, "expires_in": 3600})

    async def _answer(self, request: Http2Request) -> Http2Reply | None:
        self.concurrent += 1
        self.most_connections = max(self.most_connections, len(self.connections))
        self.most_concurrent = max(self.most_concurrent, self.concurrent)
        try:
            return await self._reply(request)
        finally:
            self.concurrent -= 1

    async def _reply(self, request: Http2Request) -> Http2Reply | None:
        assert request.headers[":path"] == f"/v1/projects/{PROJECT}/messages:send"
        message = json.loads(request.body)["message"]
        registration = str(message.get("token") or message["fid"])
        self.requests.append(message)
        self.asked[registration] += 1
        self.authorizations[request.headers["authorization"]] += 1
        if self.answer_after_seconds:
            await asyncio.sleep(self.answer_after_seconds)
        reply = self.script(registration)
        if reply.status == 200 or reply.delivered:
            self.deliveries[registration] += 1
        if reply.reset:
            return None
        return Http2Reply(reply.status, reply.headers, json.dumps(reply.body).encode())


def write_credentials(folder: Path, token_url: str) -> Path:
    """Write a service account whose token endpoint is the fake's, and return the file."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / "service-account.json"
    file.write_text(
        json.dumps(
            {
                "type": "service_account",
                "project_id": PROJECT,
                "private_key_id": "1",
                "private_key": pem.decode(),
                "client_email": f"push@{PROJECT}.iam.gserviceaccount.com",
                "client_id": "1",
                "token_uri": token_url,
            }
        )
    )
    return file
