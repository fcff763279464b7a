"""Where and when a person said to be in the province."""

from typing import Any

from api.alerts.stays.repository import StayRepository
from api.kit.clock import Clock
from api.kit.errors import N_


class StayData:
    name = "stays"
    explanation = N_("Where and when you said that you will be here, to be warned there.")

    def __init__(self, stays: StayRepository, clock: Clock) -> None:
        self._stays = stays
        self._clock = clock

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        return [
            {
                "commune": stay.commune_code,
                "place": stay.place_id,
                "firstDay": stay.first_day.isoformat(),
                "lastDay": stay.last_day.isoformat(),
                "declaredAt": stay.declared_at.isoformat(),
            }
            for stay in await self._stays.of(person_id, self._clock())
        ]

    async def erase(self, person_id: str) -> None:
        await self._stays.forget(person_id)
