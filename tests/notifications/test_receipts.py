"""Openings are told by devices, each counted once, and among those that the notice was meant for."""

import asyncio

import pytest

from api.kit.store import Store
from notifications.outbox import Progress
from notifications.outcomes import Outcome
from notifications.receipts import RECEIPTS
from notifications.service import Notifications
from notifications.worker import OutboxWorker
from tests.conftest import MovableClock
from tests.notifications.factories import YEN_BAI, a_device, a_notice, put
from tests.notifications.senders import ScriptedSender
from tests.notifications.test_fan_out import SA_PA_ONLY


@pytest.fixture
def notifications(store: Store, clock: MovableClock) -> Notifications:
    return Notifications(store, clock)


async def test_who_opens_it_is_counted_once(
    store: Store, clock: MovableClock, notifications: Notifications
) -> None:
    await put(store, a_device(id="mai"), a_device(id="son"))
    await notifications.fan_out(a_notice(), SA_PA_ONLY)
    await OutboxWorker(store, clock, ScriptedSender()).run_due()

    for _ in range(3):
        assert await notifications.note_opened("flood-1", "mai")

    expected = Progress(2, {Outcome.ACCEPTED: 2}, opened=1)
    assert await notifications.progress("flood-1") == expected


async def test_two_calls_at_once_count_once(store: Store, notifications: Notifications) -> None:
    await put(store, a_device(id="mai"))
    await notifications.fan_out(a_notice(), SA_PA_ONLY)

    await asyncio.gather(*(notifications.note_opened("flood-1", "mai") for _ in range(8)))

    assert (await notifications.progress("flood-1")).opened == 1
    assert await store[RECEIPTS].count({}) == 1


async def test_a_receipt_of_somebody_it_was_not_for_counts_nothing(
    store: Store, notifications: Notifications
) -> None:
    await put(store, a_device(id="mai"), a_device(id="stranger", at=YEN_BAI))
    await notifications.fan_out(a_notice(), SA_PA_ONLY)

    await notifications.note_opened("flood-1", "stranger")

    assert (await notifications.progress("flood-1")).opened == 0


async def test_what_was_never_said_is_not_opened(
    store: Store, notifications: Notifications
) -> None:
    assert not await notifications.note_opened("no-such-notice", "mai")

    assert await store[RECEIPTS].count({}) == 0
