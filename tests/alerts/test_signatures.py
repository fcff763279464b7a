"""Signed messages at the door: who signed, over what, by which algorithms; refusals leave nothing behind."""

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from signxml.algorithms import CanonicalizationMethod

from api.alerts.errors import SignatureInvalid
from api.alerts.repository import ALERT_MESSAGES, ALERTS
from api.context import Services
from api.kit.jobs import JOBS
from api.kit.store import Store
from tests.alerts.conftest import Door
from tests.alerts.messages import NAMESPACE, SENDER, alert, info, reference
from tests.alerts.signing import Signer, a_signer
from tests.conftest import MovableClock

DS = "http://www.w3.org/2000/09/xmldsig#"
LATER = "2026-05-01T16:10:00+07:00"
UNSIGNED = alert(info(headline="Lũ quét"), prolog="")


@pytest.fixture
def signer() -> Signer:
    return a_signer()


@pytest.fixture
async def signing_door(door: Door, services: Services, signer: Signer) -> Door:
    """The door of an agency that must sign."""
    (agency,) = await services.alerts.keys.list()
    await services.alerts.certificates.add(agency.key_id, signer.pem)
    await services.alerts.keys.require_signature(agency.key_id, is_required=True)
    return door


async def refused(store: Store, reply: httpx.Response, code: str, status: int = 403) -> None:
    """Check a refusal, and that no message nor job of one was kept."""
    assert (reply.status_code, reply.json().get("code")) == (status, code)
    fan_outs = {"kind": {"$prefix": "alerts.fan"}}
    kept = [await store[ALERTS].count({}), await store[ALERT_MESSAGES].count({})]
    assert [*kept, await store[JOBS].count(fan_outs)] == [0, 0, 0]


async def test_a_signed_message_is_verified_and_that_is_kept(
    signing_door: Door, signer: Signer, store: Store, services: Services
) -> None:
    answer = await signing_door.accepts(signer.sign(UNSIGNED))

    document = await store[ALERT_MESSAGES].get(str(answer["id"]))
    (certificate,) = await services.alerts.certificates.list()
    assert answer["signature"] == "VERIFIED"
    assert document is not None
    assert (document["signature"], document["certificate_id"]) == ("verified", certificate.id)
    assert document["message"]["infos"][0]["headline"] == "Lũ quét"


@pytest.mark.parametrize(
    "canonical",
    [
        CanonicalizationMethod.CANONICAL_XML_1_0,
        CanonicalizationMethod.CANONICAL_XML_1_1,
        CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    ],
)
async def test_the_usual_ways_of_writing_are_understood(
    signing_door: Door, signer: Signer, canonical: CanonicalizationMethod
) -> None:
    answer = await signing_door.accepts(signer.sign(UNSIGNED, canonical=canonical))

    assert answer["signature"] == "VERIFIED"


async def test_a_curve_signs_too_and_no_key_need_be_named(door: Door, services: Services) -> None:
    (agency,) = await services.alerts.keys.list()
    signer = a_signer(curve=ec.SECP256R1())
    await services.alerts.certificates.add(agency.key_id, signer.pem)

    answer = await door.accepts(signer.sign(UNSIGNED, has_key_info=False))

    assert answer["signature"] == "VERIFIED"


async def test_a_schema_location_is_signed_like_all_else(
    signing_door: Door, signer: Signer
) -> None:
    hint = (
        f'xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:schemaLocation="{NAMESPACE} a.xsd" '
    )
    message = UNSIGNED.replace(b"<alert ", f"<alert {hint}".encode())

    answer = await signing_door.accepts(signer.sign(message))

    assert answer["signature"] == "VERIFIED"


async def test_an_agency_that_must_sign_is_refused_without_a_signature(
    signing_door: Door, store: Store
) -> None:
    await refused(store, await signing_door.post(UNSIGNED), "SIGNATURE_REQUIRED")


async def test_a_forged_signature_is_refused(signing_door: Door, store: Store) -> None:
    forger = a_signer("forger")

    await refused(store, await signing_door.post(forger.sign(UNSIGNED)), "SIGNATURE_INVALID")


@pytest.mark.parametrize(
    ("signed", "changed"),
    [
        (b"<severity>Severe<", b"<severity>Minor<"),
        (b"22.30,103.88 ", b"22.31,103.88 "),
        (b"<status>Actual<", b"<status>Test<"),
        (b"<identifier>flood-1<", b"<identifier>flood-2<"),
        (b"<scope>", b"\n<scope>"),
    ],
)
async def test_whatever_is_changed_after_signing_is_refused(
    signing_door: Door, signer: Signer, store: Store, signed: bytes, changed: bytes
) -> None:
    forged = signer.sign(UNSIGNED).replace(signed, changed)

    await refused(store, await signing_door.post(forged), "SIGNATURE_INVALID")


