"""Builds the privacy services, over what accounts gives and whoever keeps something of people."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.consent_ledger import CONSENTS, ConsentLedger
from api.accounts.privacy.erasing import Erasing
from api.accounts.privacy.erasures import ERASURES, ErasureRepository
from api.accounts.privacy.export_links import ExportLinks
from api.accounts.privacy.export_repository import DATA_EXPORTS, EXPORT_PARTS, ExportRepository
from api.accounts.privacy.exports import DataExports
from api.accounts.privacy.holders import (
    AddressData,
    AnswerData,
    ConsentData,
    ExportData,
    SessionData,
    TextData,
)
from api.accounts.privacy.leaving import Leaving, SettlesUp
from api.accounts.sign_in.codes import Codes
from api.accounts.sign_in.session_repository import SessionRepository
from api.accounts.sign_in.sessions import Sessions
from api.accounts.sign_in.ways_in import WaysIn
from api.accounts.staff.roster import Roster
from api.kit.clock import Clock
from api.kit.events import Events
from api.kit.idempotency import Idempotency
from api.kit.jobs import Handler, Jobs
from api.kit.personal_data import PersonalData
from api.kit.sealing import Sealer
from api.kit.store import Store
from notifications.device_repository import DeviceRepository
from notifications.recordings import Recordings
from notifications.texts import Texts

PRIVACY_COLLECTIONS = (CONSENTS, DATA_EXPORTS, ERASURES, EXPORT_PARTS)


@dataclass(frozen=True, slots=True)
class PrivacyServices:
    """`holders`: everybody who is asked for an export, and for an erasure, in this order."""

    exports: DataExports
    leaving: Leaving
    erasing: Erasing
    holders: tuple[PersonalData, ...]

    def handlers(self) -> dict[str, Handler]:
        return {**self.exports.handlers(), **self.erasing.handlers()}


def privacy_on(
    store: Store,
    sealer: Sealer,
    jobs: Jobs,
    events: Events,
    texts: Texts,
    accounts: AccountRepository,
    devices: DeviceRepository,
    sessions: Sessions,
    roster: Roster,
    others: Sequence[PersonalData],
    creditors: Sequence[SettlesUp],
    clock: Clock,
    *,
    public_url: str,
) -> PrivacyServices:
    """Build the services. `others`: the holders of what is not sign-in, privacy or texts."""
    session_repository, ways = SessionRepository(store, sealer), WaysIn(store, sealer)
    exports, erasures = ExportRepository(store, sealer), ErasureRepository(store, sealer)
    idempotency = Idempotency(store, clock)
    holders = (
        *others,
        AddressData(ways),
        SessionData(session_repository, events),
        ConsentData(ConsentLedger(store, sealer), clock),
        TextData(texts, ways),
        ExportData(exports),
        AnswerData(idempotency),
    )
    links = ExportLinks(sealer, public_url, clock)
    return PrivacyServices(
        exports=DataExports(store, exports, links, holders, accounts, jobs, clock),
        leaving=Leaving(
            store,
            accounts,
            sessions,
            ways,
            Codes(store, sealer, clock),
            texts,
            devices,
            Recordings(store),
            idempotency,
            erasures,
            roster,
            creditors,
            jobs,
            clock,
        ),
        erasing=Erasing(store, erasures, accounts, holders, jobs, clock),
        holders=holders,
    )
