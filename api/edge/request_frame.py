"""What frames every request: its trace id, its log line, its security headers, and the last net."""

import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.edge.replies import encoded_errors, reply
from api.edge.request_record import RequestRecord
from api.kit.presented_errors import UNEXPECTED, ErrorCode
from locales import negotiate, translator

log = structlog.get_logger()


_SECURITY_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cache-control": b"no-store",
}
# An API's answer loads nothing and is framed by nobody; pages bring their own policy or none.
_POLICY_OF_DATA = b"default-src 'none'; frame-ancestors 'none'"
_QUIET_PATHS = ("/health/",)
_SECRET_PATHS = ("/health/emergency-card/",)
"""Whoever has what stands behind it reads what it leads to: no log has it."""
_PATH_CHARACTERS_LOGGED = 200


class RequestFrame:
    """ASGI middleware, outermost but for the framework's own."""

    def __init__(self, app: ASGIApp, *, is_behind_tls: bool) -> None:
        self._app = app
        self._headers = dict(_SECURITY_HEADERS)
        if is_behind_tls:
            self._headers[b"strict-transport-security"] = b"max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        record = RequestRecord.of(scope)
        with structlog.contextvars.bound_contextvars(trace_id=record.trace_id):
            if scope["type"] == "http":
                await self._answer(scope, receive, send, record)
            else:
                await self._app(scope, receive, send)

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, record: RequestRecord
    ) -> None:
        began = time.perf_counter()
        status = 0

        async def framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(message, record)
            await send(message)

        try:
            await self._app(scope, receive, framed)
        except Exception as error:  # the last net: whatever it is, the client gets a trace id
            log.exception("unexpected error", error=type(error).__name__)
            if not status:
                await _refuse_unexpected(framed, record)
        finally:
            _log_request(scope, record, status, time.perf_counter() - began)

    def _add_headers(self, message: Message, record: RequestRecord) -> None:
        given = list(message.get("headers", ()))
        names = {name.lower() for name, _ in given}
        given.append((b"trace-id", record.trace_id.encode("ascii")))
        given.extend((name, value) for name, value in self._headers.items() if name not in names)
        is_page = any(
            name.lower() == b"content-type" and value.startswith(b"text/html")
            for name, value in given
        )
        if not is_page and b"content-security-policy" not in names:
            given.append((b"content-security-policy", _POLICY_OF_DATA))
        message["headers"] = given


async def _refuse_unexpected(send: Send, record: RequestRecord) -> None:
    translate = translator(negotiate(record.headers.get("accept-language")))
    extensions = {"code": ErrorCode.INTERNAL.name, "traceId": record.trace_id}
    body = encoded_errors({"message": translate(UNEXPECTED), "extensions": extensions})
    await reply(send, 500, body, "application/json; charset=utf-8")


def _log_request(scope: Scope, record: RequestRecord, status: int, seconds: float) -> None:
    path: str = scope["path"]
    write = log.debug if path.startswith(_QUIET_PATHS) else log.info
    write(
        "request",
        method=scope["method"],
        path=ascii(_shown(path)[:_PATH_CHARACTERS_LOGGED])[1:-1],
        status=status,
        operation=record.operation,
        duration_ms=round(seconds * 1000, 1),
    )


def _shown(path: str) -> str:
    return next((secret for secret in _SECRET_PATHS if path.startswith(secret)), path)
