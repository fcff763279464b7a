"""The list of agencies' certificates, and the alarms before one expires."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from api.alerts.errors import (
    AgencyKeyNotFound,
    CertificateNotFound,
    InvalidCertificate,
    TooManyCertificates,
)
from api.alerts.signatures.certificates import AGENCY_CERTIFICATES, OPEN_AT_MOST
from api.context import Services
from api.kit.jobs import JOBS
from api.kit.store import Store
from notifications.fan_outs import FAN_OUTS
from tests.accounts.exporting import run_jobs
from tests.alerts.messages import SENDER
from tests.alerts.signing import Signer, a_signer
from tests.conftest import NOW, MovableClock


@pytest.fixture
async def agency_id(services: Services) -> str:
    return (await services.alerts.keys.create("Civil Defence", [SENDER])).agency.key_id


async def titles(store: Store) -> list[str]:
    """Return what administrators were told, in English."""
    found = await store[FAN_OUTS].find({})
    return [text["title"] for one in found for text in one["texts"] if text["language"] == "en"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        b"x" * 100_000,
        a_signer(bits=1_024).pem,
        a_signer(curve=ec.SECP256K1()).pem,
        a_signer(days=5).pem,
    ],
    ids=["empty", "nonsense", "broken", "large", "RSA 1024", "another curve", "expired"],
)
async def test_what_may_not_sign_is_not_trusted(
    services: Services, store: Store, agency_id: str, content: bytes
) -> None:
    with pytest.raises(InvalidCertificate):
        await services.alerts.certificates.add(agency_id, content)

    assert await store[AGENCY_CERTIFICATES].count({}) == 0


async def test_the_same_certificate_twice_is_one(services: Services, agency_id: str) -> None:
    signer = a_signer()

    first = await services.alerts.certificates.add(agency_id, signer.pem)
    second = await services.alerts.certificates.add(agency_id, signer.pem)

    assert first == second
    assert await services.alerts.certificates.list() == [first]
    assert (first.subject, first.not_after) == ("CN=Civil Defence", NOW + timedelta(days=355))


async def test_an_agency_has_so_many_at_most(services: Services, agency_id: str) -> None:
    signers = [a_signer(days=300 + number) for number in range(OPEN_AT_MOST + 1)]
    for signer in signers[:-1]:
        await services.alerts.certificates.add(agency_id, signer.pem)

    with pytest.raises(TooManyCertificates):
        await services.alerts.certificates.add(agency_id, signers[-1].pem)

    assert len(await services.alerts.certificates.list()) == OPEN_AT_MOST


async def test_unknown_agencies_and_certificates_are_named(services: Services) -> None:
    with pytest.raises(AgencyKeyNotFound):
        await services.alerts.certificates.add("a" * 26, a_signer().pem)
    for unknown in ("a" * 26, "x", ""):
        with pytest.raises(CertificateNotFound):
            await services.alerts.certificates.revoke(unknown)


async def expiring(services: Services, agency_id: str, days: float) -> Signer:
    signer = a_signer(begins=NOW - timedelta(days=1), days=days + 1)
    await services.alerts.certificates.add(agency_id, signer.pem)
    return signer


async def test_administrators_are_told_thirty_seven_and_one_day_before(
    services: Services, store: Store, clock: MovableClock, agency_id: str
) -> None:
    await services.accounts.staff.administrators.appoint("mai@example.com", "en")
    await expiring(services, agency_id, 40)
    told: list[int] = []

    for days in (9, 10, 33, 39, 40):
        clock.now = NOW + timedelta(days=days)
        await run_jobs(services, clock)
        told.append(len(await titles(store)))

    assert told == [0, 1, 2, 3, 3]
    assert set(await titles(store)) == {"An agency's certificate expires soon"}


async def test_what_is_added_late_is_told_of_once_now(
    services: Services, store: Store, agency_id: str
) -> None:
    await expiring(services, agency_id, 5)

    found = await store[JOBS].find({"kind": "alerts.certificate_expiry"}, sort=[("due_at", 1)])
    assert [(one["payload"]["days"], one["due_at"]) for one in found] == [
        (7, NOW),
        (1, NOW + timedelta(days=4)),
    ]


async def test_nobody_is_told_of_what_was_replaced_or_revoked(
    services: Services, store: Store, clock: MovableClock, agency_id: str
) -> None:
    await services.accounts.staff.administrators.appoint("mai@example.com", "en")
    await expiring(services, agency_id, 40)
    await expiring(services, agency_id, 400)
    other = (await services.alerts.keys.create("Other", ["b"])).agency.key_id
    await expiring(services, other, 39)
    await services.alerts.certificates.revoke(
        next(one.id for one in await services.alerts.certificates.list() if one.agency_id == other)
    )

    clock.now = NOW + timedelta(days=39.5)
    await run_jobs(services, clock)

    assert await titles(store) == []
