"""Cards, gates and people at them, as tests need them."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from api.accounts.caller import PROVINCE, Caller, Grant, Role, Scope, ScopeKind
from api.context import Services
from api.credentials.cards.rotating_code import code_of, step_at
from api.credentials.cards.shown import Shown
from api.credentials.gates.enrolling import NewGate
from api.credentials.gates.records import DEFAULT_POLICY, Gate, OldListPolicy
from api.credentials.records import TOURIST_PASSES, Audience, Credential, CredentialKind
from api.credentials.scans.records import CheckedScan, ScanPurpose, Use
from api.credentials.scans.scanning import AskedScan, RecordedScan
from api.credentials.scans.uses import CredentialUse
from api.credentials.service import CredentialService
from api.credentials.wiring import CREDENTIAL_COLLECTIONS, credentials_on
from api.kit.ids import new_id
from api.kit.store import Store
from tests.conftest import NOW, MovableClock

CABLE_CAR = Scope(ScopeKind.MERCHANT, "cable-car")
MUSEUM = Scope(ScopeKind.FACILITY, "museum")
SCHOOL = Scope(ScopeKind.SCHOOL, "sa-pa-school")
OTHER_SCHOOL = Scope(ScopeKind.SCHOOL, "bac-ha-school")
DAYS = timedelta(days=30)
_NUMBERS = count(1)


def caller(*grants: Grant, person: str | None = None) -> Caller:
    return Caller(person or new_id(), new_id(), frozenset(grants))


def keeper_of(scope: Scope) -> Caller:
    """Return a gatekeeper."""
    return caller(Grant(Role.GATEKEEPER, scope))


ADMINISTRATOR = caller(Grant(Role.ADMINISTRATOR, PROVINCE))


def a_key() -> str:
    return f"key-of-a-credentials-test-{next(_NUMBERS):06}"


@dataclass(slots=True)
class Recorder:
    """A kind of card that remembers what it was told, and answers as it is set to."""

    kind: CredentialKind = CredentialKind.TOURIST_PASS
    answer: Use | Exception = Use("This card is good.")  # noqa: RUF009 - frozen
    seen: list[CheckedScan] | None = None

    async def used(self, scan: CheckedScan) -> Use:
        self.seen = [*(self.seen or []), scan]
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def service_with(
    services: Services,
    clock: MovableClock,
    uses: Sequence[CredentialUse],
    *,
    public_url: str = "http://test",
) -> CredentialService:
    """Return the service over the same store, with uses of the test's own."""
    return credentials_on(
        services.store,
        services.sealer,
        services.audit,
        services.accounts.device_links,
        services.tourism.places,
        uses,
        clock,
        public_url=public_url,
    )


async def a_card(
    service: CredentialService,
    *,
    audience: Audience = TOURIST_PASSES,
    holder: str | None = None,
    valid_from: datetime = NOW - timedelta(hours=1),
    valid_until: datetime = NOW + DAYS,
    now: datetime = NOW - timedelta(hours=1),
) -> Credential:
    """Issue a card of a new pass or pupil."""
    return await service.issuing.issue(
        audience.kind, new_id(), holder, audience, valid_from, valid_until, now
    )


async def a_gate(
    service: CredentialService, scope: Scope = CABLE_CAR, policy: OldListPolicy = DEFAULT_POLICY
) -> Gate:
    gate, _ = await a_gate_with_secret(service, scope, policy)
    return gate


async def a_gate_with_secret(
    service: CredentialService, scope: Scope = CABLE_CAR, policy: OldListPolicy = DEFAULT_POLICY
) -> tuple[Gate, str]:
    new = NewGate({"vi": "Cổng chính", "en": "Main gate"}, scope, policy=policy)
    return await service.enrolling.add(ADMINISTRATOR, new, a_key())


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone with a card on it, as it was when it was taken."""

    token: str
    key: bytes

    @classmethod
    async def with_card(cls, service: CredentialService, card: Credential) -> "Phone":
        shown = await service.holding.shown_to(card)
        return cls(shown.token, base64.b64decode(shown.key))

    def shows(self, moment: datetime) -> str:
        """Return what its QR code holds at a moment of its clock."""
        return Shown(self.token, code_of(self.key, step_at(moment))).text


async def a_phone(
    service: CredentialService, audience: Audience = TOURIST_PASSES
) -> tuple[Credential, Phone]:
    card = await a_card(service, audience=audience)
    return card, await Phone.with_card(service, card)


def a_scan(
    shown: str,
    *,
    id: str | None = None,
    at: datetime | None = None,
    purpose: ScanPurpose = ScanPurpose.ENTRY,
    confirmed: bool = False,
) -> AskedScan:
    """Return what a gate tells, online or (`at`) of something that has happened."""
    return AskedScan(id or f"scan-of-a-test-{next(_NUMBERS):06}", shown, purpose, confirmed, at)


async def told(service: CredentialService, gate: Gate, *scans: AskedScan) -> list[RecordedScan]:
    """Let the gate tell of scans, late."""
    return await service.scanning.record(keeper_of(gate.scope), gate.id, scans)


async def everything(store: Store) -> dict[str, list[dict[str, object]]]:
    """Return every document of the slice."""
    return {spec.name: await store[spec].find({}) for spec in CREDENTIAL_COLLECTIONS}
