"""Whose request it is: nobody but our own proxies is believed about somebody else's address."""

from ipaddress import ip_network

import pytest
from fastapi import FastAPI
from starlette.types import Scope

from api.edge.client_address import client_address
from api.edge.request_record import RequestRecord
from api.settings import Settings
from tests.edge.conftest import Serving, ask_as, codes

PROXY, SECOND_PROXY, CLIENT, FORGED = "10.0.0.1", "10.0.0.2", "203.0.113.7", "198.51.100.9"
PROXY_V6, CLIENT_V6 = "fd00::1", "2001:db8::7"
TRUSTED = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    app = FastAPI()
    app.state.settings = settings.model_copy(update={"trusted_proxies": TRUSTED})
    return app


def seen(app: FastAPI, peer: str | None, *forwarded_for: str) -> str:
    """Return the address of a request from `peer` with these lines of X-Forwarded-For."""
    lines = [(b"x-forwarded-for", line.encode("latin-1")) for line in forwarded_for]
    client = None if peer is None else (peer, 5000)
    return RequestRecord.of({"app": app, "client": client, "headers": lines}).address


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "address"),
    [
        (CLIENT, [], CLIENT),
        (CLIENT, [FORGED], CLIENT),
        (CLIENT, [PROXY], CLIENT),
        (PROXY, [CLIENT], CLIENT),
        (PROXY, [f"{FORGED}, {CLIENT}"], CLIENT),
        (PROXY, [f"{FORGED},{PROXY},{CLIENT}"], CLIENT),
        (PROXY, [f"{FORGED}, {CLIENT}, {SECOND_PROXY}"], CLIENT),
        (PROXY, [f"{FORGED}, {CLIENT}", SECOND_PROXY], CLIENT),
        (PROXY, [FORGED, CLIENT], CLIENT),
        (PROXY, [], PROXY),
        (PROXY, [""], PROXY),
        (PROXY, [SECOND_PROXY], SECOND_PROXY),
        (PROXY, [", ".join([FORGED] * 500 + [CLIENT] + [SECOND_PROXY] * 500)], CLIENT),
    ],
    ids=str,
)
def test_the_last_address_that_is_no_proxy_of_ours_is_the_clients(
    app: FastAPI, peer: str, forwarded_for: list[str], address: str
) -> None:
    assert seen(app, peer, *forwarded_for) == address


@pytest.mark.parametrize(
    "garbage",
    [
        "unknown",
        "_hidden",
        " ",
        "203.0.113",
        "203.0.113.7.8",
        "1e3",
        "[::1",
        "\xff",
        "0x7f.1",
        "a" * 9000,
    ],
)
def test_behind_what_is_no_address_nobody_is_believed(app: FastAPI, garbage: str) -> None:
    assert seen(app, PROXY, f"{FORGED}, {garbage}") == PROXY
    assert seen(app, PROXY, f"{garbage}, {CLIENT}") == CLIENT
    assert seen(app, PROXY, f"{FORGED}, {garbage}, {SECOND_PROXY}") == SECOND_PROXY


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "address"),
    [
        ("::ffff:203.0.113.7", [FORGED], CLIENT),
        ("::ffff:10.0.0.1", [CLIENT], CLIENT),
        (PROXY, [f"::ffff:{CLIENT}"], CLIENT),
        (PROXY, [f"{CLIENT}, ::ffff:10.0.0.2"], CLIENT),
        (PROXY_V6, [CLIENT_V6], CLIENT_V6),
        (PROXY_V6, ["2001:DB8:0::7"], CLIENT_V6),
        (PROXY, ["203.0.113.7:4711"], CLIENT),
        (PROXY_V6, ["[2001:db8::7]:4711"], CLIENT_V6),
        (PROXY_V6, ["[2001:db8::7]"], CLIENT_V6),
        ("fe80::1%eth0", [], "fe80::1"),
    ],
)
def test_an_address_has_one_form(
    app: FastAPI, peer: str, forwarded_for: list[str], address: str
) -> None:
    assert seen(app, peer, *forwarded_for) == address


@pytest.mark.parametrize(("peer", "address"), [(None, "unknown"), ("testclient", "testclient")])
def test_a_peer_without_an_address_is_believed_nothing(
    app: FastAPI, peer: str | None, address: str
) -> None:
    assert seen(app, peer, CLIENT) == address


def test_without_the_setting_nobody_is_believed(settings: Settings) -> None:
    app = FastAPI()
    app.state.settings = settings
    scope: Scope = {"app": app, "client": ("127.0.0.1", 1), "headers": []}

    assert client_address(scope, {"x-forwarded-for": FORGED}) == "127.0.0.1"


def test_the_address_is_there_for_slices_too(app: FastAPI) -> None:
    scope: Scope = {"app": app, "client": (CLIENT, 1), "headers": []}

    RequestRecord.of(scope)

    assert scope["state"] == {"address": CLIENT}


async def test_the_server_itself_believes_nobody(serving: Serving) -> None:
    async with serving(requests_per_minute_per_address=2) as address:
        replies = [await ask_as(address, f"198.51.100.{n}") for n in range(3)]

    assert [reply.status_code for reply in replies] == [200, 200, 429]
    assert codes(replies[2]) == ["TOO_MANY_REQUESTS"]


async def test_the_server_believes_a_proxy_that_is_named(serving: Serving) -> None:
    named = [ip_network("127.0.0.0/8")]
    async with serving(requests_per_minute_per_address=2, trusted_proxies=named) as address:
        replies = [await ask_as(address, f"198.51.100.{n}") for n in range(3)]

    assert [reply.status_code for reply in replies] == [200, 200, 200]
