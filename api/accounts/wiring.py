"""Builds what the slice offers, over the store and what it is given."""

from dataclasses import dataclass

from api.accounts.devices.links import DeviceLinks
from api.accounts.devices.service import DeviceService
from api.accounts.identity_papers.lookup import IdentityLookup
from api.accounts.identity_papers.repository import IDENTITY_PAPERS, IdentityPaperRepository
from api.accounts.identity_papers.service import IdentityPapers
from api.accounts.people.consents import ConsentCheck
from api.accounts.people.dependant_repository import DEPENDANTS, DependantRepository
from api.accounts.people.dependants import Dependants
from api.accounts.people.personal_data import holders_of_people
from api.accounts.people.repository import ACCOUNTS, AccountRepository
from api.accounts.people.service import People
from api.accounts.sign_in.access_tokens import LIFETIME, AccessTokens
from api.accounts.sign_in.codes import CHALLENGES, Codes
from api.accounts.sign_in.send_caps import SEND_COUNTS, SendCaps
from api.accounts.sign_in.service import SignIn
from api.accounts.sign_in.session_repository import SESSIONS, SessionRepository
from api.accounts.sign_in.sessions import Sessions
from api.accounts.sign_in.ways_in import WAYS_IN, WaysIn
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.events import Events
from api.kit.idempotency import Idempotency
from api.kit.personal_data import PersonalData
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
    SEND_COUNTS,
    SESSIONS,
    WAYS_IN,
)


@dataclass(frozen=True, slots=True)
class AccountServices:
    """Everything of the slice but devices. `people_data`: what is kept of people, to be erased in this order."""

    access_keys: SigningKeys
    people: People
    dependants: Dependants
    identity_papers: IdentityPapers
    identity_lookup: IdentityLookup
    device_links: DeviceLinks
    people_data: tuple[PersonalData, ...]
    sessions: Sessions
    sign_in: SignIn


def accounts_on(
    store: Store,
    sealer: Sealer,
    events: Events,
    texts: Texts,
    audit: AuditLog,
    devices: DeviceService,
    consents: ConsentCheck,
    clock: Clock,
    *,
    issuer: str,
    sms_abroad_per_day: int,
    sms_per_day: int,
) -> AccountServices:
    """Build the services. `issuer`: the public address, which access tokens name."""
    access_keys = SigningKeys(store, sealer, clock, "access", verifies_for=LIFETIME)
    idempotency = Idempotency(store, clock)
    accounts = AccountRepository(store, sealer)
    dependants = DependantRepository(store, sealer)
    papers = IdentityPaperRepository(store, sealer)
    linked = DeviceRepository(store)
    links = DeviceLinks(
        devices, linked, SessionRepository(store, sealer), accounts, idempotency, clock
    )
    access_tokens = AccessTokens(access_keys, issuer, clock)
    sessions = Sessions(store, accounts, access_tokens, sealer, events, links, clock)
    caps = SendCaps(store, sealer, abroad_per_day=sms_abroad_per_day, in_all_per_day=sms_per_day)
    return AccountServices(
        access_keys=access_keys,
        people=People(accounts, dependants, papers, clock),
        dependants=Dependants(store, accounts, dependants, papers, idempotency, sealer, clock),
        identity_papers=IdentityPapers(store, accounts, dependants, papers, consents, clock),
        identity_lookup=IdentityLookup(store, accounts, dependants, papers, consents, audit, clock),
        device_links=links,
        people_data=holders_of_people(store, accounts, dependants, papers, linked),
        sessions=sessions,
        sign_in=SignIn(
            store,
            Codes(store, sealer, clock),
            caps,
            WaysIn(store, sealer),
            accounts,
            sessions,
            texts,
            idempotency,
            sealer,
            clock,
        ),
    )
