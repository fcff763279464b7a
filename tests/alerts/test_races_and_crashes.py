"""Many at once, and killed at any moment: what was accepted is there once, and people are told."""

import asyncio
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.alerts.cap_message import CapMessage
from api.alerts.repository import ALERT_MESSAGES, ALERTS, AlertRepository
from api.alerts.service import AlertService
from api.collections import COLLECTIONS
from api.context import Services
from api.kit.events import EVENTS
from api.kit.ids import new_id
from api.kit.jobs import JOBS
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from api.settings import Settings
from api.wiring import services_on
from notifications.service import Notifications
from tests.alerts.conftest import Door, Phones, active_identifiers
from tests.alerts.messages import SA_PA, alert, info, reference
from tests.conftest import ROOT, MovableClock

pytestmark = pytest.mark.own_file

LATER = "2026-05-01T16:10:00+07:00"
DEADLINE_SECONDS = 30


async def post_at_once(door: Door, store: Store, times: int = 20) -> tuple[Counter[int], int, int]:
    """Post one message many times at once; count the answers, the messages kept, and the jobs."""
    replies = await asyncio.gather(*(door.post(alert()) for _ in range(times)))
    statuses = Counter(reply.status_code for reply in replies)
    return statuses, await store[ALERT_MESSAGES].count({}), await store[JOBS].count({})


async def test_the_same_message_posted_twenty_times_at_once_is_kept_once(
    door: Door, store: Store
) -> None:
    statuses, messages, jobs = await post_at_once(door, store)

    assert statuses == {201: 1, 200: 19}
    assert (messages, jobs) == (1, 1)


async def test_control_without_its_name_the_same_message_is_kept_each_time(
    door: Door, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CapMessage, "id", property(lambda _: new_id()))

    _, messages, _ = await post_at_once(door, store, times=5)

    assert messages == 5


@pytest.fixture
async def two_processes(
    store: Store, settings: Settings, clock: MovableClock, tmp_path: Path
) -> AsyncIterator[list[AlertService]]:
    """Yield the service twice, each over a connection of its own to the same database."""
    async with AsyncExitStack() as stack:
        other = SqliteStore(tmp_path / "test.db")
        await other.open(COLLECTIONS)
        stack.push_async_callback(other.close)
        yield [
            (await stack.enter_async_context(services_on(each, settings, clock))).alerts
            for each in (store, other)
        ]


async def test_two_processes_that_get_the_same_message_keep_it_once(
    two_processes: list[AlertService], store: Store
) -> None:
    imported = await asyncio.gather(
        *(service.import_cap(alert(), "race") for service in two_processes * 5)
    )

    assert Counter(each.is_replay for each in imported) == {False: 1, True: 9}
    assert await store[JOBS].count({}) == 1


async def race_alerts_with_cancels(services: list[AlertService], pairs: int) -> None:
    """Send alerts and their cancellations, all at once, to two processes."""
    messages: list[bytes] = []
    for number in range(pairs):
        name = f"flood-{number}"
        cancel = alert(
            identifier=f"cancel-{number}",
            sent=LATER,
            msg_type="Cancel",
            references=reference(name),
        )
        messages += (
            [alert(identifier=name), cancel] if number % 2 else [cancel, alert(identifier=name)]
        )
    await asyncio.gather(
        *(
            services[number % 2].import_cap(message, "race")
            for number, message in enumerate(messages)
        )
    )


async def test_a_cancel_wins_in_every_race_with_its_alert(
    two_processes: list[AlertService], client: httpx.AsyncClient
) -> None:
    await race_alerts_with_cancels(two_processes, pairs=20)

    assert await active_identifiers(client, None) == []


