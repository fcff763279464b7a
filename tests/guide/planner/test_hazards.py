"""What bars places and roads for a time."""

import httpx
import pytest

from api.kit.area import Area
from api.kit.geo import Position
from tests.alerts.conftest import Door
from tests.alerts.messages import alert, area, info, polygon
from tests.guide.planner.trips import planned

pytestmark = pytest.mark.usefixtures("province")

THE_WEST = area(polygon("22.2,103.5 22.2,104.0 22.9,104.0 22.9,103.5 22.2,103.5"))


async def test_a_wide_warning_is_asked_of_all_positions_at_once(
    client: httpx.AsyncClient, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = info("en", areas=THE_WEST, expires="2026-05-03T06:00:00+07:00")
    await door.accepts(alert(block))
    asked_at_once: list[int] = []
    answered = Area.covers_each

    def watched(where: Area, positions: list[Position]) -> list[bool]:
        asked_at_once.append(len(positions))
        return answered(where, positions)

    monkeypatch.setattr(Area, "covers_each", watched)
    monkeypatch.setattr(Area, "covers", None)

    plan = await planned(client)

    assert {it["reason"]["code"] for it in plan["leftOut"]} >= {"UNDER_ALERT"}
    assert [most > 1_000 for most in asked_at_once] == [True]
