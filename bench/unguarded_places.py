"""The control of bench.booking_race: the API with places that are looked at and then taken. Only for bench/."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from typing_extensions import override

from api.health.appointments import holding
from api.health.slots.errors import SlotNotFound, SlotTaken
from api.health.slots.records import Slot
from api.health.slots.repository import SlotRepository
from api.kit import idempotency
from api.kit.store import Store
from api.main import serve
from api.settings import Settings

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
    """Serve as `laocai serve` does, with the guard of places taken out."""
    SlotRepository.take = UnguardedSlots.take  # type: ignore[method-assign, assignment]
    for module in (idempotency, holding):
        module.transact = without_transaction  # type: ignore[attr-defined]
    serve(Settings())
