"""Firebase Cloud Messaging, HTTP v1.

firebase-admin gives app, credential and message shapes. Its own bulk call does not do for a
fan-out: it leaves failed responses open and hangs after about a hundred, and costs ten times more.
"""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import aiohttp
import structlog

from api.kit.clock import Clock
from notifications.devices import Platform
from notifications.payload import Payload
from notifications.senders import Answer, Message, Report, Verdict
from notifications.senders.access_tokens import AccessTokens, AccessTokenUnavailable
from notifications.senders.brake import Brake
from notifications.senders.fcm_replies import answer_to
from notifications.senders.token_bucket import TokenBucket

log = structlog.get_logger()

SEND_SECONDS_AT_MOST = 10.0
CONNECTIONS_AT_MOST = 256
REQUESTS_AT_ONCE = 64
"""Of one call to `send`; the worker makes several at a time."""

_EXPIRED = Answer(Verdict.EXPIRED)


class FcmSender:
    """Sends over kept-alive connections. Implements Sender."""

    def __init__(
        self, credentials_file: Path, clock: Clock, *, url: str, messages_per_minute: int
    ) -> None:
        """Read the service account. Raises OSError or ValueError when the file holds none."""
        self._tokens = AccessTokens(credentials_file, clock)
        self._clock = clock
        self._url = f"{url.rstrip('/')}/v1/projects/{self._tokens.project_id}/messages:send"
        self._quota = TokenBucket(messages_per_minute)
        self._brake = Brake()
        self._http: aiohttp.ClientSession | None = None

    async def send(self, messages: Sequence[Message], report: Report) -> None:
        remaining = iter(messages)
        payloads: dict[tuple[str, str, Platform], Payload] = {}
        async with asyncio.TaskGroup() as senders:
            for _ in range(min(REQUESTS_AT_ONCE, len(messages))):
                senders.create_task(self._send_each(remaining, payloads, report))

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()
        self._tokens.close()

    async def _send_each(
        self,
        messages: Iterator[Message],
        payloads: dict[tuple[str, str, Platform], Payload],
        report: Report,
    ) -> None:
        for message in messages:
            profile = message.device.profile
            key = (message.notice.id, profile.language, profile.platform)
            if key not in payloads:
                payloads[key] = Payload(
                    message.notice, profile.language, profile.platform, self._clock()
                )
            report(message, await self._send_one(message, payloads[key]))

    async def _send_one(self, message: Message, payload: Payload) -> Answer:
        if (pause := self._brake.remaining()) is not None:
            return Answer(Verdict.TRY_LATER, "braked", pause)
        await self._quota.take()
        if self._clock() >= message.notice.expires_at:
            return _EXPIRED
        try:
            token = await self._tokens.get()
            answer = await self._post(
                payload.addressed_to(message.device.profile.registration), token
            )
        except (aiohttp.ClientError, TimeoutError, AccessTokenUnavailable) as error:
            answer = Answer(Verdict.TRY_LATER, type(error).__name__)
        self._learn(answer)
        return answer

    async def _post(self, body: bytes, token: str) -> Answer:
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        async with self._session().post(
            self._url, data=body, headers=headers, allow_redirects=False
        ) as reply:
            # Always drained, whatever the status: a connection left half read is lost to the pool.
            content = await reply.read()
            answer = answer_to(reply.status, reply.headers, content, self._clock())
        if reply.status in {401, 403} and answer.verdict is Verdict.TRY_LATER:
            log.error("fcm refuses our credentials", status=reply.status, reason=answer.reason)
            self._tokens.discard(token)
        return answer

    def _learn(self, answer: Answer) -> None:
        if answer.verdict is Verdict.TRY_LATER:
            self._brake.failed(answer.retry_after)
        else:
            self._brake.succeeded()

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS_AT_MOST, keepalive_timeout=60),
                timeout=aiohttp.ClientTimeout(total=SEND_SECONDS_AT_MOST),
            )
        return self._http
