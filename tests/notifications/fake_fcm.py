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

PROJECT = "laocai-test"
ERROR_TYPE = "type.googleapis.com/google.firebase.fcm.v1.FcmError"


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer. `reset`: cut the connection instead. `delivered`: the phone got it anyway."""

    status: int = 200
    code: str | None = None
    headers: dict[str, str] = field(default_factory=dict[str, str])
    reset: bool = False
    delivered: bool = False

    @property
    def body(self) -> dict[str, Any]:
        if self.status == 200:
            return {"name": f"projects/{PROJECT}/messages/0:1"}
        details = [{"@type": ERROR_TYPE, "errorCode": self.code}] if self.code else []
        return {"error": {"code": self.status, "message": "no", "details": details}}


OK = Reply()
UNREGISTERED = Reply(404, "UNREGISTERED")
Script = Callable[[str], Reply]


def always_ok(_: str) -> Reply:
    return OK


class FakeFcm:
    """Answers by `script`, a function of the registration."""

    def __init__(self) -> None:
        self.script: Script = always_ok
        self.requests: list[dict[str, Any]] = []
        self.authorizations: Counter[str] = Counter()
        self.deliveries: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.tokens_given = 0
        self.token_status = 200
        self.concurrent = 0
        self.most_concurrent = 0
        self.answer_after_seconds = 0.0
        self.url = ""

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator["FakeFcm"]:
        app = web.Application()
        app.router.add_post("/token", self._token)
        app.router.add_post(f"/v1/projects/{PROJECT}/messages:send", self._send)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _token(self, _: web.Request) -> web.Response:
        self.tokens_given += 1
        if self.token_status != 200:
            return web.json_response({"error": "unavailable"}, status=self.token_status)
        token = f"token-{self.tokens_given}"
        return web.json_response({"access_token": token, "expires_in": 3600})

    async def _send(self, request: web.Request) -> web.Response:
        self.concurrent += 1
        self.most_concurrent = max(self.most_concurrent, self.concurrent)
        try:
            return await self._answer(request)
        finally:
            self.concurrent -= 1

    async def _answer(self, request: web.Request) -> web.Response:
        message = (await request.json())["message"]
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
            assert request.transport is not None
            request.transport.abort()
        return web.json_response(reply.body, status=reply.status, headers=reply.headers)


def write_credentials(folder: Path, url: str) -> Path:
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
                "token_uri": f"{url}/token",
            }
        )
    )
    return file
