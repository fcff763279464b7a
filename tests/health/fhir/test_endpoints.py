"""Where a notification goes, and where it never does."""

import ssl
from collections.abc import Sequence

import pytest

from api.health.fhir.subscriptions.endpoints import Endpoints
from tests.health.fhir.receiver import a_receiver

PUBLIC = "8.8.8.8"


class Names:
    """Resolves every name to `addresses`, and counts how often it is asked."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        return self.addresses


@pytest.mark.parametrize(
    "addresses",
    [
        (),
        ("10.0.0.1",),
        ("127.0.0.1",),
        ("0.0.0.0",),  # noqa: S104 - an address that must not be called
        ("169.254.169.254",),
        ("100.64.0.1",),
        ("192.0.2.1",),
        ("224.0.0.1",),
        ("255.255.255.255",),
        ("::1",),
        ("fe80::1%eth0",),
        ("fc00::1",),
        ("::ffff:10.0.0.1",),
        ("64:ff9b::a00:1",),
        ("2002:a00:1::1",),
        ("2001:0:1::1",),
        (PUBLIC, "10.0.0.1"),
        ("not an address",),
    ],
)
async def test_a_name_of_a_neighbour_is_not_called(
    addresses: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = Names(*addresses)
    endpoints = Endpoints(loopback=False, resolver=names)
    monkeypatch.setattr("httpx.AsyncClient.send", None)  # whoever calls it fails the test

    assert not await endpoints.post("https://his.example.vn/in", {}, b"")
    assert names.asked == [("his.example.vn", 443)]


async def test_the_address_that_was_looked_at_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_receiver() as receiver:
        names = Names("127.0.0.1")
        endpoints = Endpoints(loopback=True, resolver=names)

        took = await endpoints.post(
            f"http://localhost:{receiver.port}/in?x=1", {"x-laocai-event-number": "1"}, b"body"
        )

    (received,) = receiver.received
    assert took
    assert names.asked == [("localhost", receiver.port)]
    assert (received.headers["host"], received.body) == (f"localhost:{receiver.port}", b"body")


async def test_a_certificate_of_somebody_else_is_refused() -> None:
    async with a_receiver() as receiver:
        endpoints = Endpoints(
            loopback=True, resolver=Names("127.0.0.1"), trusted=ssl.create_default_context
        )

        took = await endpoints.post(f"https://localhost:{receiver.port}/in", {}, b"")

    assert not took
    assert receiver.received == []


async def test_nobody_there_is_a_failure() -> None:
    endpoints = Endpoints(loopback=True, resolver=Names("127.0.0.1"))

    assert not await endpoints.post("http://localhost:1/in", {}, b"")


async def test_this_machine_is_called_by_developers_only() -> None:
    production, development = Endpoints(loopback=False), Endpoints(loopback=True)

    assert not production.may_be_called("http://127.0.0.1:9/in")
    assert development.may_be_called("http://127.0.0.1:9/in")
