"""Which reminders a person does not want, to be handed over and to be forgotten."""

from typing import Any

from api.health.reminders.preferences import ReminderWishes
from api.kit.errors import N_


class ReminderData:
    name = "health-reminders"
    explanation = N_("Which reminders of appointments you turned off.")

    def __init__(self, wishes: ReminderWishes) -> None:
        self._wishes = wishes

    async def held_of(self, person_id: str) -> dict[str, Any]:
        return {"off": sorted(kind.name for kind in await self._wishes.off(person_id))}

    async def erase(self, person_id: str) -> None:
        await self._wishes.remove(person_id)
