"""kill -9 amid bookings: room and appointments agree, what was acknowledged is there, and holds end."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from api.collections import COLLECTIONS
from api.health.appointments.records import AppointmentStatus, CancelledBy
from api.health.appointments.repository import (
    ALIVE,
    HEALTH_APPOINTMENTS,
    AppointmentRepository,
)
from api.health.appointments.wiring import booking_on
from api.health.slots.repository import HEALTH_SLOTS
from api.kit.clock import system_clock
from api.kit.job_runner import JobRunner
from api.kit.jobs import Jobs
from api.kit.sealing import KeyFile, Sealer
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from tests.conftest import MovableClock
from tests.health.killed_bookers import DAYS
from tests.processes import lines_before_kill

pytestmark = pytest.mark.own_file

Told = dict[str, list[str]]


async def told_before_kill(folder: Path, lines: int) -> Told:
    """Run the process, kill it after that many lines; return what it told of each appointment."""
    told: Told = {}
    for line in await lines_before_kill(lines, "tests.health.killed_bookers", str(folder)):
        what, appointment_id = line.split()
        told.setdefault(appointment_id, []).append(what)
    return told


async def rooms_and_patients(store: Store) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many have each place by its room, and by the appointments."""
    slots = await store[HEALTH_SLOTS].find({})
    alive = await store[HEALTH_APPOINTMENTS].find({"status": {"$in": list(ALIVE)}})
    patients = Counter(it["slot_id"] for it in alive)
    had = {it["_id"]: it["capacity"] - it["room"] for it in slots}
    return had, {slot_id: patients[slot_id] for slot_id in had}


@pytest.mark.parametrize("lines", [1, 60])
async def test_killed_amid_bookings_every_place_is_had_once_or_free(
    tmp_path: Path, lines: int
) -> None:
    told = await told_before_kill(tmp_path, lines)

    clock = MovableClock(system_clock())
    store = SqliteStore(tmp_path / "test.db")
    await store.open(COLLECTIONS)
    sealer = Sealer(KeyFile(tmp_path / "keys.json"))
    kept = await AppointmentRepository(store, sealer).get_many(told)
    had, patients = await rooms_and_patients(store)
    clock.now = system_clock() + timedelta(minutes=5)
    booking = booking_on(store, sealer, Jobs(store, clock), clock)
    await JobRunner(store, clock, booking.handlers()).run_due()
    left = await store[HEALTH_APPOINTMENTS].count({"status": AppointmentStatus.PENDING.value})
    had_later, patients_later = await rooms_and_patients(store)
    await store.close()

    assert had == patients
    assert len(had) == 2 * DAYS
    assert set(kept) == set(told)
    for appointment_id, events in told.items():
        one = kept[appointment_id]
        assert ("cancelled" not in events) or one.cancelled_by is CancelledBy.PATIENT
        assert ("moved" not in events) or one.cancelled_by is CancelledBy.MOVED
        assert ("booked" not in events) or one.booked_at is not None
    assert left == 0
    assert had_later == patients_later
