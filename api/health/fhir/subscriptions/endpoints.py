"""Calling an endpoint that somebody else named: never one of our neighbours, whatever its name resolves to.

The name is resolved here, every address that it has must be public, and the connection goes to the
one that was looked at: between the look and the call no other answer can come in. The certificate is
checked against the name. No redirect is followed, nothing of the answer but its status is read.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache
from typing import Final

import httpx
import structlog

from api.kit.addresses import Address, address_of
from api.kit.web_addresses import is_endpoint

SECONDS: Final = 10.0
"""For one whole call, the resolving included."""
_CONNECT_SECONDS: Final = 4.0
"""For each of TCP and TLS: httpx closes what it gives up itself, and leaks what is cancelled."""
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

# An IPv4 address lies within them, which may be any: they are public only by their looks.
_TRANSLATED = tuple(
    map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
)

log = structlog.get_logger()


async def resolved(host: str, port: int) -> Sequence[str]:
    """Return the addresses that a name has for this machine. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


class Endpoints:
    """With `loopback`, for whoever develops, this machine may be called too."""

    def __init__(
        self,
        *,
        loopback: bool,
        resolver: Resolver = resolved,
        trusted: Callable[[], ssl.SSLContext] | None = None,
    ) -> None:
        self._loopback = loopback
        self._resolver = resolver
        self._trusted = trusted or _trusted_certificates

    def may_be_called(self, url: str) -> bool:
        """Tell whether an address looks like one that we call; where it leads is seen at the call."""
        return is_endpoint(url, loopback=self._loopback)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> bool:
        """Tell whether the endpoint took it: with a status of 200 to 299, in time."""
        try:
            async with asyncio.timeout(SECONDS):
                status = await self._posted(url, headers, body)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError, UnicodeError) as error:
            log.info("subscription not delivered", reason=type(error).__name__)
            return False
        if not 200 <= status < 300:
            log.info("subscription not delivered", reason="status", status=status)
        return 200 <= status < 300

    async def _posted(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        target = httpx.URL(url)
        if not self.may_be_called(url):
            raise OSError("not an address that we call")
        address = await self._pinned(target)
        pinned = target.copy_with(host=str(address))
        no_cookies = httpx.AsyncClient(trust_env=False, verify=self._trusted())
        async with no_cookies as client:
            request = client.build_request(
                "POST",
                pinned,
                headers={**headers, "host": target.netloc.decode("ascii")},
                content=body,
                timeout=httpx.Timeout(SECONDS, connect=_CONNECT_SECONDS),
                extensions={"sni_hostname": target.raw_host.decode("ascii")},
            )
            response = await client.send(request, stream=True, follow_redirects=False)
            await response.aclose()
            return response.status_code

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
