"""One-time codes: six digits that prove that somebody reads what is sent to an address.

Guesses are counted by one conditional write before a guess is looked at: however many come at once,
from wherever, five in all are answered.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from api.accounts.sign_in.addresses import Address
from api.accounts.sign_in.errors import CodeEnded, CodeWrong
from api.kit.clock import Clock
from api.kit.ids import new_id
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Index, Store
from notifications.text_message import Channel

CHALLENGES = CollectionSpec(
    "challenges",
    (
        Index(("address_index",)),
        Index(("person_id",)),
        Index(("kept_until",), expire_after_seconds=0),
    ),
)

DIGITS = 6
GUESSES = 5
HOLDS_FOR = timedelta(minutes=10)
_KEPT_FOR = timedelta(hours=1)


class CodePurpose(StrEnum):
    """What a code is good for. It is good for nothing else."""

    SIGN_IN = auto()
    ADD_ADDRESS = auto()


@dataclass(frozen=True, slots=True, repr=False)
class Challenge:
    """A code that was asked for. `person_id`: who asked for it, when signed in.

    `claim`, `session_id`: how it was used, so that a lost answer can be given again.
    """

    id: str
    address: Address
    purpose: CodePurpose
    person_id: str | None
    language: str
    expires_at: datetime
    used_at: datetime | None = None
    claim: str | None = None
    session_id: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class NewCode:
    """`code` is sent, and kept nowhere in clear."""

    challenge: Challenge
    code: str


class Codes:
    """All queries on challenges."""

    def __init__(self, store: Store, sealer: Sealer, clock: Clock) -> None:
        self._challenges = store[CHALLENGES]
        self._sealer = sealer
        self._clock = clock

    async def add(
        self, address: Address, purpose: CodePurpose, person_id: str | None, language: str
    ) -> NewCode:
        """Make a code; joins the open transaction."""
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        expires_at = self._clock() + HOLDS_FOR
        challenge = Challenge(new_id(), address, purpose, person_id, language, expires_at)
        await self._challenges.insert(
            {
                "_id": challenge.id,
                "address": self._sealer.seal(
                    [address.channel.value, address.value], _place(challenge.id)
                ),
                "address_index": self._index(address),
                "purpose": purpose.value,
                "person_id": person_id,
                "language": language,
                "code_digest": self._digest(challenge.id, code),
                "guesses_left": GUESSES,
                "expires_at": expires_at,
                "kept_until": expires_at + _KEPT_FOR,
                "used_at": None,
                "claim": None,
                "session_id": None,
            }
        )
        return NewCode(challenge, code)

    async def guess(
        self, challenge_id: str, code: str, purpose: CodePurpose, person_id: str | None
    ) -> Challenge:
        """Count a guess, then look at it. Raises CodeEnded or CodeWrong.

        The right code of a used challenge is answered too: whether it may be used again is the
        caller's to decide. Not to be called in a transaction, which would take the count back.
        """
        document = await self._challenges.update_one(
            {
                "_id": challenge_id,
                "purpose": purpose.value,
                "person_id": person_id,
                "guesses_left": {"$gt": 0},
                "expires_at": {"$gt": self._clock()},
            },
            {"$inc": {"guesses_left": -1}},
        )
        if document is None:
            raise CodeEnded
        if not hmac.compare_digest(self._digest(challenge_id, code), document["code_digest"]):
            raise CodeWrong
        return self._challenge(document)

    async def use(self, challenge: Challenge, claim: str, session_id: str | None) -> bool:
        """Use up a challenge; joins the open transaction. False when it was used already."""
        used = await self._challenges.update_one(
            {"_id": challenge.id, "used_at": None},
            {"$set": {"used_at": self._clock(), "claim": claim, "session_id": session_id}},
        )
        return used is not None

    async def erase_person(self, person_id: str) -> None:
        """Remove what a signed-in person asked for; joins the open transaction."""
        await self._challenges.delete_many({"person_id": person_id})

    async def erase_address(self, address: Address) -> None:
        """Remove what was sent to an address, whoever asked; joins the open transaction."""
        await self._challenges.delete_many({"address_index": self._index(address)})

    def _index(self, address: Address) -> str:
        return self._sealer.blind_index(address.value, "challenge address")

    def _digest(self, challenge_id: str, code: str) -> str:
        return self._sealer.digest("one-time code", challenge_id, code.strip())

    def _challenge(self, document: Document) -> Challenge:
        channel, value = self._sealer.open(document["address"], _place(document["_id"]))
        return Challenge(
            id=document["_id"],
            address=Address(Channel(channel), value),
            purpose=CodePurpose(document["purpose"]),
            person_id=document["person_id"],
            language=document["language"],
            expires_at=document["expires_at"],
            used_at=document["used_at"],
            claim=document["claim"],
            session_id=document["session_id"],
        )


def _place(challenge_id: str) -> str:
    return f"challenges/{challenge_id}"
