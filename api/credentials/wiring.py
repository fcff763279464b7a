"""Builds the services of credentials. `CREDENTIAL_COLLECTIONS` belong to api.wiring's COLLECTIONS."""

from collections.abc import Sequence

from api.accounts.devices.links import DeviceLinks
from api.credentials.cards.card_token import PURPOSE
from api.credentials.cards.signing import CardSigning
from api.credentials.gates.bundling import Bundling
from api.credentials.gates.enrolling import Enrolling, KnownPlaces
from api.credentials.gates.gate_keys import GateKeys
from api.credentials.gates.repository import GATES, GateRepository
from api.credentials.gates.rights import GateRights
from api.credentials.holding import Holding
from api.credentials.issuing import VALID_AT_MOST, Issuing
from api.credentials.repository import CREDENTIALS
from api.credentials.scans.checking import Checking
from api.credentials.scans.flags import Flags
from api.credentials.scans.repository import SCAN_FLAGS, SCANS, USED_CODES, ScanRepository
from api.credentials.scans.scanning import Scanning
from api.credentials.scans.uses import CredentialUse, Uses
from api.credentials.service import CredentialService
from api.credentials.staffing import Staffing
from api.credentials.status.publishing import Publishing
from api.credentials.status.repository import (
    CREDENTIAL_AUDIENCES,
    STATUS_CHANGES,
    STATUS_LISTS,
    StatusRepository,
)
from api.credentials.subjects import Subjects
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.sealing import Sealer
from api.kit.signing_keys import SigningKeys
from api.kit.store import Store

CREDENTIAL_COLLECTIONS = (
    CREDENTIALS,
    CREDENTIAL_AUDIENCES,
    STATUS_LISTS,
    STATUS_CHANGES,
    GATES,
    SCANS,
    SCAN_FLAGS,
    USED_CODES,
)


def issuing_on(store: Store, sealer: Sealer) -> Issuing:
    """Build what issues, without the rest: for a slice that is built before the people are."""
    statuses = StatusRepository(store)
    return Issuing(store, statuses, GateKeys(store, statuses, sealer))


def credentials_on(
    store: Store,
    sealer: Sealer,
    audit: AuditLog,
    devices: DeviceLinks,
    places: KnownPlaces,
    uses: Sequence[CredentialUse],
    clock: Clock,
    *,
    public_url: str,
) -> CredentialService:
    """Build the services. `places`: of the guide; `uses`: what scans do, from the slices of the kinds."""
    statuses = StatusRepository(store)
    gate_keys = GateKeys(store, statuses, sealer)
    keys = SigningKeys(store, sealer, clock, PURPOSE, verifies_for=VALID_AT_MOST)
    signing = CardSigning(keys, gate_keys)
    issuing = Issuing(store, statuses, gate_keys)
    publishing = Publishing(statuses, keys, public_url, clock)
    gates, scans = GateRepository(store), ScanRepository(store)
    rights = GateRights(gates)
    idempotency = Idempotency(store, clock)
    bundling = Bundling(keys, gate_keys, publishing, clock)
    return CredentialService(
        keys=keys,
        issuing=issuing,
        holding=Holding(store, issuing, signing, gate_keys, devices, idempotency, clock),
        staffing=Staffing(store, issuing, signing, audit, clock),
        enrolling=Enrolling(
            store, gates, places, rights, gate_keys, bundling, sealer, audit, idempotency, clock
        ),
        scanning=Scanning(store, rights, Checking(store, signing, gate_keys), Uses(uses), clock),
        flags=Flags(store, scans, gates, rights, audit, clock),
        publishing=publishing,
        subjects=Subjects(store, issuing),
    )
