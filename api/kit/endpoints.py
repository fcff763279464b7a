"""Calling an endpoint that somebody else named: never one of our neighbours, whatever its name resolves to.

The name is resolved here, every address that it has must be public, and the connection goes to the
one that was looked at: between the look and the call no other answer can come in. The certificate is
checked against the name. Who posts follows no redirect and reads nothing of the answer but its status;
who gets follows a few, each looked at like the first, and reads no more than was asked for.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Final
from urllib.parse import urljoin

import httpx
import structlog

from api.kit.addresses import Address, address_of
from api.kit.web_addresses import is_endpoint

SECONDS: Final = 10.0
"""For one whole call, the resolving included."""
_CONNECT_SECONDS: Final = 4.0
"""For each of TCP and TLS: httpx closes what it gives up itself, and leaks what is cancelled."""
REDIRECTS_AT_MOST: Final = 3
_OK = 200
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

# An IPv4 address lies within them, which may be any: they are public only by their looks.
_TRANSLATED = tuple(
    map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
)

_FAILURES = (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError, UnicodeError)

log = structlog.get_logger()


class EndpointFailed(Exception):
    """An endpoint gave nothing that can be used. `reason`: a word for a log, never an address."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class EndpointAnswer:
    """`headers` are in lower case; `body` is empty unless the status is 200."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Posted(Enum):
    """What became of a post."""

    TAKEN = auto()
    """It was answered with a status of 200 to 299, in time."""
    REFUSED = auto()
    """It was answered with another one."""
    UNREACHED = auto()


async def resolved(host: str, port: int) -> Sequence[str]:
    """Return the addresses that a name has for this machine. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


class Endpoints:
    """With `loopback`, for whoever develops, this machine may be called too.

    `seconds`: for one whole call, the resolving and all redirects included.
    """

    def __init__(
        self,
        *,
        loopback: bool,
        resolver: Resolver = resolved,
        trusted: Callable[[], ssl.SSLContext] | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self._loopback = loopback
        self._resolver = resolver
        self._trusted = trusted or _trusted_certificates
        self._seconds = seconds

    def may_be_called(self, url: str) -> bool:
        """Tell whether an address looks like one that we call; where it leads is seen at the call."""
        return is_endpoint(url, loopback=self._loopback)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> bool:
        """Tell whether the endpoint took it: with a status of 200 to 299, in time."""
        return await self.posted(url, headers, body) is Posted.TAKEN

    async def posted(self, url: str, headers: Mapping[str, str], body: bytes) -> "Posted":
        """Post it once, and return what became of it."""
        try:
            async with (
                asyncio.timeout(self._seconds),
                self._called("POST", url, headers, body) as response,
            ):
                status = response.status_code
        except _FAILURES as error:
            log.info("endpoint not reached", reason=type(error).__name__)
            return Posted.UNREACHED
        if 200 <= status < 300:
            return Posted.TAKEN
        log.info("endpoint not reached", reason="status", status=status)
        return Posted.REFUSED

    async def get(
        self, url: str, headers: Mapping[str, str], *, bytes_at_most: int
    ) -> EndpointAnswer:
        """Return what an address answers, after at most REDIRECTS_AT_MOST redirects.

        Raises EndpointFailed: also for an answer that is too long, or packed, which was not asked for.
        """
        try:
            async with asyncio.timeout(self._seconds):
                for _ in range(REDIRECTS_AT_MOST + 1):
                    answer = await self._got(url, headers, bytes_at_most)
                    if isinstance(answer, EndpointAnswer):
                        return answer
                    url = answer
        except _FAILURES as error:
            raise EndpointFailed(type(error).__name__) from error
        raise EndpointFailed("redirects")

    async def _got(
        self, url: str, headers: Mapping[str, str], bytes_at_most: int
    ) -> EndpointAnswer | str:
        """Return the answer, or where it sends us."""
        asked = {**headers, "accept-encoding": "identity"}
        async with self._called("GET", url, asked, b"") as response:
            if response.has_redirect_location:
                return _redirected(url, response.headers["location"])
            if "content-encoding" in response.headers:
                raise EndpointFailed("packed")  # unpacked, a small answer could be a huge one
            is_read = response.status_code == _OK
            body = await _bounded(response, bytes_at_most) if is_read else b""
            return EndpointAnswer(response.status_code, dict(response.headers), body)

    @asynccontextmanager
    async def _called(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> AsyncGenerator[httpx.Response]:
        """Call it, and give what it answers, not read yet. Raises OSError, httpx.HTTPError."""
        target = httpx.URL(url)
        if not self.may_be_called(url):
            raise OSError("not an address that we call")
        address = await self._pinned(target)
        pinned = target.copy_with(host=str(address))
        no_cookies = httpx.AsyncClient(trust_env=False, verify=self._trusted())
        async with no_cookies as client:
            request = client.build_request(
                method,
                pinned,
                headers={**headers, "host": target.netloc.decode("ascii")},
                content=body or None,
                timeout=httpx.Timeout(self._seconds, connect=_CONNECT_SECONDS),
                extensions={"sni_hostname": target.raw_host.decode("ascii")},
            )
            response = await client.send(request, stream=True, follow_redirects=False)
            try:
                yield response
            finally:
                await response.aclose()

    async def _pinned(self, target: httpx.URL) -> Address:
        """Return the address to connect to. Raises OSError unless all that the name has are public."""
        port = target.port or (443 if target.scheme == "https" else 80)
        found = [address_of(text) for text in await self._resolver(target.host, port)]
        addresses = [one for one in found if one is not None]
        if not addresses or len(addresses) != len(found):
            raise OSError("no address")
        if not all(map(self._is_allowed, addresses)):
            raise OSError("not a public address")
        return addresses[0]

    def _is_allowed(self, address: Address) -> bool:
        if address.is_loopback:
            return self._loopback
        is_translated = any(address in network for network in _TRANSLATED)
        return address.is_global and not address.is_multicast and not is_translated


@cache
def _trusted_certificates() -> ssl.SSLContext:
    """Return what is trusted, read once: that takes 20 ms."""
    return httpx.create_ssl_context(trust_env=False)


def _redirected(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:  # "https://[" and the like
        raise EndpointFailed("redirect") from error


async def _bounded(response: httpx.Response, bytes_at_most: int) -> bytes:
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > bytes_at_most:
        raise EndpointFailed("too long")
    parts: list[bytes] = []
    size = 0
    async for chunk in response.aiter_raw():
        size += len(chunk)
        if size > bytes_at_most:
            raise EndpointFailed("too long")
        parts.append(chunk)
    return b"".join(parts)
