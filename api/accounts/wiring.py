"""Builds what the slice offers, over the store and what it is given."""

from dataclasses import dataclass

from api.accounts.people.repository import ACCOUNTS, AccountRepository
from api.accounts.people.service import People
from api.accounts.sign_in.access_tokens import LIFETIME, AccessTokens
from api.accounts.sign_in.codes import CHALLENGES, Codes
from api.accounts.sign_in.provider import ProviderSignIn
from api.accounts.sign_in.provider_attempts import PROVIDER_ATTEMPTS, ProviderAttempts
from api.accounts.sign_in.provider_client import ProviderClient
from api.accounts.sign_in.send_caps import SEND_COUNTS, SendCaps
from api.accounts.sign_in.service import SignIn
from api.accounts.sign_in.session_repository import SESSIONS
from api.accounts.sign_in.sessions import Sessions
from api.accounts.sign_in.ways_in import WAYS_IN, WaysIn
from api.kit.clock import Clock
from api.kit.events import Events
from api.kit.idempotency import Idempotency
from api.kit.sealing import Sealer
from api.kit.signing_keys import SigningKeys
from api.kit.store import Store
from notifications.texts import Texts

ACCOUNT_COLLECTIONS = (
    ACCOUNTS,
    CHALLENGES,
    PROVIDER_ATTEMPTS,
    SEND_COUNTS,
    SESSIONS,
    WAYS_IN,
)


@dataclass(frozen=True, slots=True)
class AccountServices:
    """Everything of the slice but devices."""

    access_keys: SigningKeys
    people: People
    provider: ProviderSignIn
    sessions: Sessions
    sign_in: SignIn


def accounts_on(
    store: Store,
    sealer: Sealer,
    events: Events,
    texts: Texts,
    clock: Clock,
    *,
    issuer: str,
    provider: ProviderClient | None,
    sms_abroad_per_day: int,
    sms_per_day: int,
) -> AccountServices:
    """Build the services. `issuer`: the public address, which access tokens name.

    `provider`: where people may sign in with an identity they have, if anywhere.
    """
    access_keys = SigningKeys(store, sealer, clock, "access", verifies_for=LIFETIME)
    accounts = AccountRepository(store, sealer)
    access_tokens = AccessTokens(access_keys, issuer, clock)
    sessions = Sessions(store, accounts, access_tokens, sealer, events, clock)
    idempotency = Idempotency(store, clock)
    caps = SendCaps(store, sealer, abroad_per_day=sms_abroad_per_day, in_all_per_day=sms_per_day)
    sign_in = SignIn(
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
    )
    attempts = ProviderAttempts(store, sealer, clock)
    with_provider = ProviderSignIn(
        provider, attempts, sign_in, sessions, idempotency, sealer, clock
    )
    return AccountServices(access_keys, People(accounts), with_provider, sessions, sign_in)
