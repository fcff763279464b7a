"""Where warnings are read from: a file, or an http(s) address, within a size and a time."""

import asyncio
import socket
from dataclasses import dataclass
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

_NOT_MODIFIED = 304
SECONDS_AT_MOST = 10.0
REDIRECTS_AT_MOST = 3
_ACCEPT = "application/cap+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8"


@dataclass(frozen=True, slots=True)
class Version:
    """What a server said of the version of a document (RFC 9110, 8.8)."""

    etag: str | None = None
    last_modified: str | None = None

    @property
    def conditions(self) -> dict[str, str]:
        """The headers that ask for another version only."""
        found = {"if-none-match": self.etag, "if-modified-since": self.last_modified}
        return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Fetched:
    """`body`: None when the version that is here is the latest."""

    body: bytes | None
    version: Version


async def read_source(source: str) -> bytes:
    """Return the bytes of a file, or of what an http(s) URL answers.

    A redirect may lead to the host of the URL itself, or to a public address; never from the public
    internet into a private network. Raises SourceNotReadable, SourceAddressRefused, SourceAnswered
    or DocumentTooLarge.
    """
    if "://" not in source:
        return await asyncio.to_thread(_read_file, source)
    fetched = await fetch(source)
    if fetched.body is None:
        raise SourceNotReadable(source=source)
    return fetched.body


def _read_file(source: str) -> bytes:
    path = Path(source)
    try:
        if not path.is_file():
            raise SourceNotReadable(source=source)
        with path.open("rb") as file:
            return _bounded(file.read(BYTES_AT_MOST + 1))
    except (OSError, ValueError) as error:
        raise SourceNotReadable(source=source) from error


async def fetch(
    source: str, *, hosts: frozenset[str] | None = None, known: Version | None = None
) -> Fetched:
    """Return what an http(s) URL answers, within the size and the time.

    With `hosts` the URL and every redirect stay on those hosts, and on https where they began there;
    without, a redirect may also lead to a public address. `known`: the version that is here already.
    Raises SourceNotReadable, SourceAddressRefused, SourceAnswered or DocumentTooLarge.
    """
    try:
        async with asyncio.timeout(SECONDS_AT_MOST):
            return await _fetch(source, hosts, known or Version())
    except (TimeoutError, OSError, httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise SourceNotReadable(source=source) from error


async def _fetch(source: str, hosts: frozenset[str] | None, known: Version) -> Fetched:
    url = source
    headers = {"accept": _ACCEPT, "accept-encoding": "identity", **known.conditions}
    async with httpx.AsyncClient(timeout=SECONDS_AT_MOST, trust_env=False) as client:
        for _ in range(REDIRECTS_AT_MOST + 1):
            await _check_address(url, source, hosts)
            request = client.build_request("GET", url, headers=headers)
            reply = await client.send(request, stream=True)
            try:
                if not reply.has_redirect_location:
                    return await _fetched(reply, source, known)
                url = urljoin(url, reply.headers["location"])
            finally:
                await reply.aclose()
    raise SourceNotReadable(source=source)


async def _check_address(url: str, source: str, hosts: frozenset[str] | None) -> None:
    """Refuse anything but http(s), and a private address that the caller did not name."""
    parts, first = urlsplit(url), urlsplit(source)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SourceAddressRefused(source=source)
    if hosts is not None:
        is_downgraded = first.scheme == "https" and parts.scheme != "https"
        if parts.hostname not in hosts or is_downgraded:
            raise SourceAddressRefused(source=source)
        return
    if parts.hostname == first.hostname:
        return
    found = await asyncio.get_running_loop().getaddrinfo(
        parts.hostname, None, type=socket.SOCK_STREAM
    )
    if not all(ip_address(address[4][0]).is_global for address in found):
        raise SourceAddressRefused(source=source)


async def _fetched(reply: httpx.Response, source: str, known: Version) -> Fetched:
    if reply.status_code == _NOT_MODIFIED and known.conditions:
        return Fetched(None, known)
    body = await _body(reply, source)
    tag, changed = (reply.headers.get(name) for name in ("etag", "last-modified"))
    return Fetched(body, Version(_header(tag), _header(changed)))


def _header(value: str | None) -> str | None:
    """Return what is short and plain enough to be sent back."""
    is_plain = value is not None and len(value) <= 200 and value.isascii() and value.isprintable()
    return value if is_plain else None


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
