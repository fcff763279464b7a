"""Where `laocai alerts import` reads from: a file, or an http(s) address, within a size and a time."""

import asyncio
import socket
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx

from api.alerts.cap_xml import BYTES_AT_MOST
from api.alerts.errors import (
    DocumentTooLarge,
    SourceAddressRefused,
    SourceAnswered,
    SourceNotReadable,
)

SECONDS_AT_MOST = 10.0
REDIRECTS_AT_MOST = 3
_ACCEPT = "application/cap+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8"


async def read_source(source: str) -> bytes:
    """Return the bytes of a file, or of what an http(s) URL answers.

    A redirect may lead to the host of the URL itself, or to a public address; never from the public
    internet into a private network. Raises SourceNotReadable, SourceAddressRefused, SourceAnswered
    or DocumentTooLarge.
    """
    if "://" not in source:
        return await asyncio.to_thread(_read_file, source)
    try:
        async with asyncio.timeout(SECONDS_AT_MOST):
            return await _fetch(source)
    except (TimeoutError, OSError, httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise SourceNotReadable(source=source) from error


def _read_file(source: str) -> bytes:
    path = Path(source)
    try:
        if not path.is_file():
            raise SourceNotReadable(source=source)
        with path.open("rb") as file:
            return _bounded(file.read(BYTES_AT_MOST + 1))
    except (OSError, ValueError) as error:
        raise SourceNotReadable(source=source) from error


async def _fetch(source: str) -> bytes:
    url = source
    async with httpx.AsyncClient(timeout=SECONDS_AT_MOST, trust_env=False) as client:
        for _ in range(REDIRECTS_AT_MOST + 1):
            await _check_address(url, source)
            request = client.build_request(
                "GET", url, headers={"accept": _ACCEPT, "accept-encoding": "identity"}
            )
            reply = await client.send(request, stream=True)
            try:
                if not reply.has_redirect_location:
                    return await _body(reply, source)
                url = urljoin(url, reply.headers["location"])
            finally:
                await reply.aclose()
    raise SourceNotReadable(source=source)


async def _check_address(url: str, source: str) -> None:
    """Refuse anything but http(s), and a private address that the caller did not name."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SourceAddressRefused(source=source)
    if parts.hostname == urlsplit(source).hostname:
        return
    found = await asyncio.get_running_loop().getaddrinfo(
        parts.hostname, None, type=socket.SOCK_STREAM
    )
    if not all(ip_address(address[4][0]).is_global for address in found):
        raise SourceAddressRefused(source=source)


async def _body(reply: httpx.Response, source: str) -> bytes:
    if reply.status_code != 200:
        raise SourceAnswered(source=source, status=reply.status_code)
    # Not asked for; unpacked, a small answer could be a huge one.
    if "content-encoding" in reply.headers:
        raise SourceNotReadable(source=source)
    body = b""
    async for chunk in reply.aiter_raw():
        body = _bounded(body + chunk)
    return body


def _bounded(document: bytes) -> bytes:
    if len(document) > BYTES_AT_MOST:
        raise DocumentTooLarge(kibibytes=BYTES_AT_MOST // 1024)
    return document
