"""kill -9 before every other write of a desk's steps: each is whole or not there, and asked again all are there once."""

import asyncio
import json
import shutil
from pathlib import Path

import httpx
import pytest

from api.context import Services
from api.kit.audit_log import AUDIT_ROWS
from api.kit.events import EVENTS
from api.kit.idempotency import IDEMPOTENCY_KEYS
from tests.conftest import MovableClock
from tests.health.places import FACILITY
from tests.health.waiting_room import WaitingRoom, a_waiting_room
from tests.killing import killed

pytestmark = pytest.mark.own_file

PROCESS = "tests.health.desk_process"

STEPS = 4


async def a_morning(room: WaitingRoom) -> str:
    """Let one wait and one not come; return their ids, with nothing else in the store to count."""
    called, missed = await room.checked_in(0, "06:50"), (await room.booked(1)).id
    for spec in (AUDIT_ROWS, IDEMPOTENCY_KEYS, EVENTS):
        await room.services.store[spec].delete_many({})
    ids = {"session": room.session_id, "called": called, "missed": missed}
    return json.dumps({**ids, "clerk": room.clerk.person(), "grant": f"clerk facility:{FACILITY}"})


async def test_a_desk_survives_kill_9_amid_its_writes(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, tmp_path: Path
) -> None:
    room = await a_morning(await a_waiting_room(client, services, clock))
    await services.store.scrub()
    other = tmp_path / "unguarded"
    other.mkdir()
    shutil.copy(tmp_path / "test.db", tmp_path / "left.db")
    for name in ("left.db", "keys.json"):
        shutil.copy(tmp_path / name, other / name)

    results, unguarded = await asyncio.gather(
        killed(PROCESS, tmp_path, ROOM=room), killed(PROCESS, other, "unguarded", ROOM=room)
    )

    assert {result["kept"] for result in results} == set(range(STEPS))
    assert [result["torn"] for result in results] == [0] * len(results)
    assert {result["in_the_end"] for result in results} == {STEPS}
    assert any(result["torn"] for result in unguarded)
