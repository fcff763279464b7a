"""The outbox is emptied: right words, right order, right time, one outcome a device."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import time, timedelta

import pytest

from api.kit.area import Area
from api.kit.store import Store
from notifications import outbox as outbox_module
from notifications import worker as worker_module
from notifications.device_repository import DEVICES, DeviceRepository
from notifications.devices import POSITION_KEPT_FOR, Registration, RegistrationKind
from notifications.notice import Audience, Notice, Priority
from notifications.outbox import LEASE_SECONDS, OUTBOX, Outbox, Tally
from notifications.outcomes import Outcome
from notifications.quiet_hours import QuietHours
from notifications.senders import Answer, Message, Report, Verdict
from notifications.service import Notifications
from notifications.worker import OutboxWorker
from tests.conftest import NOW, MovableClock
from tests.notifications.factories import a_device, a_notice, put
from tests.notifications.senders import ScriptedSender, StuckSender, accept

HOME = "02683"
AT_HOME = Audience(Area.of([], []), frozenset({HOME}))
NIGHT = QuietHours(time(22), time(6), "Asia/Ho_Chi_Minh")
ONE_IN_THE_MORNING = NOW + timedelta(hours=8, minutes=30)  # 18:00 UTC is 01:00 in Lào Cai


@pytest.fixture
def sender() -> ScriptedSender:
    return ScriptedSender()


@pytest.fixture
def worker(store: Store, clock: MovableClock, sender: ScriptedSender) -> OutboxWorker:
    return OutboxWorker(store, clock, sender)


async def queue(store: Store, clock: MovableClock, notice: Notice) -> None:
    await Notifications(store, clock).fan_out(notice, AT_HOME)


async def outcomes(store: Store, clock: MovableClock, id: str = "flood-1") -> dict[Outcome, int]:
    return dict((await Outbox(store, clock).progress(id)).by_outcome)


async def until_true(condition: asyncio.Event) -> None:
    await asyncio.wait_for(condition.wait(), 60)


async def eventually(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - across tasks and processes
            await asyncio.sleep(0.01)


async def eventually_outcomes(
    store: Store, clock: MovableClock, id: str, expected: dict[Outcome, int]
) -> None:
    async with asyncio.timeout(60):
        while await outcomes(store, clock, id) != expected:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


class HalfwaySender:
    """Has an answer for one device, and is never done with the others."""

    def __init__(self, device_id: str, answer: Answer) -> None:
        self._device_id = device_id
        self._answer = answer
        self.is_halfway = asyncio.Event()

    async def send(self, messages: Sequence[Message], report: Report) -> None:
        for message in messages:
            if message.device.id == self._device_id:
                report(message, self._answer)
        self.is_halfway.set()
        await asyncio.Event().wait()

    async def close(self) -> None: ...


async def noted_once_more(store: Store) -> None:
    """Wait until a worker noted twice what is known: the second time after whatever is known now."""
    for _ in range(2):
        await store[OUTBOX].update_many({}, {"$set": {"noted_at": None}})
        async with asyncio.timeout(60):
            while await store[OUTBOX].find_one({"noted_at": {"$ne": None}}) is None:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


async def test_a_tally_reads_once_what_is_done_with_and_the_rest_again(
    store: Store,
    clock: MovableClock,
    worker: OutboxWorker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("notifications.audience.PAGE_SIZE", 1)
    await put(store, a_device(homes=[HOME], quiet_hours=NIGHT), a_device(homes=[HOME]))
    clock.now = ONE_IN_THE_MORNING
    await queue(store, clock, a_notice(expires_at=clock() + timedelta(hours=12)))
    outbox, tally = Outbox(store, clock), Tally()
    queued = await outbox.count("flood-1", tally)

    await worker.run_due()
    at_night = await outbox.count("flood-1", tally)
    await store[OUTBOX].update_many({"due_at": None}, {"$set": {"outcomes": ["refused"]}})
    clock.advance(hours=5)
    await worker.run_due()

    assert queued == {Outcome.QUEUED: 2}
    assert at_night == {Outcome.ACCEPTED: 1, Outcome.DEFERRED: 1}
    assert await outbox.count("flood-1", tally) == {Outcome.ACCEPTED: 2}


async def test_each_device_is_sent_its_copy_once(
    store: Store, clock: MovableClock, worker: OutboxWorker, sender: ScriptedSender
) -> None:
    devices = [a_device(homes=[HOME]) for _ in range(7)]
    await put(store, *devices)
    await queue(store, clock, a_notice())

    await worker.run_due()
    clock.advance(hours=1)
    await worker.run_due()

    assert sorted(sender.device_ids) == sorted(device.id for device in devices)
    assert all(message.notice == a_notice() for message in sender.sent)
    assert await outcomes(store, clock) == {Outcome.ACCEPTED: 7}


async def test_a_phone_that_registered_anew_gets_what_was_queued_before(
    store: Store, clock: MovableClock, worker: OutboxWorker, sender: ScriptedSender
) -> None:
    device = a_device(homes=[HOME])
    await put(store, device)
    await queue(store, clock, a_notice())
    repository = DeviceRepository(store)
    newer = Registration(RegistrationKind.FID, "a-newer-registration")
    await repository.change(device, replace(device.profile, registration=newer), clock())

    await worker.run_due()

    assert [message.device.profile.registration for message in sender.sent] == [newer]


async def test_who_left_is_left_alone(
    store: Store, clock: MovableClock, worker: OutboxWorker, sender: ScriptedSender
) -> None:
    device = a_device(homes=[HOME])
    await put(store, device)
    await queue(store, clock, a_notice())
    await DeviceRepository(store).remove(device.id, device.secret_digest)

    await worker.run_due()

    assert sender.sent == []
    assert await outcomes(store, clock) == {Outcome.RETIRED: 1}


async def test_extreme_goes_before_severe_before_normal(
    store: Store, clock: MovableClock, worker: OutboxWorker, sender: ScriptedSender
) -> None:
    await put(store, a_device(homes=[HOME]))
    for priority in (Priority.NORMAL, Priority.SEVERE, Priority.EXTREME):
        await queue(store, clock, a_notice(priority.value, priority=priority))
        clock.advance(seconds=1)

    await worker.run_due()

    assert [message.notice.id for message in sender.sent] == ["extreme", "severe", "normal"]


async def test_in_quiet_hours_a_warning_waits_until_they_end(
    store: Store, clock: MovableClock, worker: OutboxWorker, sender: ScriptedSender
) -> None:
    sleeper = a_device(homes=[HOME], quiet_hours=NIGHT)
    awake = a_device(homes=[HOME])
    await put(store, sleeper, awake)
    clock.now = ONE_IN_THE_MORNING
    await queue(store, clock, a_notice(expires_at=clock() + timedelta(hours=12)))

    await worker.run_due()
    before_dawn = list(sender.device_ids)
    waiting = await outcomes(store, clock)
    clock.advance(hours=4, minutes=59)
    await worker.run_due()
    just_before_six = list(sender.device_ids)
    clock.advance(minutes=1)
    await worker.run_due()

    assert before_dawn == just_before_six == [awake.id]
    assert waiting == {Outcome.ACCEPTED: 1, Outcome.DEFERRED: 1}
    assert sender.device_ids == [awake.id, sleeper.id]
    assert await outcomes(store, clock) == {Outcome.ACCEPTED: 2}


async def test_what_overrides_quiet_hours_wakes_people(
    store: Store, clock: MovableClock, worker: OutboxWorker, sender: ScriptedSender
) -> None:
    sleeper = a_device(homes=[HOME], quiet_hours=NIGHT)
    await put(store, sleeper)
    clock.now = ONE_IN_THE_MORNING
    extreme = a_notice(
        priority=Priority.EXTREME,
        overrides_quiet_hours=True,
        expires_at=clock() + timedelta(hours=12),
    )
    await queue(store, clock, extreme)

    await worker.run_due()

    assert sender.device_ids == [sleeper.id]


async def test_what_makes_no_sound_does_not_wait_for_quiet_hours_to_end(
    store: Store, clock: MovableClock, worker: OutboxWorker, sender: ScriptedSender
) -> None:
    sleeper = a_device(homes=[HOME], quiet_hours=NIGHT)
    await put(store, sleeper)
    clock.now = ONE_IN_THE_MORNING
    await queue(
        store, clock, replace(a_notice(expires_at=clock() + timedelta(hours=12)), is_quiet=True)
    )

    await worker.run_due()

    assert sender.device_ids == [sleeper.id]
    assert await outcomes(store, clock) == {Outcome.ACCEPTED: 1}


async def test_what_is_quiet_at_night_sounds_only_where_nobody_sleeps(
    store: Store, clock: MovableClock, worker: OutboxWorker, sender: ScriptedSender
) -> None:
    await put(store, a_device(id="sleeper", homes=[HOME], quiet_hours=NIGHT))
    await put(store, a_device(id="waker", homes=[HOME]))
    clock.now = ONE_IN_THE_MORNING
    over = replace(a_notice(expires_at=clock() + timedelta(hours=12)), is_quiet_at_night=True)
    await queue(store, clock, over)

    await worker.run_due()

    heard = {one.device.id: one.notice.is_quiet for one in sender.sent}
    assert heard == {"sleeper": True, "waker": False}
    assert await outcomes(store, clock) == {Outcome.ACCEPTED: 2}


async def test_what_ends_before_the_quiet_hours_do_is_dropped_silently(
    store: Store, clock: MovableClock, worker: OutboxWorker, sender: ScriptedSender
) -> None:
    await put(store, a_device(homes=[HOME], quiet_hours=NIGHT))
    clock.now = ONE_IN_THE_MORNING
    await queue(store, clock, a_notice(expires_at=clock() + timedelta(hours=1)))

    await worker.run_due()
    clock.advance(hours=1)
    await worker.run_due()
    clock.advance(hours=12)
    await worker.run_due()

    assert sender.sent == []
    assert await outcomes(store, clock) == {Outcome.EXPIRED: 1}


async def test_nothing_is_sent_after_the_notice_ended(
    store: Store, clock: MovableClock, worker: OutboxWorker, sender: ScriptedSender
) -> None:
    await put(store, a_device(homes=[HOME]))
    await queue(store, clock, a_notice(expires_at=clock() + timedelta(minutes=5)))
    clock.advance(minutes=5)

    await worker.run_due()

    assert sender.sent == []
    assert await outcomes(store, clock) == {Outcome.EXPIRED: 1}


async def test_a_dead_registration_retires_its_device(
    store: Store, clock: MovableClock, worker: OutboxWorker, sender: ScriptedSender
) -> None:
    dead, alive = a_device(homes=[HOME]), a_device(homes=[HOME])
    await put(store, dead, alive)
    sender.script = lambda message: Answer(
        Verdict.UNREGISTERED if message.device.id == dead.id else Verdict.ACCEPTED, "UNREGISTERED"
    )
    await queue(store, clock, a_notice())

    await worker.run_due()
    await queue(store, clock, a_notice("flood-2"))
    await worker.run_due()

    found = await DeviceRepository(store).get_many([dead.id, alive.id])
    assert found[dead.id].retired_at == clock()
    assert found[dead.id].retired_because == "UNREGISTERED"
    assert found[dead.id].profile.position is None
    assert found[alive.id].retired_at is None
    assert await outcomes(store, clock) == {Outcome.RETIRED: 1, Outcome.ACCEPTED: 1}
    assert await outcomes(store, clock, "flood-2") == {Outcome.ACCEPTED: 1}


@pytest.mark.parametrize("verdict", [Verdict.UNREGISTERED, Verdict.REFUSED])
async def test_who_changes_its_registration_while_it_is_on_its_way_gets_it_there(
    store: Store,
    clock: MovableClock,
    worker: OutboxWorker,
    sender: ScriptedSender,
    verdict: Verdict,
) -> None:
    device = a_device(homes=[HOME])
    await put(store, device)
    await queue(store, clock, a_notice())
    stuck = StuckSender()
    stuck.go_on.clear()
    old = device.profile.registration
    stuck.script = lambda _: Answer(verdict, verdict.name)
    handled = asyncio.create_task(OutboxWorker(store, clock, stuck).run_due())
    await until_true(stuck.is_stuck)

    fresh = replace(device.profile, registration=Registration(RegistrationKind.TOKEN, "a new one"))
    await DeviceRepository(store).change(device, fresh, clock())
    stuck.go_on.set()
    await handled
    clock.advance(seconds=2)
    await worker.run_due()

    tried = [message.device.profile.registration.value for message in (*stuck.sent, *sender.sent)]
    assert tried == [old.value, "a new one"]
    assert await outcomes(store, clock) == {Outcome.ACCEPTED: 1}
    kept = await DeviceRepository(store).get(device.id)
    assert kept is not None
    assert kept.retired_at is None


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [(Verdict.UNREGISTERED, Outcome.RETIRED), (Verdict.REFUSED, Outcome.REFUSED)],
)
@pytest.mark.parametrize("has_a_new_one", [False, True])
async def test_who_was_rejected_is_queued_until_it_is_judged_also_by_who_takes_over(
    store: Store,
    clock: MovableClock,
    sender: ScriptedSender,
    monkeypatch: pytest.MonkeyPatch,
    verdict: Verdict,
    expected: Outcome,
    has_a_new_one: bool,
) -> None:
    monkeypatch.setattr(worker_module, "NOTE_SECONDS", 0.01)
    device, other = a_device(homes=[HOME]), a_device(homes=[HOME])
    await put(store, device, other)
    await queue(store, clock, a_notice())
    old = device.profile.registration
    rejecting = HalfwaySender(device.id, Answer(verdict, verdict.name))
    killed = asyncio.create_task(OutboxWorker(store, clock, rejecting).run_due())
    await until_true(rejecting.is_halfway)
    await noted_once_more(store)
    halfway = await outcomes(store, clock)

    killed.cancel()
    await asyncio.wait({killed})
    if has_a_new_one:
        fresh = Registration(RegistrationKind.TOKEN, "a new one")
        await DeviceRepository(store).change(
            device, replace(device.profile, registration=fresh), clock()
        )
    clock.advance(seconds=LEASE_SECONDS)
    sender.script = lambda message: (
        Answer(verdict, verdict.name)
        if message.device.profile.registration == old
        else Answer(Verdict.ACCEPTED)
    )
    await OutboxWorker(store, clock, sender).run_due()

    ended = Outcome.ACCEPTED if has_a_new_one else expected
    assert halfway == {Outcome.QUEUED: 2}
    assert sorted(sender.device_ids) == sorted([device.id, other.id])
    assert await outcomes(store, clock) == Counter([ended, Outcome.ACCEPTED])


@pytest.mark.parametrize("is_mended", [True, False])
async def test_a_device_that_cannot_be_read_waits_and_keeps_no_other_of_its_batch_back(
    store: Store,
    clock: MovableClock,
    worker: OutboxWorker,
    sender: ScriptedSender,
    is_mended: bool,
) -> None:
    broken, fine = a_device(homes=[HOME]), a_device(homes=[HOME])
    await put(store, broken, fine)
    await queue(store, clock, a_notice(expires_at=clock() + timedelta(hours=1)))
    await store[DEVICES].update_one({"_id": broken.id}, {"$set": {"platform": "typewriter"}})

    await worker.run_due()
    at_first = await outcomes(store, clock)
    if is_mended:
        await store[DEVICES].update_one({"_id": broken.id}, {"$set": {"platform": "ios"}})
    clock.advance(hours=1, seconds=-1 if is_mended else 0)
    await worker.run_due()

    assert at_first == {Outcome.QUEUED: 1, Outcome.ACCEPTED: 1}
    assert sender.device_ids == [fine.id, *([broken.id] if is_mended else [])]
    expired = Outcome.EXPIRED_AFTER_TRY
    ended = Outcome.ACCEPTED if is_mended else expired
    assert await outcomes(store, clock) == Counter([ended, Outcome.ACCEPTED])


async def test_a_refused_message_leaves_its_device_alone(
    store: Store, clock: MovableClock, worker: OutboxWorker, sender: ScriptedSender
) -> None:
    device = a_device(homes=[HOME])
    await put(store, device)
    sender.script = lambda _: Answer(Verdict.REFUSED, "INVALID_ARGUMENT")
    await queue(store, clock, a_notice())

    await worker.run_due()

    kept = await DeviceRepository(store).get(device.id)
    assert kept is not None
    assert kept.retired_at is None
    assert await outcomes(store, clock) == {Outcome.REFUSED: 1}


async def test_what_failed_is_tried_again_after_the_time_asked_for(
    store: Store, clock: MovableClock, worker: OutboxWorker, sender: ScriptedSender
) -> None:
    fine, limited = a_device(homes=[HOME]), a_device(homes=[HOME])
    await put(store, fine, limited)
    later = Answer(Verdict.TRY_LATER, "QUOTA_EXCEEDED", timedelta(seconds=90))
    sender.script = lambda m: later if m.device.id == limited.id else Answer(Verdict.ACCEPTED)
    await queue(store, clock, a_notice())

    await worker.run_due()
    clock.advance(seconds=89)
    too_early = await worker.run_due()
    sender.script = lambda _: Answer(Verdict.ACCEPTED)
    clock.advance(seconds=1)
    await worker.run_due()

    assert too_early == 0
    assert sorted(sender.device_ids) == sorted([fine.id, limited.id, limited.id])
    assert await outcomes(store, clock) == {Outcome.ACCEPTED: 2}


async def test_trouble_that_lasts_is_tried_until_the_notice_ends(
    store: Store, clock: MovableClock, worker: OutboxWorker, sender: ScriptedSender
) -> None:
    await put(store, a_device(homes=[HOME]))
    sender.script = lambda _: Answer(Verdict.TRY_LATER, "UNAVAILABLE")
    await queue(store, clock, a_notice(expires_at=clock() + timedelta(minutes=10)))

    for _ in range(620):
        await worker.run_due()
        clock.advance(seconds=1)

    # Doubling from a second to a minute: 6 tries in the first minute, then about one a minute.
    assert 12 <= len(sender.sent) <= 30
    assert await outcomes(store, clock) == {Outcome.EXPIRED_AFTER_TRY: 1}


async def test_the_batch_of_a_dead_worker_is_taken_over_with_what_it_noted(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "NOTE_SECONDS", 0.01)
    devices = [a_device(homes=[HOME]) for _ in range(3)]
    await put(store, *devices)
    await queue(store, clock, a_notice())
    stuck = StuckSender()
    dying = asyncio.create_task(OutboxWorker(store, clock, stuck).run_due())
    await until_true(stuck.is_stuck)
    await eventually_outcomes(store, clock, "flood-1", {Outcome.ACCEPTED: 1, Outcome.QUEUED: 2})
    dying.cancel()
    await asyncio.wait({dying})

    second = ScriptedSender()
    heir = OutboxWorker(store, clock, second)
    too_early = await heir.run_due()
    clock.advance(seconds=LEASE_SECONDS)
    await heir.run_due()

    assert too_early == 0
    assert sorted(stuck.device_ids + second.device_ids) == sorted(d.id for d in devices)
    assert await outcomes(store, clock) == {Outcome.ACCEPTED: 3}


async def test_who_lost_the_lease_stops_and_notes_nothing(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "NOTE_SECONDS", 0.01)
    await put(store, *(a_device(homes=[HOME]) for _ in range(3)))
    await queue(store, clock, a_notice())
    stuck = StuckSender()
    slow = asyncio.create_task(OutboxWorker(store, clock, stuck).run_due())
    await until_true(stuck.is_stuck)
    await store[OUTBOX].update_many({}, {"$set": {"lease": "another worker"}})

    await asyncio.wait_for(slow, 60)

    assert len(stuck.sent) == 1
    (batch,) = await store[OUTBOX].find({})
    assert batch["lease"] == "another worker"


async def test_two_workers_send_nothing_twice(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.audience.PAGE_SIZE", 5)
    devices = [a_device(homes=[HOME]) for _ in range(60)]
    await put(store, *devices)
    await queue(store, clock, a_notice())
    senders = [ScriptedSender() for _ in range(3)]

    await asyncio.gather(*(OutboxWorker(store, clock, s).run_due() for s in senders))

    sent = [device_id for sender in senders for device_id in sender.device_ids]
    assert sorted(sent) == sorted(device.id for device in devices)


async def test_without_leases_two_workers_would_send_twice(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Control: a lease that has ended the moment it is taken.
    monkeypatch.setattr(outbox_module, "LEASE_SECONDS", 0.0)
    await put(store, a_device(homes=[HOME]))
    await queue(store, clock, a_notice())
    outbox = Outbox(store, clock)

    first = await outbox.lease(tuple(Priority))
    second = await outbox.lease(tuple(Priority))

    assert first is not None
    assert second is not None
    assert first.id == second.id


async def test_an_extreme_notice_overtakes_slots_that_are_all_busy(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.audience.PAGE_SIZE", 1)
    await put(store, *(a_device(homes=[HOME]) for _ in range(6)))
    sender = StuckSender()
    stop = asyncio.Event()
    await queue(store, clock, a_notice("bulk", priority=Priority.NORMAL))
    running = asyncio.create_task(OutboxWorker(store, clock, sender).run(stop))
    await eventually(lambda: len(sender.sent) == 4)

    await queue(store, clock, a_notice("urgent", priority=Priority.EXTREME))
    await eventually(lambda: len(sender.sent) == 5)

    assert sender.sent[-1].notice.id == "urgent"
    stop.set()
    sender.go_on.set()
    await asyncio.wait_for(running, 60)


async def test_told_to_stop_it_finishes_what_is_under_way(
    store: Store, clock: MovableClock
) -> None:
    await put(store, *(a_device(homes=[HOME]) for _ in range(3)))
    await queue(store, clock, a_notice())
    sender = StuckSender()
    stop = asyncio.Event()
    running = asyncio.create_task(OutboxWorker(store, clock, sender).run(stop))
    await until_true(sender.is_stuck)

    stop.set()
    sender.go_on.set()
    await asyncio.wait_for(running, 60)

    assert await outcomes(store, clock) == {Outcome.ACCEPTED: 3}


async def test_a_sender_that_breaks_stops_neither_other_batches_nor_forgets_what_it_sent(
    store: Store, clock: MovableClock
) -> None:
    await put(store, a_device(homes=[HOME], id="a"), a_device(homes=[HOME], id="b"))
    await queue(store, clock, a_notice("bad"))
    await queue(store, clock, a_notice("good"))

    def script(message: Message) -> Answer:
        if message.notice.id == "bad" and message.device.id == "b":
            raise RuntimeError
        return Answer(Verdict.ACCEPTED)

    sender = ScriptedSender(script)
    stop = asyncio.Event()
    running = asyncio.create_task(OutboxWorker(store, clock, sender).run(stop))
    await eventually_outcomes(store, clock, "good", {Outcome.ACCEPTED: 2})
    await eventually_outcomes(store, clock, "bad", {Outcome.ACCEPTED: 1, Outcome.QUEUED: 1})
    sender.script = accept
    clock.advance(seconds=1)
    await eventually_outcomes(store, clock, "bad", {Outcome.ACCEPTED: 2})
    stop.set()
    await asyncio.wait_for(running, 60)

    assert [m.device.id for m in sender.sent if m.notice.id == "bad"] == ["a", "b", "b"]


async def test_old_positions_are_forgotten(store: Store, clock: MovableClock) -> None:
    old = a_device(observed_at=NOW - POSITION_KEPT_FOR)
    newer = a_device(observed_at=NOW - POSITION_KEPT_FOR + timedelta(seconds=1))
    await put(store, old, newer)

    forgotten = await DeviceRepository(store).forget_positions(clock())

    found = await DeviceRepository(store).get_many([old.id, newer.id])
    assert forgotten == 1
    assert found[old.id].profile.position is None
    assert found[newer.id].profile == newer.profile
