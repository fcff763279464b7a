"""That a person wants warnings by SMS."""

from typing import Any

from api.alerts.by_sms.wishes import SmsWishes
from api.kit.errors import N_


class SmsWishData:
    name = "warning-sms"
    explanation = N_("That you want extreme warnings by SMS, and of which communes.")

    def __init__(self, wishes: SmsWishes) -> None:
        self._wishes = wishes

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        wish = await self._wishes.get(person_id)
        if wish is None:
            return None
        return {"communes": sorted(wish.communes), "agreedAt": wish.agreed_at.isoformat()}

    async def erase(self, person_id: str) -> None:
        await self._wishes.remove(person_id)
