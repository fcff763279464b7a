"""The certificates with which agencies sign: added by an operator, pinned one by one, never by an authority.

Each is an agency's, and signs for the senders of that agency's key only. Administrators are told 30, 7
and 1 days before one expires.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from api.alerts.agency_keys import Agency, AgencyKeys
from api.alerts.errors import CertificateNotFound, InvalidCertificate, TooManyCertificates
from api.alerts.signatures.expiry import plan_expiry_alarms
from api.alerts.signatures.verifying import Trust, TrustedSigner
from api.kit.clock import Clock
from api.kit.ids import derived_id, is_id
from api.kit.jobs import Jobs
from api.kit.store import CollectionSpec, Document, Index, Store
from api.kit.transactions import transact

AGENCY_CERTIFICATES = CollectionSpec("agency_certificates", (Index(("agency_id",)),))

BYTES_AT_MOST = 32_768
OPEN_AT_MOST = 5
"""Each is tried for each signed message."""
_RSA_BITS_AT_LEAST = 2_048
_RSA_BITS_AT_MOST = 8_192
_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)


@dataclass(frozen=True, slots=True)
class AgencyCertificate:
    """`fingerprint`: SHA-256 of the certificate, in hex. Times are aware UTC."""

    id: str
    agency_id: str
    subject: str
    fingerprint: str
    pem: str
    not_before: datetime
    not_after: datetime
    created_at: datetime
    revoked_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Tell whether it signs now, or will."""
        return self.revoked_at is None and now <= self.not_after


class AgencyCertificates:
    def __init__(self, store: Store, keys: AgencyKeys, jobs: Jobs, clock: Clock) -> None:
        self._store = store
        self._certificates = store[AGENCY_CERTIFICATES]
        self._keys = keys
        self._jobs = jobs
        self._clock = clock

    async def add(self, agency_id: str, content: bytes) -> AgencyCertificate:
        """Trust a certificate (PEM or DER) of an agency; one that is there already is left as it is.

        Raises AgencyKeyNotFound, InvalidCertificate (also for RSA below 2,048 bits, other curves than
        P-256, P-384 and P-521, and one that has expired), TooManyCertificates.
        """
        now = self._clock()
        made = _certificate(agency_id, _read(content), now)
        if not made.is_open(now):
            raise InvalidCertificate

        async def work() -> AgencyCertificate:
            await self._keys.take_turn(agency_id)
            kept = await self._certificates.get(made.id)
            if kept is not None:
                return _of(kept)
            of_agency = await self._of(agency_id)
            if sum(one.is_open(now) for one in of_agency) >= OPEN_AT_MOST:
                raise TooManyCertificates(limit=OPEN_AT_MOST)
            await self._certificates.insert(_document(made))
            await plan_expiry_alarms(self._jobs, made.id, made.not_after, now)
            return made

        return await transact(self._store, work)

    async def list(self) -> list[AgencyCertificate]:
        """Return all certificates, revoked ones too, oldest first."""
        return [_of(one) for one in await self._certificates.find({}, sort=[("created_at", 1)])]

    async def get(self, certificate_id: str) -> AgencyCertificate | None:
        document = await self._certificates.get(certificate_id)
        return _of(document) if document else None

    async def revoke(self, certificate_id: str) -> AgencyCertificate:
        """Stop trusting a certificate at once; twice keeps the first time. Raises CertificateNotFound."""
        if not is_id(certificate_id):
            raise CertificateNotFound
        revoked = await self._certificates.update_one(
            {"_id": certificate_id, "revoked_at": None}, {"$set": {"revoked_at": self._clock()}}
        )
        document = revoked or await self._certificates.get(certificate_id)
        if document is None:
            raise CertificateNotFound
        return _of(document)

    async def is_succeeded(self, certificate: AgencyCertificate) -> bool:
        """Tell whether another certificate of the agency signs longer."""
        others = await self._of(certificate.agency_id)
        now = self._clock()
        return any(one.is_open(now) and one.not_after > certificate.not_after for one in others)

    async def trust_in(self, agency: Agency | None) -> Trust:
        """Return what to hold a message of an agency against; None: of whoever may speak as its sender."""
        if agency is not None:
            signers = _signers(agency, await self._of(agency.key_id))
            return Trust(signers, agency.is_signature_required)
        found: tuple[TrustedSigner, ...] = ()
        for one in await self._keys.list():
            if one.revoked_at is None:
                found += _signers(one, await self._of(one.key_id))
        return Trust(found)

    async def _of(self, agency_id: str) -> Sequence[AgencyCertificate]:
        found = await self._certificates.find({"agency_id": agency_id}, sort=[("created_at", 1)])
        return [_of(one) for one in found]


def _signers(
    agency: Agency, certificates: Sequence[AgencyCertificate]
) -> tuple[TrustedSigner, ...]:
    return tuple(
        TrustedSigner(
            one.id,
            x509.load_pem_x509_certificate(one.pem.encode()),
            agency.senders,
            one.not_before,
            # Still known, so that what it signed is refused, and not taken for unsigned.
            one.not_after if one.revoked_at is None else min(one.not_after, one.revoked_at),
        )
        for one in certificates
    )


def _read(content: bytes) -> x509.Certificate:
    try:
        if len(content) > BYTES_AT_MOST:
            raise InvalidCertificate
        is_pem = content.lstrip().startswith(b"-----BEGIN")
        load = x509.load_pem_x509_certificate if is_pem else x509.load_der_x509_certificate
        certificate = load(content)
        key = certificate.public_key()
        subject = certificate.subject.rfc4514_string()
    except (ValueError, TypeError) as error:
        raise InvalidCertificate from error
    is_rsa = isinstance(key, rsa.RSAPublicKey) and (
        _RSA_BITS_AT_LEAST <= key.key_size <= _RSA_BITS_AT_MOST
    )
    is_curve = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, _CURVES)
    if not (is_rsa or is_curve) or not subject:
        raise InvalidCertificate
    return certificate


def _certificate(agency_id: str, certificate: x509.Certificate, now: datetime) -> AgencyCertificate:
    fingerprint = certificate.fingerprint(hashes.SHA256()).hex()
    return AgencyCertificate(
        id=derived_id("agency certificate", agency_id, fingerprint),
        agency_id=agency_id,
        subject=certificate.subject.rfc4514_string()[:200],
        fingerprint=fingerprint,
        pem=certificate.public_bytes(serialization.Encoding.PEM).decode(),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        created_at=now,
        revoked_at=None,
    )


def _document(one: AgencyCertificate) -> Document:
    return {
        "_id": one.id,
        "agency_id": one.agency_id,
        "subject": one.subject,
        "fingerprint": one.fingerprint,
        "pem": one.pem,
        "not_before": one.not_before,
        "not_after": one.not_after,
        "created_at": one.created_at,
        "revoked_at": None,
    }


def _of(document: Document) -> AgencyCertificate:
    return AgencyCertificate(
        id=document["_id"],
        agency_id=document["agency_id"],
        subject=document["subject"],
        fingerprint=document["fingerprint"],
        pem=document["pem"],
        not_before=document["not_before"],
        not_after=document["not_after"],
        created_at=document["created_at"],
        revoked_at=document["revoked_at"],
    )
