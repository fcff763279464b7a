"""Warnings are worked out once while there is room for them, and memory has a bound."""

from dataclasses import dataclass, field

import pytest

from api.alerts import open_alerts
from api.alerts.open_alerts import OpenAlerts
from api.alerts.repository import AlertRecord, AlertRepository, StoredMessage
from api.context import Services
from api.kit.store import Store
from tests.alerts.conftest import Door
from tests.alerts.messages import alert

ROOM_FOR_ALL = 64 * 1024 * 1024


@dataclass(slots=True)
class CountingRepository:
    """Counts what is read of each message."""

    alerts: AlertRepository
    read: list[str] = field(default_factory=list[str])

    async def message(self, alert_id: str) -> StoredMessage | None:
        self.read.append(alert_id)
        return await self.alerts.message(alert_id)


async def three_records(door: Door, store: Store) -> list[AlertRecord]:
    answers = [await door.accepts(alert(identifier=name)) for name in ("a", "b", "c")]
    found = await AlertRepository(store).get_many([str(answer["id"]) for answer in answers])
    return list(found.values())


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
    records = {record.identifier: record for record in await three_records(door, store)}
    repository = CountingRepository(AlertRepository(store))
    opening = OpenAlerts(repository, services.communes)  # type: ignore[arg-type] # it reads messages only

    opened = [await opening.open(records[name]) for name in order]

    assert [one.record.identifier for one in opened] == list(order)
    assert all(one.bulletins for one in opened)
    assert len(repository.read) == readings