async def test_control_without_a_look_for_what_came_first_cancels_are_lost(
    two_processes: list[AlertService],
    client: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def nothing(*_: object) -> list[Any]:
        return []

    monkeypatch.setattr(AlertRepository, "enders_of", nothing)

    await race_alerts_with_cancels(two_processes, pairs=20)

    assert await active_identifiers(client, None) != []


@pytest.mark.parametrize(
    "step",
    ["api.kit.jobs.Jobs.enqueue", "api.kit.events.Events.publish"],
)
async def test_what_fails_half_way_leaves_nothing(
    door: Door, store: Store, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise RuntimeError("the power is gone")

    monkeypatch.setattr(step, fails)

    reply = await door.post(alert())

    counts = [await store[spec].count({}) for spec in (ALERTS, ALERT_MESSAGES, JOBS, EVENTS)]
    assert reply.status_code == 500
    assert counts == [0, 0, 0, 0]


async def test_the_same_message_after_a_failure_is_new(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:

        async def fails(*_: object, **__: object) -> None:
            raise RuntimeError("the power is gone")

        broken.setattr("api.kit.events.Events.publish", fails)
        await door.post(alert())

    answer = await door.accepts(alert())

    assert answer["replay"] is False


ACCEPT_AND_WAIT = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from api.kit.store.sqlite import SqliteStore
from api.settings import Settings
from api.collections import COLLECTIONS
from api.wiring import services_on

async def main():
    folder = Path(sys.argv[1])
    store = SqliteStore(folder / "test.db")
    await store.open(COLLECTIONS)
    clock = lambda: datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
    async with services_on(store, Settings(data_folder=folder, _env_file=None), clock) as services:
        await services.alerts.import_cap(sys.stdin.buffer.read(), "crash")
        print("accepted", flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


async def test_a_message_accepted_by_a_process_that_is_killed_still_reaches_the_phone(
    phones: Phones, tmp_path: Path
) -> None:
    await phones.add("phone", SA_PA)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        ACCEPT_AND_WAIT,
        str(tmp_path),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(alert())
    process.stdin.write_eof()
    async with asyncio.timeout(DEADLINE_SECONDS):
        while await process.stdout.readline() != b"accepted\n":
            assert not process.stdout.at_eof()

    process.send_signal(signal.SIGKILL)
    await process.wait()

    assert await phones.names() == {"phone"}


async def test_a_fan_out_that_fails_is_done_again_and_tells_everyone_once(
    door: Door, phones: Phones, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await phones.add("phone", SA_PA)
    await door.accepts(alert())
    with monkeypatch.context() as broken:

        async def fails(*_: object) -> int:
            raise RuntimeError("killed")

        broken.setattr(Notifications, "fan_out", fails)
        await phones.deliver()
    assert phones.sender.sent == []

    clock.advance(seconds=60)

    assert len((await phones.told())["phone"]) == 1


async def test_a_fan_out_that_runs_twice_tells_everyone_once(
    door: Door, phones: Phones, services: Services
) -> None:
    await phones.add("phone", SA_PA)
    answer = await door.accepts(alert())
    await phones.deliver()

    await services.alerts.handlers()["alerts.fan_out"](
        {"alert_id": answer["id"], "number": 0, "takes_effect_later": False}
    )

    assert len((await phones.told())["phone"]) == 1


async def test_a_fan_out_after_the_cancel_tells_nobody(
    door: Door, phones: Phones, services: Services
) -> None:
    await phones.add("phone", SA_PA)
    answer = await door.accepts(alert())
    await door.accepts(alert(identifier="c", sent=LATER, msg_type="Cancel", references=reference()))

    await services.alerts.handlers()["alerts.fan_out"](
        {"alert_id": answer["id"], "number": 0, "takes_effect_later": False}
    )

    assert await phones.told() == {}


@pytest.mark.parametrize("broken", [alert(info("vi"), info("en"))[:-300], alert() + alert()])
async def test_a_broken_file_is_refused_whole(door: Door, store: Store, broken: bytes) -> None:
    reply = await door.post(broken)

    assert reply.status_code == 400
    assert await store[ALERTS].count({}) == 0
