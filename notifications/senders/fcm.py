"""Firebase Cloud Messaging, HTTP v1.

firebase-admin gives app, credential and message shapes. Its own bulk call does not do for a
fan-out: it leaves failed responses open and hangs after about a hundred, and costs fifty times more
(bench/push.py, ADR 6).
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

import certifi
import structlog

from api.kit.clock import Clock
from notifications.devices import DeviceProfile, Platform
from notifications.notice import Notice, Priority
from notifications.payload import Payload
from notifications.senders import Answer, Message, Report, Verdict
from notifications.senders.access_tokens import AccessTokens, AccessTokenUnavailable
from notifications.senders.brake import Brake
from notifications.senders.fcm_replies import ACCEPTED, answer_to
from notifications.senders.http2_fields import Fields
from notifications.senders.http2_posts import Http2Posts
from notifications.senders.http2_requests import CLOSED, OK, Failed, Reply
from notifications.senders.token_bucket import TokenBucket

log = structlog.get_logger()

SEND_SECONDS_AT_MOST = 10.0
REQUESTS_AT_ONCE = 192
"""Of one call to `send`. The worker makes five at a time, and what is kept free for EXTREME must find room, too."""

BURST_AT_MOST = 48
BURST_SECONDS_AT_MOST = 0.02
"""So many are begun at once, or so long a part of the quota: what need not be asked for each is asked for all."""

_EXPIRED = Answer(Verdict.EXPIRED)
_CLOSED = Answer(Verdict.TRY_LATER, CLOSED.reason)


class _Flight:
    """What one call to `send` has under way (notifications.senders.http2_requests.Awaiting)."""

    def __init__(self, sender: "FcmSender", report: Report) -> None:
        self.report = report
        self._sender = sender
        self._payloads: dict[tuple[str, bool, str, Platform], Payload] = {}
        self._under_way = 0
        self._awaited_below = 0
        self._landed = asyncio.Event()
        self._broke_by: Exception | None = None

    async def below(self, most: int) -> None:
        """Wait until fewer than `most` are under way. Raises what a report raised meanwhile."""
        self._awaited_below = most
        while self._under_way >= most and self._broke_by is None:
            self._landed.clear()
            await self._landed.wait()
        if self._broke_by is not None:
            raise self._broke_by

    def post(
        self, posts: Http2Posts[Message], headers: Fields, message: Message, now: datetime
    ) -> None:
        profile = message.device.profile
        body = self._payload(message.notice, profile, now).addressed_to(profile.registration)
        self._under_way += 1
        posts.post(headers, body, self, message)

    def landed(self, about: Message, came: Reply | Failed) -> None:
        self._under_way -= 1
        try:
            self.report(about, self._sender.judge(came))
        except Exception as error:
            self._broke_by = error
        if self._under_way < self._awaited_below or self._broke_by is not None:
            self._landed.set()

    def _payload(self, notice: Notice, profile: DeviceProfile, now: datetime) -> Payload:
        key = (notice.id, notice.is_quiet, profile.language, profile.platform)
        if (payload := self._payloads.get(key)) is None:
            payload = Payload(notice, profile.language, profile.platform, now)
            self._payloads[key] = payload
        return payload


class FcmSender:
    """Sends many at a time over a few connections. Implements Sender."""

    def __init__(
        self,
        credentials_file: Path,
        clock: Clock,
        *,
        url: str,
        quota: TokenBucket,
        certificates: str | None = None,
    ) -> None:
        """Read the service account. Raises OSError or ValueError when the file holds none.

        `certificates`: the file of the certificates trusted, those of certifi when None.
        """
        self._tokens = AccessTokens(credentials_file, clock)
        self._clock = clock
        self._url = f"{url.rstrip('/')}/v1/projects/{self._tokens.project_id}/messages:send"
        self._certificates = certificates or certifi.where()
        self._quota = quota
        self._brake = Brake()
        self._token = ""
        self._headers: Fields = ()
        self._posts: Http2Posts[Message] | None = None
        self._is_closed = False
        self._urgent = 0
        self._is_calm = asyncio.Event()
        self._is_calm.set()

    async def send(self, messages: Sequence[Message], report: Report) -> None:
        """Try each message (notifications.senders.Sender); after `close` none is sent.

        While there is a call with EXTREME notices, the others begin nothing. What `report` raises is
        raised here, and ends this call only.
        """
        if self._is_closed:
            _report_all(messages, _CLOSED, report)
            return
        is_urgent = any(it.notice.priority is Priority.EXTREME for it in messages)
        self._count_urgent(is_urgent)
        try:
            await self._send(messages, report, self._no_wait if is_urgent else self._is_calm.wait)
        finally:
            self._count_urgent(-is_urgent)

    async def _send(
        self, messages: Sequence[Message], report: Report, turn: Callable[[], Awaitable[object]]
    ) -> None:
        flight, posts = _Flight(self, report), self._connected()
        size = min(BURST_AT_MOST, self._quota.worth(BURST_SECONDS_AT_MOST))
        try:
            for start in range(0, len(messages), size):
                burst = messages[start : start + size]
                await turn()
                await flight.below(REQUESTS_AT_ONCE - len(burst) + 1)
                if through := self._let_through(burst, report):
                    await self._begin(flight, posts, through)
            await flight.below(1)
        finally:
            posts.drop(flight)

    async def close(self) -> None:
        """End what is under way: it is to be tried later, by another."""
        if self._is_closed:
            return
        self._is_closed = True
        if self._posts is not None:
            await self._posts.close()
        self._tokens.close()

    def _count_urgent(self, more: int) -> None:
        self._urgent += more
        if self._urgent:
            self._is_calm.clear()
        else:
            self._is_calm.set()

    async def _no_wait(self) -> None:
        """Let what is urgent go now."""

    def _let_through(self, burst: Sequence[Message], report: Report) -> Sequence[Message]:
        """Return those that may be sent now, and report the others."""
        if self._is_closed:
            _report_all(burst, _CLOSED, report)
            return ()
        if not self._brake.is_engaged:
            return burst
        through: list[Message] = []
        for message in burst:
            if (pause := self._brake.remaining()) is None:
                through.append(message)
            else:
                report(message, Answer(Verdict.TRY_LATER, "braked", pause))
        return through

    async def _begin(
        self, flight: _Flight, posts: Http2Posts[Message], burst: Sequence[Message]
    ) -> None:
        await self._quota.take(len(burst))
        headers = await self._current_headers(burst, flight.report)
        if not headers:
            return
        if self._is_closed:
            _report_all(burst, _CLOSED, flight.report)
            return
        now = self._clock()
        for message in burst:
            if now >= message.notice.expires_at:
                flight.report(message, _EXPIRED)
            else:
                flight.post(posts, headers, message, now)

    async def _current_headers(self, burst: Sequence[Message], report: Report) -> Fields:
        """Return the fields with a valid token; none, and `burst` is reported, when there is none."""
        token = self._tokens.current()
        if token is None:
            try:
                token = await self._tokens.get()
            except AccessTokenUnavailable as error:
                answer = Answer(Verdict.TRY_LATER, type(error).__name__)
                for message in burst:
                    report(message, self._learned(answer))
                return ()
        if token != self._token:
            kind, agent = ("content-type", "application/json"), ("user-agent", "laocai")
            self._token = token
            self._headers = (("authorization", f"Bearer {token}"), kind, agent)
        return self._headers

    def judge(self, came: Reply | Failed) -> Answer:
        """Return what a reply means, and learn from it."""
        if came is OK:
            self._brake.succeeded()
            return ACCEPTED
        if came is CLOSED:
            return _CLOSED
        if isinstance(came, Failed):
            return self._learned(Answer(Verdict.TRY_LATER, came.reason))
        try:
            answer = answer_to(came, self._clock())
        except Exception as error:
            # A reply that nobody foresaw must not leave its message without an answer.
            log.error("fcm reply not understood", status=came.status, exc_info=error)
            answer = Answer(Verdict.TRY_LATER, type(error).__name__)
        if came.status in {401, 403} and answer.verdict is Verdict.TRY_LATER:
            log.error("fcm refuses our credentials", status=came.status, reason=answer.reason)
            if came.headers is self._headers:
                self._tokens.discard(self._token)
        return self._learned(answer)

    def _learned(self, answer: Answer) -> Answer:
        if answer.verdict is Verdict.TRY_LATER:
            self._brake.failed(answer.retry_after)
        else:
            self._brake.succeeded()
        return answer

    def _connected(self) -> Http2Posts[Message]:
        if self._posts is None:
            self._posts = Http2Posts(
                self._url,
                certificates=self._certificates,
                seconds_at_most=SEND_SECONDS_AT_MOST,
            )
        return self._posts


def _report_all(messages: Iterable[Message], answer: Answer, report: Report) -> None:
    for message in messages:
        report(message, answer)
