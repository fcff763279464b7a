"""Asking the sign-in provider: within seconds, within a size, and never anybody it points to."""

import asyncio
from dataclasses import dataclass

import httpx
import structlog

from api.accounts.sign_in.errors import ProviderUnavailable

SECONDS = 5.0
"""For one whole question and answer."""
BYTES_AT_MOST = 262_144
RETRY_AFTER_SECONDS = 10

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """`body`: at most BYTES_AT_MOST."""

    status: int
    body: bytes


class _NotPlain(Exception):
    """The answer is too large, or packed, which hides how large it is."""


class ProviderHttp:
    """`client` must keep no cookies: what one person's sign-in brought is not the next one's."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def get(self, url: str) -> Answer:
        """Return the answer, whatever it says. Raises ProviderUnavailable when none comes."""
        return await self._ask("GET", url, {}, None)

    async def post(self, url: str, headers: dict[str, str], form: str) -> Answer:
        """Send a form, encoded. Raises ProviderUnavailable when no answer comes."""
        headers = {**headers, "content-type": "application/x-www-form-urlencoded"}
        return await self._ask("POST", url, headers, form)

    async def _ask(
        self, method: str, url: str, headers: dict[str, str], form: str | None
    ) -> Answer:
        plain = {**headers, "accept": "application/json", "accept-encoding": "identity"}
        try:
            # One time-out around everything: httpx's own ones begin anew with each byte.
            async with asyncio.timeout(SECONDS):
                request = self._client.build_request(
                    method, url, headers=plain, content=form, timeout=None
                )
                response = await self._client.send(request, stream=True, follow_redirects=False)
                try:
                    return Answer(response.status_code, await _bounded(response))
                finally:
                    await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, _NotPlain) as error:
            raise unavailable(type(error).__name__) from error


def unavailable(reason: str, **details: object) -> ProviderUnavailable:
    """Log why, for the operator, and return what the person is told. `details`: nothing personal."""
    log.warning("sign-in provider unavailable", reason=reason, **details)
    return ProviderUnavailable(RETRY_AFTER_SECONDS)


async def _bounded(response: httpx.Response) -> bytes:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise _NotPlain
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > BYTES_AT_MOST:
            raise _NotPlain
    return bytes(body)
