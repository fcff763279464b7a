"""Giving an unused pass to somebody else: a code that whoever gets it redeems within two days.

Only a hash of the code is kept; the code itself is shown once, to who gives. Until somebody takes it
the pass stays with the giver, who may use it: then the offer is void.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from api.accounts.caller import Caller
from api.credentials.issuing import Issuing
from api.credentials.records import CredentialState
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.ids import derived_id
from api.tourist_cards.errors import (
    OfferOver,
    OwnOffer,
    PassNotHeld,
    PassUsed,
)
from api.tourist_cards.passes import OFFERED_FOR, Offer, Pass, PassState
from api.tourist_cards.repository import CardRepository
from api.tourist_cards.room import PassRoom

_CODE_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class Offered:
    """`code`: for whoever shall have the pass."""

    held: Pass
    code: str


class Giving:
    def __init__(
        self,
        cards: CardRepository,
        room: PassRoom,
        issuing: Issuing,
        idempotency: Idempotency,
        secret: bytes,
        clock: Clock,
    ) -> None:
        self._cards = cards
        self._room = room
        self._issuing = issuing
        self._idempotency = idempotency
        self._secret = secret
        self._clock = clock

    async def offer(self, caller: Caller, pass_id: str, idempotency_key: str) -> Offered:
        """Make a code for the pass; a code made before is void.

        The same call again answers the same code. Raises NotSignedIn, PassNotFound, PassUsed,
        PassNotHeld and IdempotencyProblem.
        """
        person_id = caller.person()
        code = self._code(person_id, idempotency_key)

        async def work() -> dict[str, Any]:
            held = await self._givable(person_id, pass_id)
            offer = Offer(_hash(code), self._clock() + OFFERED_FOR)
            await self._cards.replace_pass(replace(held, offer=offer))
            return {"pass": pass_id}

        await self._idempotency.once(
            person_id, "offerPass", idempotency_key, {"pass": pass_id}, work
        )
        return Offered(await self._cards.own(person_id, pass_id), code)

    async def withdraw(self, caller: Caller, pass_id: str) -> Pass:
        """Make the code of a pass void. Raises NotSignedIn, PassNotFound."""
        held = await self._cards.own(caller.person(), pass_id)
        return (
            held
            if held.offer is None
            else await self._cards.replace_pass(replace(held, offer=None))
        )

    async def accept(self, caller: Caller, code: str, idempotency_key: str) -> Pass:
        """Take the pass; it is gone from the giver's phone.

        Raises NotSignedIn, OfferOver, OwnOffer, TooManyPasses and IdempotencyProblem.
        """
        person_id = caller.person()

        async def work() -> dict[str, Any]:
            held = await self._offered(code)
            if held.holder_id == person_id:
                raise OwnOffer
            await self._room.take(person_id, 1)
            taken = replace(held, holder_id=person_id, offer=None, was_given=True)
            await self._cards.replace_pass(taken)
            await self._issuing.hand_over(held.credential_id, person_id, self._clock())
            return {"pass": held.id}

        result = await self._idempotency.once(
            person_id, "acceptPass", idempotency_key, {"code": _hash(code)}, work
        )
        return await self._cards.own(person_id, result["pass"])

    async def _givable(self, person_id: str, pass_id: str) -> Pass:
        held = await self._cards.own(person_id, pass_id)
        state = held.state(self._clock())
        if state is PassState.REFUNDED or await self._is_revoked(held):
            raise PassNotHeld
        if state is not PassState.UNUSED:
            raise PassUsed
        return held

    async def _offered(self, code: str) -> Pass:
        now = self._clock()
        held = await self._cards.offered(_hash(code))
        if held is None or held.offer is None or now >= held.offer.until:
            raise OfferOver
        if held.state(now) is not PassState.UNUSED or await self._is_revoked(held):
            raise OfferOver
        return held

    async def _is_revoked(self, held: Pass) -> bool:
        credential = await self._issuing.get(held.credential_id)
        return credential is None or credential.state is CredentialState.REVOKED

    def _code(self, person_id: str, idempotency_key: str) -> str:
        # Made of the key, so that the answer that was lost on its way can be given again.
        return derived_id("pass offer", self._secret.hex(), person_id, idempotency_key)[
            :_CODE_CHARACTERS
        ]


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().lower().encode()).hexdigest()
