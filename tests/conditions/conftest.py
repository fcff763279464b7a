from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.conditions.intake.agency_keys import StationAgency
from api.conditions.intake.items import SentItem
from api.conditions.intake.taking import Taken
from api.context import Services
from tests.conditions.stations import RIVER
from tests.conftest import MovableClock


@dataclass(frozen=True, slots=True)
class StationDoor:
    """The doors, with the key of an agency that speaks for the shipped stations."""

    client: httpx.AsyncClient
    services: Services
    agency: StationAgency
    key: str
    clock: MovableClock

    async def post(
        self,
        content: bytes,
        path: str = "/v1/conditions/observations",
        media_type: str = "application/json",
        key: str | None = None,
    ) -> httpx.Response:
        headers = {
            "content-type": media_type,
            "authorization": f"Bearer {self.key if key is None else key}",
            "accept-language": "en",
        }
        return await self.client.post(path, content=content, headers=headers)

    def item(
        self,
        value: Any,  # noqa: ANN401 - what is refused as well
        *,
        station: str = RIVER,
        measure: str = "water_level",
        minutes_ago: float = 0,
        unit: str | None = None,
    ) -> SentItem:
        moment = self.clock() - timedelta(minutes=minutes_ago)
        return SentItem(station, measure, value, unit, moment.isoformat())

    async def take(self, *items: SentItem) -> list[Taken]:
        return await self.services.conditions.intake.take(self.agency, items)

    async def sees(self, values: Sequence[float], **more: Any) -> None:  # noqa: ANN401
        """Take one value after the other, ten minutes apart."""
        for value in values:
            await self.take(self.item(value, **more))
            self.clock.advance(minutes=10)


@pytest.fixture
async def door(client: httpx.AsyncClient, services: Services, clock: MovableClock) -> StationDoor:
    new = await services.conditions.intake.keys.create("Đài KTTV", ["thuy-van.", "khi-tuong."])
    return StationDoor(client, services, new.agency, new.key, clock)
