"""10,000 tampered, expired, replayed, foreign and photographed cards, of a seeded generator: none gets in."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from api.context import Services
from api.credentials.cards.card_token import card_of, key_id_of, signed
from api.credentials.cards.rotating_code import code_of, step_at
from api.credentials.offline.verifier import Decision, OfflineVerifier
from api.credentials.records import RevocationReason, student_cards_of
from api.credentials.scans.refusals import CardRefused
from api.credentials.service import CredentialService
from tests.conftest import NOW
from tests.credentials.cards import (
    CABLE_CAR,
    SCHOOL,
    Phone,
    a_card,
    a_gate,
    a_phone,
    a_scan,
    keeper_of,
)
from tests.credentials.offline_gates import an_offline_gate

FORGERIES = 10_000
ONLINE_EVERY = 40
"""The online scan is asked about each of so many: it stands on the same functions, and a store."""
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."


@dataclass(frozen=True, slots=True)
class Loot:
    """What a forger has: good phones, an ended one, a revoked one, a pupil's, and a printed card."""

    good: tuple[Phone, ...]
    ended: Phone
    revoked: Phone
    replaced: Phone
    pupil: Phone
    printed: str
    used: str
    forger: Ed25519PrivateKey
    public: Ed25519PublicKey
    """Of the key that signs our cards."""


Forgery = Callable[[random.Random, Loot], str]


def tampered(chance: random.Random, loot: Loot) -> str:
    shown = chance.choice(loot.good).shows(NOW)
    place = chance.randrange(shown.rindex("."))
    others = [sign for sign in ALPHABET if sign != shown[place]]
    return shown[:place] + chance.choice(others) + shown[place + 1 :]


def cut_or_grown(chance: random.Random, loot: Loot) -> str:
    shown = chance.choice(loot.good).shows(NOW)
    place = chance.randrange(1, len(shown))
    return chance.choice(
        (shown[:place], shown[place:], shown[:place] + chance.choice(ALPHABET) + shown[place:])
    )


def expired(_: random.Random, loot: Loot) -> str:
    return loot.ended.shows(NOW)


def stopped(chance: random.Random, loot: Loot) -> str:
    return chance.choice((loot.revoked, loot.replaced)).shows(NOW)


def replayed(_: random.Random, loot: Loot) -> str:
    return loot.used


def foreign_audience(_: random.Random, loot: Loot) -> str:
    return loot.pupil.shows(NOW)


def foreign_key(chance: random.Random, loot: Loot) -> str:
    """Return a card that a forger has signed under the name of our key, for longer and for nobody."""
    phone = chance.choice(loot.good)
    key_id = key_id_of(phone.token)
    card = card_of(phone.token, loot.public) if key_id else None
    assert key_id is not None
    assert card is not None
    longer = replace(card, expires_at=card.expires_at + timedelta(days=chance.randrange(1, 900)))
    token = signed(longer, key_id, loot.forger)
    return f"{token}.{code_of(phone.key, step_at(NOW))}"


def screenshot(chance: random.Random, loot: Loot) -> str:
    """Return what was shown at another time: of the day before, or two steps and more away."""
    seconds = chance.choice((-1, 1)) * chance.randrange(60, 86_400)
    moment = NOW + timedelta(seconds=seconds + (30 if seconds > 0 else 0))
    phone = chance.choice(loot.good)
    # Once in millions the code of then is one of now.
    is_right = code_of(phone.key, step_at(moment)) in right_codes(phone)
    return screenshot(chance, loot) if is_right else phone.shows(moment)


def right_codes(phone: Phone) -> set[str]:
    return {code_of(phone.key, step_at(NOW) + apart) for apart in (-1, 0, 1)}


def guessed(chance: random.Random, loot: Loot) -> str:
    phone = chance.choice(loot.good)
    right = right_codes(phone)
    code = next(c for c in iter(lambda: f"{chance.randrange(10**8):08}", "") if c not in right)
    return f"{phone.token}.{code}"


def mixed(chance: random.Random, loot: Loot) -> str:
    """Return the token of one phone with the code of another."""
    mine, other = chance.sample(loot.good, 2)
    code = code_of(other.key, step_at(NOW))
    return mixed(chance, loot) if code in right_codes(mine) else f"{mine.token}.{code}"


def printed_unseen(chance: random.Random, loot: Loot) -> str:
    """Return a printed card, with a code or without, that nobody compares with a face."""
    code = code_of(chance.choice(loot.good).key, step_at(NOW))
    return chance.choice((loot.printed, f"{loot.printed}.{code}", loot.good[0].token))


FORGERY_KINDS: tuple[Forgery, ...] = (
    tampered,
    cut_or_grown,
    expired,
    stopped,
    replayed,
    foreign_audience,
    foreign_key,
    screenshot,
    guessed,
    mixed,
    printed_unseen,
)


async def the_loot(service: CredentialService) -> Loot:
    good = tuple([(await a_phone(service))[1] for _ in range(20)])
    ended = await a_card(service, valid_until=NOW)
    lost, revoked = await a_phone(service)
    await service.issuing.revoke(lost.id, RevocationReason.LOST, NOW)
    moved, replaced = await a_phone(service)
    await service.issuing.reissue(moved.id, NOW)
    _, pupil = await a_phone(service, student_cards_of(SCHOOL.id))
    key_id = key_id_of(pupil.token)
    public = await service.keys.to_verify(key_id or "")
    assert public is not None
    return Loot(
        good=good,
        ended=await Phone.with_card(service, ended),
        revoked=revoked,
        replaced=replaced,
        pupil=pupil,
        printed=(await service.staffing.printed(await a_card(service))).token,
        used=(await a_phone(service))[1].shows(NOW),
        forger=Ed25519PrivateKey.from_private_bytes(bytes(32)),
        public=public,
    )


@pytest.fixture
def service(services: Services) -> CredentialService:
    return services.credentials


async def test_none_of_ten_thousand_forgeries_is_let_in(service: CredentialService) -> None:
    chance = random.Random(20260501)  # noqa: S311 - the same ones in every run
    loot = await the_loot(service)
    gate, offline = await a_gate(service), await an_offline_gate(service)
    keeper = keeper_of(CABLE_CAR)
    assert offline.verify(loot.used, NOW).decision is Decision.LET_IN
    await service.scanning.scan(keeper, gate.id, a_scan(loot.used))

    tried: Counter[str] = Counter()
    let_in: Counter[str] = Counter()
    for number in range(FORGERIES):
        kind = FORGERY_KINDS[number % len(FORGERY_KINDS)]
        shown = kind(chance, loot)
        tried[kind.__name__] += 1
        let_in[kind.__name__] += offline.verify(shown, NOW).decision is Decision.LET_IN
        if number % ONLINE_EVERY == 0 and shown:
            let_in[kind.__name__] += await is_let_in_online(service, gate.id, shown)

    assert tried.total() == FORGERIES
    assert len(tried) == len(FORGERY_KINDS)
    assert +let_in == Counter()
    # The control: what was forged from does get in.
    assert all(still_good(offline, phone) for phone in loot.good)


async def is_let_in_online(service: CredentialService, gate_id: str, shown: str) -> bool:
    try:
        await service.scanning.scan(keeper_of(CABLE_CAR), gate_id, a_scan(shown))
    except CardRefused:
        return False
    return True


def still_good(offline: OfflineVerifier, phone: Phone) -> bool:
    return offline.verify(phone.shows(NOW), NOW).decision is Decision.LET_IN
