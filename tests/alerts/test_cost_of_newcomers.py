"""To look for newcomers costs little, and keeps nothing else waiting."""

import threading
from collections.abc import Sequence

import pytest

from api.alerts.bulletins import Bulletin, Communes
from api.alerts.notices import audience_of
from api.kit.area import Area
from notifications.addressed import Addressed, Mark
from notifications.meeting import Holding
from notifications.newcomers import Newcomers
from notifications.notice import Audience
from notifications.outbox import Outbox
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import BAC_HA, SA_PA, alert, info
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

    def is_among(self: Addressed, marks: Sequence[Mark]) -> frozenset[Mark]:
        threads.append(("known", threading.current_thread()))
        return among(self, marks)

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


async def test_whom_it_is_for_is_worked_out_once_while_it_holds_however_many_hold(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_out: list[str] = []

    def noted(bulletin: Bulletin, communes: Communes) -> Audience:
        worked_out.append(bulletin.infos[0].event)
        return audience_of(bulletin, communes)

    monkeypatch.setattr("api.alerts.newcomers.audience_of", noted)
    names = [f"Lũ {number}" for number in range(70)]
    for at in range(0, len(names), 10):
        blocks = "".join(info(event=name) for name in names[at : at + 10])
        await door.accepts(alert(blocks, identifier=f"flood-{at}"))
    await phones.deliver()

    for _ in range(3):
        await phones.services.alerts.newcomers.look()

    assert sorted(worked_out) == sorted(names)


async def test_where_nobody_came_no_batch_is_looked_at(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    await phones.add("villager")
    await phones.add("traveller", BAC_HA)
    await warned(door, phones)
    asked: list[Sequence[Mark]] = []
    addressed = Outbox.addressed

    async def noted(
        self: Outbox, notice_id: str, marks: Sequence[Mark], known: Addressed
    ) -> frozenset[Mark]:
        asked.append(marks)
        return await addressed(self, notice_id, marks, known)

    monkeypatch.setattr(Outbox, "addressed", noted)
    await comes(phones, "traveller", BAC_HA)
    await titles(phones, "traveller")
    where_nobody_came = list(asked)
    await comes(phones, "villager", SA_PA)
    await titles(phones, "villager")

    assert where_nobody_came == []
    assert [marks[0] for marks in asked] == ["villager"]
