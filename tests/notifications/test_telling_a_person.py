"""A notice for one person reaches the devices that are theirs when it is sent, and no other."""

from dataclasses import replace
from datetime import timedelta

import pytest

from api.kit.ids import new_id
from api.kit.store import Store
from api.kit.transactions import transact
from notifications.device_repository import DEVICES, DeviceRepository
from notifications.devices import Device
from notifications.fan_outs import FAN_OUTS
from notifications.outbox import OUTBOX
from notifications.outcomes import Outcome
from notifications.service import Notifications
from notifications.worker import OutboxWorker
from tests.conftest import NOW, MovableClock
from tests.notifications.factories import a_device, a_notice, put
from tests.notifications.senders import ScriptedSender

MAI, SON = new_id(), new_id()


@pytest.fixture
def notifications(store: Store, clock: MovableClock) -> Notifications:
    return Notifications(store, clock)


async def a_device_of(store: Store, person_id: str | None) -> Device:
    device = replace(a_device(), person_id=person_id, session_id="session")
    await put(store, device)
    return device


async def outcomes(notifications: Notifications) -> dict[Outcome, int]:
    return dict((await notifications.progress("flood-1")).by_outcome)


async def work(store: Store, clock: MovableClock) -> list[str]:
    """Let the worker send, and return to which devices."""
    sender = ScriptedSender()
    await OutboxWorker(store, clock, sender).run_due()
    return sender.device_ids


async def test_every_device_of_the_person_is_told_and_no_other(
    store: Store, clock: MovableClock, notifications: Notifications
) -> None:
    hers = {(await a_device_of(store, MAI)).id for _ in range(2)}
    await a_device_of(store, SON)
    await a_device_of(store, None)

    queued = await notifications.tell(a_notice(), MAI)

    assert queued == 2
    assert set(await work(store, clock)) == hers


async def test_the_same_notice_again_adds_nothing(
    store: Store, clock: MovableClock, notifications: Notifications
) -> None:
    await a_device_of(store, MAI)
    await notifications.tell(a_notice(), MAI)
    await a_device_of(store, MAI)

    again = await notifications.tell(a_notice(), MAI)

    assert again == 1
    assert len(await work(store, clock)) == 1


@pytest.mark.parametrize("holder", [SON, None], ids=["another person's", "nobody's"])
async def test_a_phone_that_was_handed_on_meanwhile_shows_nothing(
    store: Store, clock: MovableClock, notifications: Notifications, holder: str | None
) -> None:
    device = await a_device_of(store, MAI)
    await notifications.tell(a_notice(), MAI)
    if holder:
        await DeviceRepository(store).link(device, holder, "session", NOW)
    else:
        await DeviceRepository(store).unlink(MAI, device.id)

    sent = await work(store, clock)

    assert sent == []
    assert await outcomes(notifications) == {Outcome.RETIRED: 1}


async def test_what_is_kept_of_a_notice_leads_to_nobody(
    store: Store, notifications: Notifications
) -> None:
    await a_device_of(store, MAI)

    await notifications.tell(a_notice(), MAI)

    kept = str(await store[FAN_OUTS].find({})) + str(await store[OUTBOX].find({}))
    assert MAI not in kept
    assert MAI in str(await store[DEVICES].find({}))


async def test_an_ended_notice_and_a_person_without_a_device_are_no_trouble(
    store: Store, notifications: Notifications
) -> None:
    await a_device_of(store, MAI)
    ended = replace(a_notice("ended"), expires_at=NOW - timedelta(seconds=1))

    assert await notifications.tell(ended, MAI) == 0
    assert await notifications.tell(a_notice("to nobody"), SON) == 0
    assert await store[OUTBOX].count({}) == 0


async def test_it_is_queued_with_the_transaction_or_not_at_all(
    store: Store, notifications: Notifications
) -> None:
    await a_device_of(store, MAI)

    async def undone() -> None:
        await notifications.tell(a_notice(), MAI)
        raise LookupError

    with pytest.raises(LookupError):
        await transact(store, undone)

    assert await store[OUTBOX].count({}) == 0
    assert await store[FAN_OUTS].count({}) == 0
