"""Warnings are worked out once while there is room for them, and memory has a bound."""

import asyncio
from dataclasses import dataclass, field

import pytest

from api.alerts import open_alerts
from api.alerts.open_alerts import OpenAlerts
from api.alerts.repository import AlertRecord, AlertRepository, StoredMessage
from api.context import Services
from api.kit.store import Store
from tests.alerts.conftest import Door
from tests.alerts.messages import alert, area, info, polygon

ROOM_FOR_ALL = 64 * 1024 * 1024


@dataclass(slots=True)
class CountingRepository:
    """Counts what is read of each message."""

    alerts: AlertRepository
    read: list[str] = field(default_factory=list[str])
    may_read: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.may_read.set()

    async def message(self, alert_id: str) -> StoredMessage | None:
        self.read.append(alert_id)
        await self.may_read.wait()
        return await self.alerts.message(alert_id)


async def records_of(door: Door, store: Store, *infos: str) -> dict[str, AlertRecord]:
    """Return the alerts a, b and c, which say the same."""
    answers = [await door.accepts(alert(*infos, identifier=name)) for name in ("a", "b", "c")]
    found = await AlertRepository(store).get_many([str(answer["id"]) for answer in answers])
    return {record.identifier: record for record in found.values()}


def opening_of(repository: CountingRepository, services: Services) -> OpenAlerts:
    return OpenAlerts(repository, services.communes)  # type: ignore[arg-type] # it reads messages only


@pytest.mark.parametrize(
    ("room", "order", "readings"),
    [(ROOM_FOR_ALL, "abcabc", 3), (1, "aab", 2), (1, "aba", 3)],
)
async def test_what_has_no_room_is_read_again(
    door: Door,
    store: Store,
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
    room: int,
    order: str,
    readings: int,
) -> None:
    monkeypatch.setattr(open_alerts, "REMEMBERED_BYTES", room)
    records = await records_of(door, store)
    repository = CountingRepository(AlertRepository(store))
    opening = opening_of(repository, services)

    opened = [await opening.open(records[name]) for name in order]

    assert [one.record.identifier for one in opened] == list(order)
    assert all(one.bulletins for one in opened)
    assert len(repository.read) == readings


CROWDED_RING = " ".join(f"{21 + corner % 3},{102 + corner % 5}" for corner in range(8_000))
SMALL_BUT_HEAVY = {
    "a polygon drawn again and again": info(
        areas=area(*[polygon("22,104 22,105 23,105 22,104")] * 2_000)
    ),
    "a ring of which the hull is left": info(areas=area(polygon(f"{CROWDED_RING} 21,102"))),
    "a text that one character makes wide": info(description="\U0001f3d4" + "a" * 300_000),
}


@pytest.mark.parametrize("heavy", SMALL_BUT_HEAVY.values(), ids=SMALL_BUT_HEAVY)
async def test_a_small_message_that_holds_much_counts_as_much(
    door: Door, store: Store, services: Services, monkeypatch: pytest.MonkeyPatch, heavy: str
) -> None:
    monkeypatch.setattr(open_alerts, "REMEMBERED_BYTES", 1_500_000)
    records = await records_of(door, store, heavy)
    repository = CountingRepository(AlertRepository(store))
    opening = opening_of(repository, services)

    for name in "aba":
        await opening.open(records[name])

    assert repository.read == [records[name].id for name in "aba"]


async def test_all_who_ask_at_once_share_one_reading(
    door: Door, store: Store, services: Services
) -> None:
    record = (await records_of(door, store))["a"]
    repository = CountingRepository(AlertRepository(store))
    opening = opening_of(repository, services)

    opened = await asyncio.gather(*[opening.open(record) for _ in range(20)])

    assert len({id(one.bulletins) for one in opened}) == 1
    assert repository.read == [record.id]


async def test_control_each_who_asks_reads_where_nothing_is_shared(
    door: Door, store: Store, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def alone(opening: OpenAlerts, record: AlertRecord) -> asyncio.Task[object]:
        return asyncio.create_task(opening._open_first(record))  # pyright: ignore[reportPrivateUsage]

    monkeypatch.setattr(OpenAlerts, "_task", alone)
    record = (await records_of(door, store))["a"]
    repository = CountingRepository(AlertRepository(store))
    opening = opening_of(repository, services)

    await asyncio.gather(*[opening.open(record) for _ in range(20)])

    assert repository.read == [record.id] * 20


async def test_whoever_asked_first_may_go_away(
    door: Door, store: Store, services: Services
) -> None:
    record = (await records_of(door, store))["a"]
    repository = CountingRepository(AlertRepository(store))
    repository.may_read.clear()
    opening = opening_of(repository, services)
    first, second = (asyncio.create_task(opening.open(record)) for _ in range(2))
    await asyncio.sleep(0)

    first.cancel()
    repository.may_read.set()

    assert (await second).bulletins
    assert first.cancelled()
    assert repository.read == [record.id]
