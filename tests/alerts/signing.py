"""Agencies that sign: a key, its certificate, and messages signed with them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.signer import XMLSigner

from tests.conftest import NOW


@cache
def rsa_key(name: str, bits: int = 2_048) -> rsa.RSAPrivateKey:
    """Return the key of that name, made once a run: that takes a while."""
    return rsa.generate_private_key(public_exponent=65_537, key_size=bits)


@dataclass(frozen=True, slots=True)
class Signer:
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def sign(
        self,
        message: bytes,
        *,
        digest: DigestAlgorithm = DigestAlgorithm.SHA256,
        canonical: CanonicalizationMethod = CanonicalizationMethod.CANONICAL_XML_1_0,
        has_key_info: bool = True,
    ) -> bytes:
        """Return the message with an enveloped signature over the whole of it."""
        is_rsa = isinstance(self.key, rsa.RSAPrivateKey)
        signer = XMLSigner(
            signature_algorithm=SignatureMethod.RSA_SHA256
            if is_rsa
            else SignatureMethod.ECDSA_SHA256,
            digest_algorithm=digest,
            c14n_algorithm=canonical,
        )
        signed = signer.sign(  # pyright: ignore[reportUnknownMemberType] - half annotated
            etree.fromstring(message), key=self.key, cert=[self.certificate]
        )
        if not has_key_info:
            info = signed.find(".//{http://www.w3.org/2000/09/xmldsig#}KeyInfo")
            assert info is not None
            signature = info.getparent()
            assert signature is not None
            signature.remove(info)
        document: bytes = etree.tostring(signed, xml_declaration=True, encoding="UTF-8")
        return document


def a_signer(
    name: str = "Civil Defence",
    *,
    begins: datetime = NOW - timedelta(days=10),
    days: float = 365,
    bits: int = 2_048,
    curve: ec.EllipticCurve | None = None,
) -> Signer:
    """Return a signer whose certificate holds for `days` from `begins`."""
    key = rsa_key(name, bits) if curve is None else ec.generate_private_key(curve)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    return Signer(key, certificate)
