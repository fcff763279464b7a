"""Notes, documents and cards that come in while the consent goes; each race has a control without the guard."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.accounts.caller import Caller, Grant
from api.accounts.people.dependant_repository import DependantRepository
from api.accounts.people.repository import Account, AccountRepository, Profile
from api.accounts.privacy.consent_ledger import ConsentLedger
from api.accounts.privacy.consents import Consents, GivenConsent
from api.accounts.privacy.purposes import ConsentPurpose, current_texts
from api.collections import COLLECTIONS
from api.health.appointments.records import AppointmentStatus
from api.health.appointments.repository import AppointmentRepository
from api.health.directory.facility import clerk_scope, shipped_facilities
from api.health.directory.staff import FacilityStaff
from api.health.errors import HealthProblem
from api.health.record.card_repository import EMERGENCY_CARDS
from api.health.record.details import AllergySeverity
from api.health.record.document_repository import HEALTH_DOCUMENTS
from api.health.record.emergency_cards import CardWishes
from api.health.record.keeping import NewAllergy
from api.health.record.owners import Owners
from api.health.record.record_repository import HEALTH_RECORDS
from api.health.record.shared_document import DocumentFormat, DocumentKind
from api.health.record.sharing import NewDocument
from api.health.record.wiring import RecordServices, record_on
from api.kit.audit_log import AuditLog
from api.kit.idempotency import Idempotency
from api.kit.ids import new_id
from api.kit.sealing import KeyFile, Sealer
from api.kit.store import CollectionSpec
from tests.accounts.people import new_key
from tests.accounts.snapshot_store import SnapshotStore
from tests.conftest import NOW, MovableClock
from tests.health.appointments import an_appointment
from tests.health.places import FACILITY, a_clinic

CLERK = Caller(new_id(), grants=frozenset({Grant(*clerk_scope(FACILITY))}))


@dataclass(frozen=True, slots=True)
class Setting:
    """`mai` agrees to everything; she came to `appointment_id`, at which CLERK works."""

    store: SnapshotStore
    record: RecordServices
    consents: Consents
    mai: Caller
    appointment_id: str

    async def allergy(self) -> None:
        new = NewAllergy("Penicillin", None, AllergySeverity.SEVERE, None)
        await self.record.keeping.add_allergy(self.mai, None, new, new_key())

    async def card(self) -> None:
        await self.record.cards.switch_on(self.mai, None, CardWishes(None, None, False))

    async def document(self) -> None:
        new = NewDocument(self.appointment_id, DocumentKind.RESULT, "Máu", DocumentFormat.PDF, 100)
        await self.record.sharing.share(CLERK, FACILITY, new, new_key())


@pytest.fixture
async def setting(tmp_path: Path) -> AsyncIterator[Setting]:
    store, clock = SnapshotStore(meeting=0), MovableClock()
    await store.open(COLLECTIONS)
    sealer = Sealer(KeyFile(tmp_path / "keys.json"))
    accounts, appointments = AccountRepository(store, sealer), AppointmentRepository(store, sealer)
    mai = Caller(new_id())
    await accounts.add(Account(mai.person(), "vi", Profile(), frozenset(), NOW))
    await accounts.add(Account(CLERK.person(), "vi", Profile(), CLERK.grants, NOW))
    clinic = await a_clinic(store)
    came = an_appointment(clinic.slots[0], mai.person(), status=AppointmentStatus.FULFILLED)
    await appointments.add(came)
    record = record_on(
        store,
        sealer,
        FacilityStaff(store, shipped_facilities()),
        appointments,
        AuditLog(store, sealer.key_for("audit log"), clock),
        clock,
        public_url="http://test",
    )
    consents = Consents(
        store,
        ConsentLedger(store, sealer),
        DependantRepository(store, sealer),
        (record.forgetting,),
        Idempotency(store, clock),
        clock,
    )
    for purpose in (ConsentPurpose.HEALTH, ConsentPurpose.EMERGENCY_CARD):
        version = current_texts(purpose)["vi"].version
        given = GivenConsent(purpose, version, "vi", None, dependant_agrees=False)
        await consents.give(mai, given, new_key())
    yield Setting(store, record, consents, mai, came.id)
    await store.close()


async def tried(work: Callable[[], Awaitable[None]]) -> None:
    """Do it; whether it is refused is for the other side to decide."""
    try:
        await work()
    except HealthProblem:
        return


@pytest.mark.parametrize("is_guarded", [True, False])
@pytest.mark.parametrize(
    ("what", "purpose", "kept"),
    [
        (Setting.allergy, ConsentPurpose.HEALTH, HEALTH_RECORDS),
        (Setting.document, ConsentPurpose.HEALTH, HEALTH_DOCUMENTS),
        (Setting.card, ConsentPurpose.EMERGENCY_CARD, EMERGENCY_CARDS),
    ],
    ids=["allergy", "document", "card"],
)
async def test_nothing_stays_that_came_in_beside_a_withdrawal(
    setting: Setting,
    monkeypatch: pytest.MonkeyPatch,
    what: Callable[[Setting], Awaitable[None]],
    purpose: ConsentPurpose,
    kept: CollectionSpec,
    is_guarded: bool,
) -> None:
    """Unguarded, each side decides by what the other one is changing, and what was noted stays."""
    if not is_guarded:

        async def hold_nothing(*_: object) -> None:
            return

        monkeypatch.setattr(Owners, "hold", hold_nothing)
        monkeypatch.setattr(Owners, "hold_account", hold_nothing)
    setting.store.meet(2)

    await asyncio.gather(
        tried(lambda: what(setting)),
        setting.consents.withdraw(setting.mai, purpose, None, "vi"),
    )

    assert await setting.store[kept].count({}) == (0 if is_guarded else 1)
