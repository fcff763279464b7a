"""HTTP connections that stay open between requests: to make one costs each answer 2 ms, and it makes several."""

from __future__ import annotations

import asyncio

import aiohttp

_IDLE_SECONDS = 3.0
"""Less than the five after which the action server and the API end a connection that is not used."""

_kept: dict[asyncio.AbstractEventLoop, aiohttp.ClientSession] = {}


def session() -> aiohttp.ClientSession:
    """Return the session of the running event loop. It remembers nothing of a request: no header, no cookie."""
    loop = asyncio.get_running_loop()
    if loop not in _kept:
        _kept[loop] = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(keepalive_timeout=_IDLE_SECONDS, limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
        )
    return _kept[loop]


async def close(*_: object) -> None:
    """Close the connections of the running event loop."""
    kept = _kept.pop(asyncio.get_running_loop(), None)
    if kept is not None:
        await kept.close()
