"""That a person wants warnings by SMS, and which they got."""

from typing import Any

from api.alerts.by_sms.told import SmsRecords
from api.alerts.by_sms.wishes import SmsWishes
from api.kit.errors import N_


class SmsWishData:
    name = "warning-sms"
    explanation = N_(
        "That you want extreme warnings by SMS, and of which communes; which of them went to you."
    )

    def __init__(self, wishes: SmsWishes, records: SmsRecords) -> None:
        self._wishes = wishes
        self._records = records

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        wish, told = await self._wishes.get(person_id), await self._records.of_person(person_id)
        if wish is None and not told:
            return None
        return {
            "communes": sorted(wish.communes) if wish else [],
            "agreedAt": wish.agreed_at.isoformat() if wish else None,
            "told": [
                {
                    "notice": one.notice_id,
                    "language": one.language,
                    "communes": sorted(one.communes),
                }
                for one in told
            ],
        }

    async def erase(self, person_id: str) -> None:
        await self._wishes.remove(person_id)
        await self._records.erase(person_id)