async def test_a_signature_of_one_message_does_not_stand_in_another(
    signing_door: Door, signer: Signer, store: Store
) -> None:
    own = signer.sign(UNSIGNED).decode()
    signature = own[own.index("<ds:Signature") : own.index("</alert>")]

    reply = await signing_door.post(alert(identifier="other", end=signature))

    await refused(store, reply, "SIGNATURE_INVALID")


async def test_a_signed_message_wrapped_in_another_is_not_its_signature(
    signing_door: Door, signer: Signer, store: Store
) -> None:
    # The classic wrapping: the reader sees the outer message, the verifier the inner one.
    inner = signer.sign(alert(identifier="inner", prolog="")).decode().partition("?>")[2]
    wrap = f'<Object xmlns="{DS}">{inner}</Object>'

    reply = await signing_door.post(alert(identifier="outer", end=wrap))

    await refused(store, reply, "SIGNATURE_INVALID")


async def test_a_reference_to_a_part_is_refused(
    signing_door: Door, signer: Signer, store: Store
) -> None:
    partial = signer.sign(UNSIGNED).replace(b'Reference URI=""', b'Reference URI="#x"')

    await refused(store, await signing_door.post(partial), "SIGNATURE_INVALID")


async def test_two_signatures_are_refused(signing_door: Door, signer: Signer, store: Store) -> None:
    own = signer.sign(UNSIGNED).decode()
    signature = own[own.index("<ds:Signature") : own.index("</alert>")]

    reply = await signing_door.post(own.replace("</alert>", f"{signature}</alert>").encode())

    await refused(store, reply, "SIGNATURE_INVALID")


@pytest.mark.parametrize(
    ("pinned", "weak", "element"),
    [
        (b"2001/04/xmldsig-more#rsa-sha256", b"2000/09/xmldsig#rsa-sha1", "SignatureMethod"),
        (b"2001/04/xmldsig-more#rsa-sha256", b"2000/09/xmldsig#hmac-sha1", "SignatureMethod"),
        (
            b"2001/04/xmldsig-more#rsa-sha256",
            b"2001/04/xmldsig-more#hmac-sha256",
            "SignatureMethod",
        ),
        (b"2001/04/xmlenc#sha256", b"2000/09/xmldsig#sha1", "DigestMethod"),
    ],
)
async def test_weak_algorithms_are_refused_by_name(
    signing_door: Door, signer: Signer, store: Store, pinned: bytes, weak: bytes, element: str
) -> None:
    message = signer.sign(UNSIGNED)
    assert pinned in message

    reply = await signing_door.post(message.replace(pinned, weak))

    assert reply.json()["element"] == element
    await refused(store, reply, "SIGNATURE_ALGORITHM_REFUSED")


async def test_a_transform_that_would_choose_what_is_signed_is_refused(
    signing_door: Door, signer: Signer, store: Store
) -> None:
    xpath = (
        b'<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"/></ds:Transforms>'
    )
    message = signer.sign(UNSIGNED).replace(b"</ds:Transforms>", xpath)

    await refused(store, await signing_door.post(message), "SIGNATURE_ALGORITHM_REFUSED")


async def test_a_comment_in_a_signed_value_is_refused(
    signing_door: Door, signer: Signer, store: Store
) -> None:
    # Canonical form leaves comments out: the signature holds, and readers would differ.
    signed = signer.sign(UNSIGNED)
    split = SENDER.replace("@", "<!-- -->@").encode()

    reply = await signing_door.post(signed.replace(SENDER.encode(), split))

    await refused(store, reply, "COMMENT_IN_VALUE", 422)


async def test_an_expired_certificate_signs_nothing_any_more(
    signing_door: Door, signer: Signer, store: Store, clock: MovableClock
) -> None:
    clock.advance(days=400)

    await refused(store, await signing_door.post(signer.sign(UNSIGNED)), "SIGNER_NOT_TRUSTED")


async def test_a_certificate_that_begins_later_signs_nothing_yet(
    door: Door, services: Services, store: Store, clock: MovableClock
) -> None:
    later = a_signer(begins=clock.after(3_600))
    (agency,) = await services.alerts.keys.list()
    await services.alerts.certificates.add(agency.key_id, later.pem)

    await refused(store, await door.post(later.sign(UNSIGNED)), "SIGNER_NOT_TRUSTED")


