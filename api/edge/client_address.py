"""Whose request it is, as far as the network can tell: also from behind our own proxies."""

import re
from collections.abc import Iterator, Mapping

from starlette.types import Scope

from api.kit.addresses import Address, address_of
from api.settings import Settings

UNKNOWN = "unknown"
"""Stands for a client without an address, such as one of a socket in the file system."""

_WITH_PORT = re.compile(r"\[(?P<v6>[^\]]*)\](?::\d+)?|(?P<v4>[0-9.]+):\d+")


def client_address(scope: Scope, headers: Mapping[str, str]) -> str:
    """Return the client's address in its canonical form.

    That is who opened the connection; when that is one of our proxies, the last address in
    X-Forwarded-For that is none. What stands before it was written by the client, who can write
    anything. `scope` must be of an app that has our settings.
    """
    settings: Settings = scope["app"].state.settings
    peer: tuple[str, int] | None = scope.get("client")
    nearest = address_of(peer[0]) if peer else None
    if nearest is None:
        return peer[0] if peer else UNKNOWN
    hops = _hops(headers.get("x-forwarded-for", ""))
    while _is_trusted(nearest, settings) and (hop := next(hops, None)) is not None:
        nearest = hop
    return str(nearest)


def _hops(forwarded_for: str) -> Iterator[Address | None]:
    """Yield the addresses from the last to the first, None for what is no address."""
    yield from map(_hop, reversed(forwarded_for.split(",")))


def _hop(text: str) -> Address | None:
    text = text.strip()
    found = _WITH_PORT.fullmatch(text)
    return address_of((found["v6"] or found["v4"]) if found else text)


def _is_trusted(address: Address, settings: Settings) -> bool:
    return any(address in network for network in settings.trusted_proxies)
