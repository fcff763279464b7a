"""Where a notification goes, and where it never does."""

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from api.kit.endpoints import REDIRECTS_AT_MOST, EndpointFailed, Endpoints
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


async def test_nobody_there_is_a_failure() -> None:
    endpoints = Endpoints(loopback=True, resolver=Names("127.0.0.1"))

    assert not await endpoints.post("http://localhost:1/in", {}, b"")


async def test_this_machine_is_called_by_developers_only() -> None:
    production, development = Endpoints(loopback=False), Endpoints(loopback=True)

    assert not production.may_be_called("http://127.0.0.1:9/in")
    assert development.may_be_called("http://127.0.0.1:9/in")


class Certificates:
    """An authority of this test's own, and a server that it calls `name`."""

    def __init__(self, name: str) -> None:
        self.authority_key, self.key = (ec.generate_private_key(ec.SECP256R1()) for _ in "ab")
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")])
        self.authority = self._signed(subject, self.authority_key, x509.BasicConstraints(True, 0))
        own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = self._signed(
            own, self.key, x509.SubjectAlternativeName([x509.DNSName(name)])
        )

    def server(self, folder: Path) -> ssl.SSLContext:
        files = folder / "server.pem"
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        files.write_bytes(key + self.certificate.public_bytes(Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(files)
        return context

    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cadata=self.authority.public_bytes(Encoding.PEM).decode())

    def _signed(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(
            issuer_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")]),
            subject_name=subject,
            public_key=key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=now - timedelta(days=1),
            not_valid_after=now + timedelta(days=1),
        )
        return builder.add_extension(extension, critical=True).sign(
            self.authority_key, hashes.SHA256()
        )


@pytest.mark.parametrize(("name", "takes"), [("his.example.vn", True), ("else.example.vn", False)])
async def test_the_certificate_is_checked_against_the_name(
    tmp_path: Path, name: str, *, takes: bool
) -> None:
    certificates = Certificates(name)
    async with a_receiver(certificates.server(tmp_path)) as receiver:
        endpoints = Endpoints(
            loopback=True, resolver=Names("127.0.0.1"), trusted=certificates.trusted
        )

        took = await endpoints.post(f"https://his.example.vn:{receiver.port}/in", {}, b"x")

    assert took is takes
    assert len(receiver.received) == takes


class Redirecting:
    """Sends every call on to `location`, and keeps where it went."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, location: str) -> None:
        self.called: list[str] = []

        async def send(_: object, request: httpx.Request, **__: object) -> httpx.Response:
            self.called.append(str(request.url))
            return httpx.Response(302, headers={"location": location}, request=request)

        monkeypatch.setattr("httpx.AsyncClient.send", send)


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/admin",
        "https://localhost/admin",
        "https://169.254.169.254/latest/meta-data",
        "http://his.example.vn/in",
        "file:///etc/passwd",
        "//[::1]/",
        "https://[",
    ],
)
async def test_no_redirect_leads_to_a_neighbour(
    monkeypatch: pytest.MonkeyPatch, location: str
) -> None:
    redirecting = Redirecting(monkeypatch, location)
    endpoints = Endpoints(loopback=False, resolver=Names(PUBLIC))

    with pytest.raises(EndpointFailed):
        await endpoints.get("https://his.example.vn/in", {}, bytes_at_most=10)

    assert redirecting.called == [f"https://{PUBLIC}/in"]


async def test_a_redirect_to_a_name_of_a_neighbour_is_not_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    redirecting = Redirecting(monkeypatch, "https://inner.example.vn/in")

    async def resolver(host: str, _: int) -> Sequence[str]:
        return ["10.0.0.1"] if host == "inner.example.vn" else [PUBLIC]

    with pytest.raises(EndpointFailed):
        await Endpoints(loopback=False, resolver=resolver).get(
            "https://his.example.vn/in", {}, bytes_at_most=10
        )

    assert redirecting.called == [f"https://{PUBLIC}/in"]


async def test_redirects_end(monkeypatch: pytest.MonkeyPatch) -> None:
    redirecting = Redirecting(monkeypatch, "/again")

    with pytest.raises(EndpointFailed, match="redirects"):
        await Endpoints(loopback=False, resolver=Names(PUBLIC)).get(
            "https://his.example.vn/in", {}, bytes_at_most=10
        )

    assert len(redirecting.called) == REDIRECTS_AT_MOST + 1
