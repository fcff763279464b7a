"""Whether a CAP message is signed by a certificate we trust (XML Signature, enveloped; CAP 1.2, 3.3.2.1).

What is signed is read, and nothing else: the message is made from the bytes that the signature covers,
never from the document that it came in. The key comes from our list; what a signature says of its own
key is thrown away unread. Algorithms are pinned: no SHA-1, no HMAC, no XPath or XSLT.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from threading import Lock

from cryptography import x509
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from api.alerts.cap_xml import Element, parsed_whole
from api.alerts.errors import (
    SignatureAlgorithmRefused,
    SignatureInvalid,
    SignatureRequired,
    SignerNotTrusted,
)

SIGNATURE_NAMESPACE = "http://www.w3.org/2000/09/xmldsig#"
_NAMES = {"ds": SIGNATURE_NAMESPACE}
_METHODS = frozenset(
    {
        SignatureMethod.RSA_SHA256,
        SignatureMethod.RSA_SHA384,
        SignatureMethod.RSA_SHA512,
        SignatureMethod.SHA256_RSA_MGF1,
        SignatureMethod.SHA384_RSA_MGF1,
        SignatureMethod.SHA512_RSA_MGF1,
        SignatureMethod.ECDSA_SHA256,
        SignatureMethod.ECDSA_SHA384,
        SignatureMethod.ECDSA_SHA512,
    }
)
_DIGESTS = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})
_CANONICAL = frozenset(
    {
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/2006/12/xml-c14n11",
        "http://www.w3.org/2001/10/xml-exc-c14n#",
    }
)
_ONE_AT_A_TIME = Lock()
"""All of signxml's verifiers share one schema, which keeps its errors, and one parser."""
_ENVELOPED = f"{SIGNATURE_NAMESPACE}enveloped-signature"


class SignatureState(StrEnum):
    """What is known of who signed a message."""

    NONE = auto()
    """It has no signature."""
    UNVERIFIED = auto()
    """It has one, and we have no certificate of its sender to hold it against."""
    VERIFIED = auto()
    """One of the agency's certificates signed it, and what was signed is what is kept."""


@dataclass(frozen=True, slots=True)
class TrustedSigner:
    """A certificate of the list. `senders`: the CAP senders for whom it may sign. Times are aware UTC."""

    certificate_id: str
    certificate: x509.Certificate
    senders: frozenset[str]
    not_before: datetime
    not_after: datetime

    def is_valid(self, now: datetime) -> bool:
        return self.not_before <= now <= self.not_after


@dataclass(frozen=True, slots=True)
class Trust:
    """Against what a message is held. `is_required`: without a signature it is refused."""

    signers: tuple[TrustedSigner, ...] = ()
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class CheckedSignature:
    """`certificate_id`: whose it is, and `signed` the bytes that it covers, when it was verified."""

    state: SignatureState
    certificate_id: str | None = None
    signed: bytes | None = None


def check_signature(raw: bytes, sender: str, trust: Trust, now: datetime) -> CheckedSignature:
    """Hold a message, already read as safe XML, against the certificates of its sender.

    Raises SignatureRequired, SignatureInvalid, SignatureAlgorithmRefused or SignerNotTrusted.
    """
    root = parsed_whole(raw)
    found = root.findall(".//ds:Signature", _NAMES)
    known = [signer for signer in trust.signers if sender in signer.senders]
    if not found:
        if trust.is_required:
            raise SignatureRequired(element="Signature")
        return CheckedSignature(SignatureState.NONE)
    if not known:
        if trust.is_required:
            raise SignerNotTrusted(element="Signature", line=found[0].sourceline)
        return CheckedSignature(SignatureState.UNVERIFIED)
    return _verified(root, found, known, now)


def _verified(
    root: Element, found: Sequence[Element], known: Sequence[TrustedSigner], now: datetime
) -> CheckedSignature:
    signature = found[0]
    if len(found) > 1 or signature.getparent() is not root:
        # Of two, or of one that stands deeper, readers differ on what it covers.
        raise SignatureInvalid(element="Signature", line=signature.sourceline)
    _check_shape(signature)
    valid = [signer for signer in known if signer.is_valid(now)]
    if not valid:
        raise SignerNotTrusted(element="Signature", line=signature.sourceline)
    _drop_claims(signature)
    for signer in valid:
        signed = _signed_by(root, signer, now)
        if signed is not None:
            return CheckedSignature(SignatureState.VERIFIED, signer.certificate_id, signed)
    raise SignatureInvalid(element="Signature", line=signature.sourceline)


def _check_shape(signature: Element) -> None:
    """Refuse all but one reference to the whole document, less the signature, by pinned algorithms."""
    info = signature.find("ds:SignedInfo", _NAMES)
    references = signature.findall(".//ds:Reference", _NAMES)
    is_whole = len(references) == 1 and references[0].get("URI") == ""
    if info is None or not is_whole or signature.find("ds:Object", _NAMES) is not None:
        raise SignatureInvalid(element="Signature", line=signature.sourceline)
    transforms = [_algorithm(one) for one in references[0].findall(".//ds:Transform", _NAMES)]
    if transforms.count(_ENVELOPED) != 1 or transforms[0] != _ENVELOPED:
        raise SignatureInvalid(element="Transforms", line=signature.sourceline)
    asked = {
        "CanonicalizationMethod": _CANONICAL,
        "SignatureMethod": frozenset(one.value for one in _METHODS),
        "DigestMethod": frozenset(one.value for one in _DIGESTS),
    }
    for name, allowed in asked.items():
        if any(_algorithm(one) not in allowed for one in info.iterfind(f".//ds:{name}", _NAMES)):
            raise SignatureAlgorithmRefused(element=name, line=signature.sourceline)
    if not _CANONICAL.issuperset(transforms[1:]):
        raise SignatureAlgorithmRefused(element="Transform", line=signature.sourceline)


def _algorithm(element: Element) -> str:
    return element.get("Algorithm") or ""


def _drop_claims(signature: Element) -> None:
    for claim in signature.findall("ds:KeyInfo", _NAMES):
        signature.remove(claim)


def _signed_by(root: Element, signer: TrustedSigner, now: datetime) -> bytes | None:
    """Return the bytes that this certificate signed, None when it did not sign the message."""
    expected = SignatureConfiguration(
        location="./",
        signature_methods=_METHODS,
        digest_algorithms=_DIGESTS,
        verification_time=now,
    )
    try:
        with _ONE_AT_A_TIME:
            result = XMLVerifier().verify(  # pyright: ignore[reportUnknownMemberType] - half annotated
                root, x509_cert=signer.certificate, expect_config=expected
            )
    except (SignXMLException, etree.LxmlError, ValueError, TypeError):
        # A signature that cannot even be read is, to us, not the certificate's.
        return None
    if isinstance(result, list) or result.signed_xml is None:
        return None
    return result.signed_data
