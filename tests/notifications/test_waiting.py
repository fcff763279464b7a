"""How long something has waited to be sent: through failures, and not through quiet hours."""

from datetime import time, timedelta

from api.kit.area import Area
from api.kit.store import Store
from notifications.device_repository import DEVICES
from notifications.notice import Audience, Priority
from notifications.outbox import Outbox, Waiting
from notifications.quiet_hours import QuietHours
from notifications.senders import Answer, Verdict
from notifications.service import Notifications
from notifications.worker import OutboxWorker
from tests.conftest import NOW, MovableClock
from tests.notifications.factories import a_device, a_notice, put
from tests.notifications.senders import ScriptedSender, accept

HOME = "02683"
AT_HOME = Audience(Area.of([], []), frozenset({HOME}))
NOTHING = Waiting(0, 0.0, 0)
NIGHT = QuietHours(time(22), time(6), "Asia/Ho_Chi_Minh")
AFTER_MIDNIGHT = NOW + timedelta(hours=8, minutes=30)  # 18:00 UTC is 01:00 in Lào Cai


async def test_what_is_refused_again_and_again_grows_old(store: Store, clock: MovableClock) -> None:
    sender = ScriptedSender(lambda _: Answer(Verdict.TRY_LATER))
    outbox, worker = Outbox(store, clock), OutboxWorker(store, clock, sender)
    await put(store, a_device(homes=[HOME]))
    await Notifications(store, clock).fan_out(a_notice(priority=Priority.EXTREME), AT_HOME)

    for _ in range(3):
        await worker.run_due()
        clock.advance(seconds=60)

    assert await outbox.waiting(Priority.EXTREME) == Waiting(1, 180.0, 0)
    assert await outbox.waiting(Priority.NORMAL) == NOTHING


async def test_what_is_sent_waits_no_more(store: Store, clock: MovableClock) -> None:
    outbox, worker = Outbox(store, clock), OutboxWorker(store, clock, ScriptedSender())
    await put(store, a_device(homes=[HOME]))
    await Notifications(store, clock).fan_out(a_notice(priority=Priority.EXTREME), AT_HOME)
    clock.advance(seconds=5)
    before = await outbox.waiting(Priority.EXTREME)

    await worker.run_due()

    assert before == Waiting(1, 5.0, 0)
    assert await outbox.waiting(Priority.EXTREME) == NOTHING


async def test_what_is_queued_for_a_device_that_cannot_be_read_alone_hides_nothing_else(
    store: Store, clock: MovableClock
) -> None:
    sender = ScriptedSender(lambda _: Answer(Verdict.TRY_LATER))
    outbox, worker = Outbox(store, clock), OutboxWorker(store, clock, sender)
    broken = a_device(homes=[HOME])
    await put(store, broken, a_device(homes=[HOME]))
    await Notifications(store, clock).fan_out(a_notice(priority=Priority.EXTREME), AT_HOME)
    await store[DEVICES].update_one({"_id": broken.id}, {"$set": {"platform": "typewriter"}})

    await worker.run_due()
    clock.advance(seconds=60)
    while_another_waits = await outbox.waiting(Priority.EXTREME)
    sender.script = accept
    await worker.run_due()

    assert while_another_waits == Waiting(1, 60.0, 0)
    assert await outbox.waiting(Priority.EXTREME) == NOTHING


async def test_what_a_worker_has_in_hand_is_counted_as_such(
    store: Store, clock: MovableClock
) -> None:
    outbox = Outbox(store, clock)
    await put(store, a_device(homes=[HOME]))
    await Notifications(store, clock).fan_out(a_notice(priority=Priority.SEVERE), AT_HOME)

    assert await outbox.lease((Priority.SEVERE,)) is not None

    clock.advance(seconds=2)
    assert await outbox.waiting(Priority.SEVERE) == Waiting(1, 2.0, 1)


async def test_what_quiet_hours_keep_back_waits_from_their_end_on(
    store: Store, clock: MovableClock
) -> None:
    clock.now = AFTER_MIDNIGHT
    outbox, worker = Outbox(store, clock), OutboxWorker(store, clock, ScriptedSender())
    await put(store, a_device(homes=[HOME], quiet_hours=NIGHT))
    notice = a_notice(
        priority=Priority.NORMAL,
        overrides_quiet_hours=False,
        expires_at=AFTER_MIDNIGHT + timedelta(days=1),
    )
    await Notifications(store, clock).fan_out(notice, AT_HOME)

    await worker.run_due()
    clock.advance(hours=4)
    asleep = await outbox.waiting(Priority.NORMAL)
    clock.advance(hours=1, seconds=7)
    awake = await outbox.waiting(Priority.NORMAL)

    assert asleep == NOTHING
    assert awake == Waiting(1, 7.0, 0)