async def test_a_revoked_certificate_signs_nothing_from_then_on(
    signing_door: Door, signer: Signer, services: Services, store: Store, clock: MovableClock
) -> None:
    (certificate,) = await services.alerts.certificates.list()

    await services.alerts.certificates.revoke(certificate.id)

    clock.advance(seconds=1)
    await refused(store, await signing_door.post(signer.sign(UNSIGNED)), "SIGNER_NOT_TRUSTED")


async def test_another_agencys_certificate_does_not_count(
    door: Door, services: Services, store: Store, signer: Signer
) -> None:
    (agency,) = await services.alerts.keys.list()
    other = await services.alerts.keys.create("Other", ["other@agency.example"])
    await services.alerts.certificates.add(other.agency.key_id, signer.pem)
    await services.alerts.keys.require_signature(agency.key_id, is_required=True)

    await refused(store, await door.post(signer.sign(UNSIGNED)), "SIGNER_NOT_TRUSTED")


async def test_the_same_signed_message_again_is_the_replay(
    signing_door: Door, signer: Signer, store: Store
) -> None:
    first = await signing_door.accepts(signer.sign(UNSIGNED))

    again = await signing_door.post(signer.sign(UNSIGNED))

    assert (again.status_code, again.json()) == (200, first | {"replay": True})
    assert await store[ALERTS].count({}) == 1


async def test_other_content_signed_under_the_same_name_is_refused(
    signing_door: Door, signer: Signer, store: Store
) -> None:
    await signing_door.accepts(signer.sign(UNSIGNED))

    reply = await signing_door.post(signer.sign(alert(info(event="Khác"), prolog="")))

    assert (reply.status_code, reply.json()["code"]) == (409, "CONFLICTING_MESSAGE")
    assert await store[ALERTS].count({}) == 1


async def test_a_signature_is_kept_unverified_where_nothing_is_known_of_the_signer(
    door: Door, signer: Signer
) -> None:
    answer = await door.accepts(signer.sign(UNSIGNED))

    assert answer["signature"] == "UNVERIFIED"


@pytest.mark.parametrize(
    ("sent", "status"),
    [("2026-05-01T16:35:00+07:00", 201), ("2026-05-01T16:35:01+07:00", 422)],
)
async def test_a_message_of_the_future_is_refused(door: Door, sent: str, status: int) -> None:
    reply = await door.post(alert(sent=sent))

    assert reply.status_code == status
    if status == 422:
        assert (reply.json()["code"], reply.json()["element"]) == ("SENT_IN_FUTURE", "sent")


async def test_what_an_operator_imports_is_held_against_the_senders_certificates(
    signing_door: Door, signer: Signer, services: Services
) -> None:
    (signed,) = await services.alerts.import_document(signer.sign(UNSIGNED), "file")

    assert signed.imported is not None
    assert signed.imported.signature.name == "VERIFIED"


async def test_what_an_operator_imports_may_not_be_forged(
    signing_door: Door, services: Services, store: Store
) -> None:
    with pytest.raises(SignatureInvalid):
        await services.alerts.import_document(a_signer("forger").sign(UNSIGNED), "file")

    assert await store[ALERTS].count({}) == 0


async def test_an_update_signed_by_another_agency_changes_nothing_of_a_warning(
    signing_door: Door, signer: Signer, services: Services, store: Store
) -> None:
    await signing_door.accepts(signer.sign(UNSIGNED))
    other = await services.alerts.keys.create("Other", ["other@agency.example"])
    forger = a_signer("forger")
    await services.alerts.certificates.add(other.agency.key_id, forger.pem)
    cancel = alert(identifier="c", msg_type="Cancel", references=reference(), prolog="", sent=LATER)

    reply = await signing_door.post(forger.sign(cancel), key=other.key)

    kept = await store[ALERTS].find({})
    assert (reply.status_code, [one["identifier"] for one in kept]) == (403, ["flood-1"])
    assert kept[0].get("cancelled_by") is None


async def test_a_forged_cancel_takes_nothing_back(
    signing_door: Door, signer: Signer, store: Store
) -> None:
    await signing_door.accepts(signer.sign(UNSIGNED))
    cancel = alert(identifier="c", msg_type="Cancel", references=reference(), prolog="", sent=LATER)

    reply = await signing_door.post(a_signer("forger").sign(cancel))

    kept = await store[ALERTS].find({})
    assert (reply.status_code, reply.json()["code"]) == (403, "SIGNATURE_INVALID")
    assert [(one["identifier"], one.get("cancelled_by")) for one in kept] == [("flood-1", None)]
