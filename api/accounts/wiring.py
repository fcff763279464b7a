"""Builds what the slice offers, over the store and what it is given."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.accounts.audit_reading.service import AuditReading
from api.accounts.devices.links import DeviceLinks
from api.accounts.devices.location_consent import LocationConsent
from api.accounts.devices.service import DeviceService
from api.accounts.identity_papers.lookup import IdentityLookup
from api.accounts.identity_papers.repository import IDENTITY_PAPERS, IdentityPaperRepository
from api.accounts.identity_papers.service import IdentityPapers
from api.accounts.people.consents import NeedsRestOnConsent, PapersRestOnConsent
from api.accounts.people.dependant_repository import DEPENDANTS, DependantRepository
from api.accounts.people.dependants import Dependants, KeepsOfDependants
from api.accounts.people.personal_data import holders_of_people
from api.accounts.people.repository import ACCOUNTS, AccountRepository
from api.accounts.people.service import People
from api.accounts.privacy.consent_ledger import ConsentLedger
from api.accounts.privacy.consents import Consents, RestsOnConsent
from api.accounts.privacy.exports import DataExports
from api.accounts.privacy.leaving import Leaving, SettlesUp
from api.accounts.privacy.wiring import PRIVACY_COLLECTIONS, PrivacyServices, privacy_on
from api.accounts.sign_in.access_tokens import LIFETIME, AccessTokens
from api.accounts.sign_in.codes import CHALLENGES, Codes
from api.accounts.sign_in.provider import ProviderSignIn
from api.accounts.sign_in.provider_attempts import PROVIDER_ATTEMPTS, ProviderAttempts
from api.accounts.sign_in.provider_client import ProviderClient
from api.accounts.sign_in.send_caps import SEND_COUNTS, SendCaps
from api.accounts.sign_in.service import SignIn
from api.accounts.sign_in.session_repository import SESSIONS, SessionRepository
from api.accounts.sign_in.sessions import Sessions
from api.accounts.sign_in.ways_in import WAYS_IN, WaysIn
from api.accounts.staff.institutions import Institutions, NamedById
from api.accounts.staff.wiring import STAFF_COLLECTIONS, StaffServices, staff_on
from api.foundations import Foundations
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.jobs import Handler
from api.kit.personal_data import PersonalData
from api.kit.resealing import Resealed
from api.kit.sealing import Sealer
from api.kit.signing_keys import SigningKeys
from api.kit.store import Store
from notifications.device_repository import DeviceRepository
from notifications.texts import Texts

ACCOUNT_COLLECTIONS = (
    ACCOUNTS,
    CHALLENGES,
    DEPENDANTS,
    IDENTITY_PAPERS,
    PROVIDER_ATTEMPTS,
    SEND_COUNTS,
    SESSIONS,
    WAYS_IN,
    *PRIVACY_COLLECTIONS,
    *STAFF_COLLECTIONS,
)


@dataclass(frozen=True, slots=True)
class AccountServices:
    """Everything of the slice but devices.

    `people_data`: what is kept of people themselves, to be erased in this order. `resealed`: whoever holds sealed values; their `seal_anew` belongs to a rotation of the sealing keys.
    """

    access_keys: SigningKeys
    consents: Consents
    people: People
    dependants: Dependants
    identity_papers: IdentityPapers
    identity_lookup: IdentityLookup
    device_links: DeviceLinks
    people_data: tuple[PersonalData, ...]
    privacy: PrivacyServices
    resealed: tuple[Resealed, ...]
    provider: ProviderSignIn
    sessions: Sessions
    sign_in: SignIn
    staff: StaffServices
    audit_reading: AuditReading

    @property
    def exports(self) -> DataExports:
        return self.privacy.exports

    @property
    def leaving(self) -> Leaving:
        return self.privacy.leaving

    def handlers(self) -> dict[str, Handler]:
        return self.privacy.handlers()


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept, and what every service stands on."""

    store: Store
    sealer: Sealer
    clock: Clock
    idempotency: Idempotency
    accounts: AccountRepository
    dependants: DependantRepository
    papers: IdentityPaperRepository
    sessions: SessionRepository
    ways: WaysIn
    devices: DeviceRepository
    consents: ConsentLedger

    @classmethod
    def on(cls, on: Foundations) -> "_Kept":
        store, sealer = on.store, on.sealer
        return cls(
            store,
            sealer,
            on.clock,
            on.idempotency,
            AccountRepository(store, sealer),
            DependantRepository(store, sealer),
            IdentityPaperRepository(store, sealer),
            SessionRepository(store, sealer),
            WaysIn(store, sealer),
            DeviceRepository(store),
            ConsentLedger(store, sealer),
        )


