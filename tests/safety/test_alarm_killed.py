"""kill -9 at the alarms of a trip, two workers afterwards: each contact and the desk are told once, never less nor more."""

import asyncio
import shutil
from pathlib import Path

import pytest

from notifications.text_outbox import TEXT_OUTBOX
from tests.killing import killed
from tests.safety.rescue import Rescue
from tests.safety.test_trips import planned

pytestmark = pytest.mark.own_file

PROCESS = "tests.safety.alarm_process"
CONTACTS = (("Lan", "0903 111 222"), ("Páo", "0987 654 321"))
KEYS = ("keys.json", "ticket-secret", "bot-secret", "device-key")


async def test_an_overdue_trip_alarms_each_exactly_once(rescue: Rescue, tmp_path: Path) -> None:
    await planned(rescue, contacts=CONTACTS)
    await rescue.services.store[TEXT_OUTBOX].delete_many({})  # what signed people in
    await rescue.services.store.scrub()
    other = tmp_path / "unguarded"
    other.mkdir()
    shutil.copy(tmp_path / "test.db", tmp_path / "left.db")
    for name in ("left.db", *KEYS):
        shutil.copy(tmp_path / name, other / name)

    guarded, unguarded = await asyncio.gather(
        killed(PROCESS, tmp_path), killed(PROCESS, other, "unguarded")
    )

    assert len(guarded) >= 6
    assert guarded == [{"contacts": [1, 1], "desk": [1]}] * len(guarded)
    assert unguarded[-1] != {"contacts": [1, 1], "desk": [1]}
