"""Batches that wait for quiet hours to end are read again only if they were noted anew."""

from collections.abc import AsyncGenerator
from datetime import time, timedelta
from typing import Any

import pytest

from api.kit.store import Document, Store
from notifications import addressed as addressed_module
from notifications.addressed import Addressed
from notifications.outbox import OUTBOX, Outbox
from notifications.quiet_hours import QuietHours
from notifications.senders import Answer, Verdict
from notifications.worker import OutboxWorker
from tests.conftest import MovableClock
from tests.notifications.factories import a_device, a_notice, put
from tests.notifications.senders import ScriptedSender
from tests.notifications.test_worker import HOME, NIGHT, ONE_IN_THE_MORNING, queue

UNTIL_SEVEN = QuietHours(time(22), time(7), "Asia/Ho_Chi_Minh")
NAMES = ("sleeper", "late-sleeper", "waker")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the numbers of the batches that are read."""
    numbers: list[int] = []
    of_notice = Outbox._of_notice  # pyright: ignore[reportPrivateUsage]

    async def noted(self: Outbox, *of: Any, **more: Any) -> AsyncGenerator[Document]:  # noqa: ANN401
        async for document in of_notice(self, *of, **more):
            numbers.append(document["number"])
            yield document

    monkeypatch.setattr(Outbox, "_of_notice", noted)
    return numbers


@pytest.fixture
def sender() -> ScriptedSender:
    return ScriptedSender()


@pytest.fixture
async def worker(
    store: Store, clock: MovableClock, sender: ScriptedSender, monkeypatch: pytest.MonkeyPatch
) -> OutboxWorker:
    """Return one that has sent at night what is in three batches of one device."""
    monkeypatch.setattr("notifications.audience.PAGE_SIZE", 1)
    await put(store, a_device(id="sleeper", homes=[HOME], quiet_hours=NIGHT))
    await put(store, a_device(id="late-sleeper", homes=[HOME], quiet_hours=UNTIL_SEVEN))
    await put(store, a_device(id="waker", homes=[HOME]))
    clock.now = ONE_IN_THE_MORNING
    await queue(store, clock, a_notice(expires_at=clock() + timedelta(hours=12)))
    worker = OutboxWorker(store, clock, sender)
    await worker.run_due()
    return worker


async def test_what_waits_is_read_once_until_it_is_noted(
    store: Store, clock: MovableClock, worker: OutboxWorker, read: list[int]
) -> None:
    outbox, known = Outbox(store, clock), Addressed()

    first = await outbox.addressed("flood-1", [*NAMES, "other"], known)
    at_first = sorted(read)
    second = await outbox.addressed("flood-1", [*NAMES, "other"], known)
    then = sorted(read)
    clock.advance(hours=5)
    await worker.run_due()
    third = await outbox.addressed("flood-1", [*NAMES, "other"], known)

    assert first == second == third == set(NAMES)
    assert at_first == then == [0, 1, 2]
    assert len(read) == 4
    assert len(known.read) == 2
    assert len(known.waiting) == 1


async def test_who_was_found_gone_when_the_quiet_hours_ended_is_not_known_any_more(
    store: Store, clock: MovableClock, worker: OutboxWorker, sender: ScriptedSender
) -> None:
    outbox, known = Outbox(store, clock), Addressed()
    before = await outbox.addressed("flood-1", NAMES, known)

    sender.script = lambda _: Answer(Verdict.UNREGISTERED)
    clock.advance(hours=5)
    await worker.run_due()

    assert before == set(NAMES)
    assert await outbox.addressed("flood-1", NAMES, known) == {"late-sleeper", "waker"}


async def test_what_a_worker_has_in_hand_is_read_each_time(
    store: Store, clock: MovableClock, worker: OutboxWorker, read: list[int]
) -> None:
    outbox, known = Outbox(store, clock), Addressed()
    await store[OUTBOX].update_many({"due_at": {"$ne": None}}, {"$set": {"lease": "a worker's"}})

    for _ in range(3):
        assert await outbox.addressed("flood-1", NAMES, known) == set(NAMES)

    assert len(read) == 3 + 2 + 2


async def test_what_is_more_than_is_remembered_is_read_each_time(
    store: Store,
    clock: MovableClock,
    worker: OutboxWorker,
    read: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(addressed_module, "WAITING_AT_MOST", 1)
    outbox, known = Outbox(store, clock), Addressed()

    for _ in range(3):
        assert await outbox.addressed("flood-1", NAMES, known) == set(NAMES)

    assert len(read) == 3 + 1 + 1


async def test_as_many_as_are_remembered_are_told_apart_in_one_question(
    store: Store, clock: MovableClock, worker: OutboxWorker, read: list[int]
) -> None:
    outbox, known = Outbox(store, clock), Addressed()
    for number in range(100, 100 + addressed_module.WAITING_AT_MOST):
        known.hold(number, clock() + timedelta(seconds=number), [f"phone-{number}"])

    found = await outbox.addressed("flood-1", [*NAMES, "phone-150"], known)

    assert found == {*NAMES, "phone-150"}
    assert sorted(read) == [0, 1, 2]