def accounts_on(
    on: Foundations,
    devices: DeviceService,
    others: Sequence[PersonalData],
    *,
    provider: ProviderClient | None,
    caps: SendCaps,
    institutions: Institutions | None = None,
    resting: Sequence[RestsOnConsent] = (),
    creditors: Sequence[SettlesUp] = (),
    keepers: Sequence[KeepsOfDependants] = (),
) -> AccountServices:
    """Build the services.

    `others`: what other slices keep of people; `resting`: what of it goes when a consent is
    withdrawn; `creditors`: with whom people must be even before they leave; `provider`: where
    people may sign in with an identity they have, if anywhere.
    """
    kept = _Kept.on(on)
    access_keys = SigningKeys(on.store, on.sealer, on.clock, "access", verifies_for=LIFETIME)
    location = LocationConsent(kept.consents, kept.accounts, kept.devices, on.clock)
    links = _device_links(kept, devices, location)
    tokens = AccessTokens(access_keys, on.public_url, on.clock)
    sessions = Sessions(on.store, kept.accounts, tokens, on.sealer, on.events, links, on.clock)
    consents = _consents(kept, location, resting)
    sign_in = _sign_in(kept, on.texts, caps, sessions)
    staff = _staff(kept, sign_in, sessions, on.texts, caps, institutions or NamedById(), on.audit)
    people_data = (staff.data, *_people_data(kept))
    return AccountServices(
        access_keys=access_keys,
        consents=consents,
        people=People(kept.accounts, kept.dependants, kept.papers, consents, on.clock),
        dependants=_dependants(kept, consents, keepers),
        identity_papers=_identity_papers(kept, consents),
        identity_lookup=_identity_lookup(kept, consents, on.audit),
        device_links=links,
        people_data=people_data,
        privacy=_privacy(on, kept, sessions, staff, (*people_data, *others), creditors),
        resealed=(access_keys, *_resealed(kept), staff.invitations),
        provider=_provider_sign_in(kept, provider, sign_in, sessions),
        sessions=sessions,
        sign_in=sign_in,
        staff=staff,
        audit_reading=AuditReading(on.audit),
    )


def _resealed(kept: _Kept) -> tuple[Resealed, ...]:
    return (
        kept.accounts,
        kept.consents,
        kept.dependants,
        kept.papers,
        kept.sessions,
        kept.ways,
    )


def _device_links(kept: _Kept, devices: DeviceService, location: LocationConsent) -> DeviceLinks:
    return DeviceLinks(
        devices,
        kept.devices,
        kept.sessions,
        kept.accounts,
        location,
        kept.idempotency,
        kept.clock,
    )


def _privacy(
    on: Foundations,
    kept: _Kept,
    sessions: Sessions,
    staff: StaffServices,
    holders: Sequence[PersonalData],
    creditors: Sequence[SettlesUp],
) -> PrivacyServices:
    return privacy_on(
        on.store,
        on.sealer,
        on.jobs,
        on.events,
        on.texts,
        kept.accounts,
        kept.devices,
        sessions,
        staff.roster,
        holders,
        creditors,
        on.clock,
        public_url=on.public_url,
    )


def _provider_sign_in(
    kept: _Kept, provider: ProviderClient | None, sign_in: SignIn, sessions: Sessions
) -> ProviderSignIn:
    return ProviderSignIn(
        provider,
        ProviderAttempts(kept.store, kept.sealer, kept.clock),
        sign_in,
        sessions,
        kept.idempotency,
        kept.sealer,
        kept.clock,
    )


def _people_data(kept: _Kept) -> tuple[PersonalData, ...]:
    return holders_of_people(kept.store, kept.accounts, kept.dependants, kept.papers, kept.devices)


def _consents(kept: _Kept, location: LocationConsent, others: Sequence[RestsOnConsent]) -> Consents:
    resting: tuple[RestsOnConsent, ...] = (
        location,
        PapersRestOnConsent(kept.accounts, kept.papers),
        NeedsRestOnConsent(kept.accounts, kept.dependants),
        *others,
    )
    return Consents(
        kept.store, kept.consents, kept.dependants, resting, kept.idempotency, kept.clock
    )


def _dependants(
    kept: _Kept, consents: Consents, keepers: Sequence[KeepsOfDependants]
) -> Dependants:
    return Dependants(
        kept.store,
        kept.accounts,
        kept.dependants,
        kept.papers,
        consents,
        keepers,
        kept.idempotency,
        kept.clock,
    )


def _identity_papers(kept: _Kept, consents: Consents) -> IdentityPapers:
    return IdentityPapers(
        kept.store, kept.accounts, kept.dependants, kept.papers, consents, kept.clock
    )


def _identity_lookup(kept: _Kept, consents: Consents, audit: AuditLog) -> IdentityLookup:
    return IdentityLookup(
        kept.store, kept.accounts, kept.dependants, kept.papers, consents, audit, kept.clock
    )


def _sign_in(kept: _Kept, texts: Texts, caps: SendCaps, sessions: Sessions) -> SignIn:
    return SignIn(
        kept.store,
        Codes(kept.store, kept.sealer, kept.clock),
        caps,
        kept.ways,
        kept.accounts,
        sessions,
        texts,
        kept.idempotency,
        kept.sealer,
        kept.clock,
    )


def _staff(
    kept: _Kept,
    sign_in: SignIn,
    sessions: Sessions,
    texts: Texts,
    caps: SendCaps,
    institutions: Institutions,
    audit: AuditLog,
) -> StaffServices:
    return staff_on(
        kept.store,
        kept.sealer,
        kept.accounts,
        kept.ways,
        sign_in,
        sessions,
        texts,
        caps,
        institutions,
        audit,
        kept.idempotency,
        kept.clock,
    )
