"""A desk that is killed: `python -m tests.health.desk_process FOLDER [unguarded]`.

FOLDER holds `left.db`, a store with a waiting room, and the keys; ROOM names them. For every other write
in turn a process of its own does the desk's steps and kills itself (SIGKILL) just before that write; then another
one does the same again. Prints, for each kill, what was half there, and what is there in the end.
"""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.accounts.caller import Caller, Grant
from api.accounts.people.repository import ACCOUNTS
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.wiring import booking_on
from api.health.desk.access import DeskAccess
from api.health.desk.walk_in_repository import HEALTH_WALK_INS
from api.health.desk.walk_ins import NewWalkIn
from api.health.desk.wiring import DeskServices, desk_on
from api.health.directory.facility import shipped_facilities
from api.health.directory.staff import FacilityStaff
from api.health.queue.moves import QUEUE_MOVED
from api.health.queue.repository import QueueRepository
from api.health.queue.wiring import QueueFoundations, QueueServices, queue_on
from api.health.schedules.session_repository import SessionRepository
from api.health.slots.repository import SlotRepository
from api.health.wiring import HEALTH_COLLECTIONS
from api.kit import idempotency
from api.kit.audit_log import AUDIT_HEAD, AUDIT_ROWS, AuditLog
from api.kit.events import EVENT_SEQUENCE, EVENTS, Events
from api.kit.idempotency import IDEMPOTENCY_KEYS
from api.kit.jobs import JOBS, Jobs
from api.kit.sealing import KeyFile, Sealer
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from tests.accounts.erasing_process import in_a_child, kill_before
from tests.conftest import MovableClock
from tests.health.waiting_room import at

WRITES_AT_MOST = 90
NOW = "07:31"
_COLLECTIONS = (
    *HEALTH_COLLECTIONS,
    ACCOUNTS,
    AUDIT_HEAD,
    AUDIT_ROWS,
    EVENTS,
    EVENT_SEQUENCE,
    IDEMPOTENCY_KEYS,
    JOBS,
)
_SEEN = (AppointmentStatus.ARRIVED, AppointmentStatus.FULFILLED)
_GONE = (AppointmentStatus.NOSHOW, AppointmentStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a task needs; `room`: the ids."""

    store: Store
    queue: QueueServices
    services: DeskServices
    appointments: Callable[[str], Awaitable[list[Appointment]]]
    room: dict[str, str]


Task = Callable[[Desk], Awaitable[Any]]


async def run(folder: Path, task: Task) -> Any:  # noqa: ANN401
    """Do it with no more of the product than it needs, for each process opens it anew."""
    store, clock = SqliteStore(folder / "desk.db"), MovableClock(at(NOW))
    await store.open(_COLLECTIONS)
    sealer = Sealer(KeyFile(folder / "keys.json"))
    jobs, library = Jobs(store, clock), shipped_facilities()
    booking = booking_on(store, sealer, jobs, clock)
    staff = FacilityStaff(store, library)
    on = QueueFoundations(
        store=store,
        sealer=sealer,
        jobs=jobs,
        events=Events(store, clock),
        audit=AuditLog(store, sealer.key_for("audit log"), clock),
        clock=clock,
        public_url="http://127.0.0.1:8000",
        access=DeskAccess(SessionRepository(store), booking.appointments, staff),
        changes=booking.changes,
    )
    queue = queue_on(on)
    room = json.loads(os.environ["ROOM"])
    found = booking.appointments.of_session
    result = await task(Desk(store, queue, desk_on(on, queue, library), found, room))
    await store.close()
    return result


async def steps(desk: Desk) -> None:
    """Take somebody in, call who is next, see her, and note that another one did not come."""
    room = desk.room
    clerk = Caller(room["clerk"], "a-session", frozenset({Grant.of(room["grant"])}))
    new = NewWalkIn("Giàng A Páo", 1961, None)
    calling = desk.queue.calling
    await desk.services.walk_ins.add(clerk, room["session"], new, "key-of-the-walk-in")
    await calling.call_next(clerk, room["session"], "key-of-the-first-call")
    await calling.complete(clerk, room["called"], "key-of-the-visit")
    await calling.mark_no_show(clerk, room["missed"], "key-of-the-no-show")


async def torn(desk: Desk) -> dict[str, int]:
    """Count what was done, and what of it is there by halves."""
    session_id = desk.room["session"]
    appointments = await desk.appointments(session_id)
    session = await SessionRepository(desk.store).get(session_id)
    assert session is not None
    queue = await QueueRepository(desk.store).of(session)
    slots = await SlotRepository(desk.store).of_session(session_id)
    taken = sum(slot.capacity - slot.room for slot in slots)
    walk_ins = sum(one.slot_id is None for one in appointments)
    calls = sum(one.status in _SEEN for one in appointments)
    halves = (
        taken != sum(one.status not in _GONE for one in appointments),
        walk_ins != await desk.store[HEALTH_WALK_INS].count({}),
        session.next_number - 1 != len(appointments),
        len(queue.calls) != calls,
        calls != await desk.store[JOBS].count({"kind": QUEUE_MOVED}),
        await desk.store[AUDIT_ROWS].count({}) != await desk.store[IDEMPOTENCY_KEYS].count({}),
    )
    return {"torn": sum(halves), "steps": await desk.store[AUDIT_ROWS].count({})}


async def in_pieces(_: Store, work: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401
    """Do what `transact` must not: write one thing after the other."""
    return await work()


def main(folder: Path, *, guarded: bool) -> None:
    if not guarded:
        setattr(idempotency, "transact", in_pieces)  # noqa: B010 - the control
    results: list[dict[str, int]] = []
    for number in range(1, WRITES_AT_MOST, 2):
        for file in folder.glob("desk.db*"):
            file.unlink()
        shutil.copy(folder / "left.db", folder / "desk.db")

        def killed_steps(number: int = number) -> None:
            kill_before(number)
            asyncio.run(run(folder, steps))

        if not in_a_child(killed_steps):
            break
        left = asyncio.run(run(folder, torn))
        if not guarded and left["torn"]:
            results.append(left)
            break  # the control has shown what it is there for
        in_a_child(lambda: asyncio.run(run(folder, steps)))
        after = asyncio.run(run(folder, torn))
        results.append(
            {
                "torn": left["torn"] + after["torn"],
                "kept": left["steps"],
                "in_the_end": after["steps"],
            }
        )
    print(json.dumps(results))  # noqa: T201 - its answer


if __name__ == "__main__":
    main(Path(sys.argv[1]), guarded="unguarded" not in sys.argv[2:])
