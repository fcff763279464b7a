"""The controls: the API with codes, sessions and places that read, decide and then write. Only for bench/."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from typing_extensions import override

from api.accounts.sign_in.codes import Challenge, CodePurpose, Codes
from api.accounts.sign_in.errors import CodeEnded, CodeWrong
from api.accounts.sign_in.session_repository import Session, SessionRepository
from api.health.appointments import holding
from api.health.slots.errors import SlotNotFound, SlotTaken
from api.health.slots.records import Slot
from api.health.slots.repository import SlotRepository
from api.kit import idempotency, transactions
from api.kit.store import Store
from api.main import serve
from api.settings import Settings


class UnguardedCodes(Codes):
    """Looks at a guess before it is counted."""

    @override
    async def guess(
        self, challenge_id: str, code: str, purpose: CodePurpose, person_id: str | None
    ) -> Challenge:
        seen = await self._challenges.get(challenge_id)
        if seen is None or seen["guesses_left"] <= 0:
            raise CodeEnded
        await asyncio.sleep(0)
        left = {"$set": {"guesses_left": seen["guesses_left"] - 1}}
        await self._challenges.update_one({"_id": challenge_id}, left)
        if not hmac.compare_digest(self._digest(challenge_id, code), seen["code_digest"]):
            raise CodeWrong
        return self._challenge(seen)

    @override
    async def use(self, challenge: Challenge, claim: str, session_id: str | None) -> bool:
        return True


class UnguardedSessions(SessionRepository):
    """Begins the next generation whichever is there."""

    @override
    async def rotate(self, session: Session, now: datetime) -> Session | None:
        seen = await self.get(session.id)
        await asyncio.sleep(0)
        if seen is None:
            return None
        which = {"_id": session.id}
        document = await self._sessions.update_one(
            which, {"$inc": {"generation": 1}, "$set": {"rotated_at": now}}
        )
        return self._session(document) if document else None


Result = TypeVar("Result")


class UnguardedSlots(SlotRepository):
    """Looks at the room of a place before it is taken."""

    @override
    async def take(self, slot_id: str) -> Slot:
        seen = await self.get(slot_id)
        await asyncio.sleep(0)
        if seen is None:
            raise SlotNotFound
        if seen.room <= 0:
            raise SlotTaken
        await self._slots.update_one({"_id": slot_id}, {"$set": {"room": seen.room - 1}})
        return seen


async def without_transaction(store: Store, work: Callable[[], Awaitable[Result]]) -> Result:
    """Stand in for `transact`: what is read may have changed before something is written."""
    return await work()


def main() -> None:
    """Serve as `laocai serve` does, with the guards taken out."""
    Codes.guess = UnguardedCodes.guess  # type: ignore[method-assign, assignment]
    Codes.use = UnguardedCodes.use  # type: ignore[method-assign, assignment]
    SessionRepository.rotate = UnguardedSessions.rotate  # type: ignore[method-assign, assignment]
    SlotRepository.take = UnguardedSlots.take  # type: ignore[method-assign, assignment]
    for module in (transactions, idempotency, holding):
        module.transact = without_transaction  # type: ignore[attr-defined]
    serve(Settings())
