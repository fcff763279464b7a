"""To look for newcomers costs little, and keeps nothing else waiting."""

import threading
from collections.abc import Sequence

import pytest

from api.kit.area import Area
from notifications.addressed import Addressed
from notifications.meeting import Holding
from notifications.newcomers import Newcomers
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import SA_PA
from tests.alerts.test_newcomers import comes, titles, warned


async def held(phones: Phones, monkeypatch: pytest.MonkeyPatch) -> list[Holding]:
    """Return what the product looks for newcomers of."""
    asked: list[Holding] = []

    async def noted(_: Newcomers, holding: Sequence[Holding]) -> dict[str, int]:
        asked.extend(holding)
        return {}

    with monkeypatch.context() as patched:
        patched.setattr(Newcomers, "tell", noted)
        await phones.services.alerts.newcomers.look()
    return asked


async def test_whoever_changed_is_judged_beside_the_event_loop(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    await warned(door, phones)
    touches, among = Area.touches_cell, Addressed.among
    threads: list[tuple[str, threading.Thread]] = []

    def touches_cell(self: Area, cell: str, within_metres: float = 0.0) -> bool:
        threads.append(("judged", threading.current_thread()))
        return touches(self, cell, within_metres)

    def is_among(self: Addressed, device_ids: Sequence[str]) -> frozenset[str]:
        threads.append(("known", threading.current_thread()))
        return among(self, device_ids)

    monkeypatch.setattr(Area, "touches_cell", touches_cell)
    monkeypatch.setattr(Addressed, "among", is_among)
    await comes(phones, "traveller", SA_PA)

    assert await titles(phones, "traveller") == ["Lũ quét"]
    assert {what for what, _ in threads} == {"judged", "known"}
    assert threading.main_thread() not in {thread for _, thread in threads}


async def test_a_cell_is_judged_once_while_a_notice_is_held(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    await warned(door, phones)
    holding = await held(phones, monkeypatch)
    newcomers = Newcomers(phones.store, phones.clock, ())
    touches, judged = Area.touches_cell, list[str]()

    def touches_cell(self: Area, cell: str, within_metres: float = 0.0) -> bool:
        judged.append(cell)
        return touches(self, cell, within_metres)

    monkeypatch.setattr(Area, "touches_cell", touches_cell)
    counts: list[int] = []
    for name, now_held in (("a", holding), ("b", holding), ("c", []), ("d", holding)):
        phones.clock.advance(seconds=30)
        await comes(phones, name, SA_PA)
        await newcomers.tell(now_held)
        counts.append(len(judged))

    assert counts == [1, 1, 1, 2]
