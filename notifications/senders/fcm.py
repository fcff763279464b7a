"""Firebase Cloud Messaging, HTTP v1.

firebase-admin gives app, credential and message shapes. Its own bulk call does not do for a
fan-out: it leaves failed responses open and hangs after about a hundred, and costs fifty times more
(bench/push.py, ADR 6).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import certifi
import structlog

from api.kit.clock import Clock
from notifications.devices import Platform
from notifications.payload import Payload
from notifications.senders import Answer, Message, Report, Verdict
from notifications.senders.access_tokens import AccessTokens, AccessTokenUnavailable
from notifications.senders.brake import Brake
from notifications.senders.fcm_replies import answer_to
from notifications.senders.http2_posts import Failed, Http2Posts, Reply, Request
from notifications.senders.token_bucket import TokenBucket

log = structlog.get_logger()

SEND_SECONDS_AT_MOST = 10.0
REQUESTS_AT_ONCE = 192
"""Of one call to `send`. The worker makes five at a time, and what is kept free for EXTREME must find room, too."""

QUOTA_PAUSE_SECONDS = 0.02
"""When the quota is used up, a pause as long as this saves up for many: a timer for each would cost more than it."""

_EXPIRED = Answer(Verdict.EXPIRED)


class _Flight:
    """What one call to `send` has under way."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._payloads: dict[tuple[str, str, Platform], Payload] = {}
        self.under_way: dict[_Sent, Request] = {}
        self._landed = asyncio.Event()

    async def below(self, most: int) -> None:
        """Wait until fewer than `most` are under way."""
        while len(self.under_way) >= most:
            self._landed.clear()
            await self._landed.wait()

    def payload(self, message: Message, now: datetime) -> Payload:
        profile = message.device.profile
        key = (message.notice.id, profile.language, profile.platform)
        if (payload := self._payloads.get(key)) is None:
            payload = Payload(message.notice, profile.language, profile.platform, now)
            self._payloads[key] = payload
        return payload

    def drop(self, posts: Http2Posts) -> None:
        """Let go of what is under way."""
        for sent, request in self.under_way.items():
            posts.drop(request, sent)
        self.under_way.clear()

    def land(self, sent: "_Sent", answer: Answer) -> None:
        del self.under_way[sent]
        self._landed.set()
        self.report(sent.message, answer)


@dataclass(
    slots=True, eq=False
)  # not frozen: a hundred thousand of these are made in a few seconds
class _Sent:
    """A message under way (notifications.senders.http2_posts.Awaiting)."""

    sender: "FcmSender"
    flight: _Flight
    message: Message
    token: str

    def landed(self, came: Reply | Failed) -> None:
        self.flight.land(self, self.sender.judge(came, self.token))


class FcmSender:
    """Sends many at a time over a few connections. Implements Sender."""

    def __init__(
        self,
        credentials_file: Path,
        clock: Clock,
        *,
        url: str,
        messages_per_minute: int,
        certificates: str | None = None,
    ) -> None:
        """Read the service account. Raises OSError or ValueError when the file holds none.

        `certificates`: the file of the certificates trusted, those of certifi when None.
        """
        self._tokens = AccessTokens(credentials_file, clock)
        self._clock = clock
        self._url = f"{url.rstrip('/')}/v1/projects/{self._tokens.project_id}/messages:send"
        self._certificates = certificates or certifi.where()
        self._quota = TokenBucket(messages_per_minute)
        self._brake = Brake()
        self._headers: tuple[str, Sequence[str]] = ("", ())
        self._posts: Http2Posts | None = None

    async def send(self, messages: Sequence[Message], report: Report) -> None:
        flight, posts = _Flight(report), self._connected()
        try:
            for message in messages:
                # Whatever need not be awaited is not: a coroutine for nothing costs as much as a frame.
                if (pause := self._brake.remaining()) is not None:
                    report(message, Answer(Verdict.TRY_LATER, "braked", pause))
                    continue
                if (wait := self._quota.reserve()) > 0:
                    await asyncio.sleep(max(wait, QUOTA_PAUSE_SECONDS))
                if len(flight.under_way) >= REQUESTS_AT_ONCE:
                    await flight.below(REQUESTS_AT_ONCE)
                if posts.is_full:
                    await posts.room()
                token = self._tokens.current() or await self._token(message, report)
                if token is not None:
                    self._begin(flight, posts, message, token)
            await flight.below(1)
        finally:
            flight.drop(posts)

    async def close(self) -> None:
        if self._posts is not None:
            await self._posts.close()
        self._tokens.close()

    async def _token(self, message: Message, report: Report) -> str | None:
        """Fetch a token, or report that there is none."""
        try:
            return await self._tokens.get()
        except AccessTokenUnavailable as error:
            report(message, self._learned(Answer(Verdict.TRY_LATER, type(error).__name__)))
            return None

    def _begin(self, flight: _Flight, posts: Http2Posts, message: Message, token: str) -> None:
        now = self._clock()
        if now >= message.notice.expires_at:
            flight.report(message, _EXPIRED)
            return
        body = flight.payload(message, now).addressed_to(message.device.profile.registration)
        sent = _Sent(self, flight, message, token)
        flight.under_way[sent] = posts.post(self._headers_with(token), body, sent)

    def judge(self, came: Reply | Failed, token: str) -> Answer:
        """Return what a reply to a request with `token` means, and learn from it."""
        if isinstance(came, Failed):
            return self._learned(Answer(Verdict.TRY_LATER, came.reason))
        answer = answer_to(came)
        if came.status in {401, 403} and answer.verdict is Verdict.TRY_LATER:
            log.error("fcm refuses our credentials", status=came.status, reason=answer.reason)
            self._tokens.discard(token)
        return self._learned(answer)

    def _learned(self, answer: Answer) -> Answer:
        if answer.verdict is Verdict.TRY_LATER:
            self._brake.failed(answer.retry_after)
        else:
            self._brake.succeeded()
        return answer

    def _connected(self) -> Http2Posts:
        if self._posts is None:
            self._posts = Http2Posts(
                self._url,
                certificates=self._certificates,
                seconds_at_most=SEND_SECONDS_AT_MOST,
            )
        return self._posts

    def _headers_with(self, token: str) -> Sequence[str]:
        if self._headers[0] != token:
            lines = (f"authorization: Bearer {token}", "content-type: application/json")
            self._headers = (token, (*lines, "accept:", "expect:", "user-agent: laocai"))
        return self._headers[1]
