"""EDXL-DE envelopes at the door: the message in them is read, and only when both say what it is for."""

import httpx
import pytest
from signxml.algorithms import CanonicalizationMethod

from api.alerts.repository import ALERTS
from api.context import Services
from api.kit.store import Store
from tests.alerts.conftest import Door
from tests.alerts.messages import alert
from tests.alerts.signing import a_signer

DE_1 = "urn:oasis:names:tc:emergency:EDXL:DE:1.0"
DE_2 = "urn:oasis:names:tc:emergency:EDXL:DE:2.0"


def envelope_1(
    *messages: bytes, status: str = "<distributionStatus>Actual</distributionStatus>"
) -> bytes:
    objects = "".join(
        "<contentObject><xmlContent><embeddedXMLContent>"
        f"{message.decode()}</embeddedXMLContent></xmlContent></contentObject>"
        for message in messages
    )
    return (
        f'<EDXLDistribution xmlns="{DE_1}" xmlns:extra="urn:extra"><distributionID>d-1</distributionID>'
        "<senderID>a@b.example</senderID><dateTimeSent>2026-05-01T16:00:00+07:00</dateTimeSent>"
        f"{status}<distributionType>Report</distributionType>{objects}</EDXLDistribution>"
    ).encode()


def envelope_2(message: bytes) -> bytes:
    return (
        f'<de:EDXLDistribution xmlns:de="{DE_2}"><de:distributionID>d-1</de:distributionID>'
        "<de:distributionStatus><de:StatusKindDefault>Actual</de:StatusKindDefault>"
        "</de:distributionStatus><de:content><de:contentObject><de:contentXML>"
        f"<de:embeddedXMLContent>{message.decode()}</de:embeddedXMLContent>"
        "</de:contentXML></de:contentObject></de:content></de:EDXLDistribution>"
    ).encode()


MESSAGE = alert(prolog="")


async def refused(store: Store, reply: httpx.Response, code: str, status: int) -> None:
    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert await store[ALERTS].count({}) == 0


@pytest.mark.parametrize("document", [envelope_1(MESSAGE), envelope_2(MESSAGE)], ids=["1.0", "2.0"])
async def test_the_message_in_an_envelope_is_the_message(door: Door, document: bytes) -> None:
    answer = await door.accepts(document)

    again = await door.post(alert())

    assert answer["identifier"] == "flood-1"
    assert (again.status_code, again.json()["id"]) == (200, answer["id"])


@pytest.mark.parametrize(
    "canonical",
    [
        CanonicalizationMethod.CANONICAL_XML_1_0,
        CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    ],
)
async def test_a_signed_message_stays_signed_in_an_envelope(
    door: Door, services: Services, canonical: CanonicalizationMethod
) -> None:
    signer = a_signer()
    (agency,) = await services.alerts.keys.list()
    await services.alerts.certificates.add(agency.key_id, signer.pem)
    signed = signer.sign(MESSAGE, canonical=canonical).partition(b"?>")[2]

    answer = await door.accepts(envelope_1(signed))

    assert answer["signature"] == "VERIFIED"


@pytest.mark.parametrize("count", [0, 2])
async def test_an_envelope_holds_one_message(door: Door, store: Store, count: int) -> None:
    reply = await door.post(envelope_1(*[MESSAGE] * count))

    await refused(store, reply, "ENVELOPE_REFUSED", 422)


@pytest.mark.parametrize(
    "status",
    [
        "",
        *(f"<distributionStatus>{word}</distributionStatus>" for word in ("Exercise", "Test", "")),
    ],
)
async def test_an_exercise_around_a_real_warning_is_refused(
    door: Door, store: Store, status: str
) -> None:
    reply = await door.post(envelope_1(MESSAGE, status=status))

    assert reply.json()["element"] == "distributionStatus"
    await refused(store, reply, "ENVELOPE_REFUSED", 422)


async def test_a_broken_message_is_refused_in_its_envelope_too(door: Door, store: Store) -> None:
    broken = MESSAGE.replace(b"<scope>Public</scope>", b"")

    await refused(store, await door.post(envelope_1(broken)), "ELEMENT_MISSING", 422)


@pytest.mark.parametrize(
    ("document", "code", "status"),
    [
        (
            b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + envelope_1(MESSAGE),
            "FORBIDDEN_XML",
            400,
        ),
        (envelope_1(MESSAGE.replace(b"warnings@", b"warn<!-- -->ings@")), "COMMENT_IN_VALUE", 422),
        (envelope_1(MESSAGE).replace(DE_1.encode(), b"urn:other"), "NOT_CAP", 422),
    ],
    ids=["XXE", "comment", "another envelope"],
)
async def test_a_hostile_envelope_is_refused_by_name(
    door: Door, store: Store, document: bytes, code: str, status: int
) -> None:
    await refused(store, await door.post(document), code, status)
