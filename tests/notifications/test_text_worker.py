"""The outbox of texts is emptied: each once, in time, and never zero times."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from api.kit.sealing import KeyFile, Sealer
from api.kit.store import Store
from notifications import text_outbox as outbox_module
from notifications import text_worker as worker_module
from notifications.senders import Answer, Verdict
from notifications.text_outbox import LEASE_SECONDS, TEXT_OUTBOX, TextOutbox
from notifications.text_worker import TextWorker
from notifications.texts import Channel, TextMessage, Texts
from tests.conftest import MovableClock
from tests.notifications.factories import a_text, an_email
from tests.notifications.senders import ScriptedTextSender

LATER = Answer(Verdict.TRY_LATER, "Throttling")


@pytest.fixture
def sms() -> ScriptedTextSender:
    return ScriptedTextSender()


@pytest.fixture
def email() -> ScriptedTextSender:
    return ScriptedTextSender()


@pytest.fixture
def worker(
    store: Store,
    sealer: Sealer,
    clock: MovableClock,
    sms: ScriptedTextSender,
    email: ScriptedTextSender,
) -> TextWorker:
    return TextWorker(store, sealer, clock, {Channel.SMS: sms, Channel.EMAIL: email})


async def states(store: Store) -> dict[str, str]:
    return {document["_id"]: document["state"] for document in await store[TEXT_OUTBOX].find({})}


async def eventually(store: Store, expected: dict[str, str]) -> None:
    async with asyncio.timeout(60):
        while await states(store) != expected:  # noqa: ASYNC110 - across tasks
            await asyncio.sleep(0.01)


async def until_set(event: asyncio.Event) -> None:
    await asyncio.wait_for(event.wait(), 60)


async def test_each_text_goes_once_through_its_channel(
    store: Store,
    texts: Texts,
    worker: TextWorker,
    clock: MovableClock,
    sms: ScriptedTextSender,
    email: ScriptedTextSender,
) -> None:
    await texts.queue(a_text("sms"))
    await texts.queue(an_email("email"))

    await worker.run_due()
    clock.advance(minutes=1)
    await worker.run_due()

    assert sms.sent == [a_text("sms")]
    assert email.sent == [an_email("email")]
    assert await states(store) == {"sms": "sent", "email": "sent"}


async def test_what_ends_first_goes_first(
    texts: Texts, worker: TextWorker, clock: MovableClock, sms: ScriptedTextSender
) -> None:
    for name, minutes in (("reminder", 600), ("warning", 60), ("code", 5)):
        await texts.queue(a_text(name, expires_at=clock() + timedelta(minutes=minutes)))
        clock.advance(seconds=1)

    await worker.run_due()

    assert sms.ids == ["code", "warning", "reminder"]


async def test_nothing_is_sent_after_it_ended(
    store: Store, texts: Texts, worker: TextWorker, clock: MovableClock, sms: ScriptedTextSender
) -> None:
    await texts.queue(a_text("code", expires_at=clock() + timedelta(minutes=5)))
    clock.advance(minutes=5)

    await worker.run_due()

    assert sms.sent == []
    assert await states(store) == {"code": "expired"}


async def test_what_is_refused_is_not_tried_again(
    store: Store, texts: Texts, worker: TextWorker, clock: MovableClock, sms: ScriptedTextSender
) -> None:
    sms.script = lambda _: Answer(Verdict.REFUSED, "OptedOut")
    await texts.queue(a_text("code"))

    await worker.run_due()
    clock.advance(minutes=1)
    await worker.run_due()

    (document,) = await store[TEXT_OUTBOX].find({})
    assert sms.ids == ["code"]
    assert (document["state"], document["reason"]) == ("refused", "OptedOut")
    assert "content" not in document


async def test_what_failed_is_tried_again_after_the_time_asked_for(
    store: Store, texts: Texts, worker: TextWorker, clock: MovableClock, sms: ScriptedTextSender
) -> None:
    sms.script = lambda _: Answer(Verdict.TRY_LATER, "Throttling", timedelta(seconds=90))
    await texts.queue(a_text("code"))

    await worker.run_due()
    clock.advance(seconds=89)
    too_early = await worker.run_due()
    sms.script = lambda _: Answer(Verdict.ACCEPTED)
    clock.advance(seconds=1)
    await worker.run_due()

    assert too_early == 0
    assert sms.ids == ["code", "code"]
    assert await states(store) == {"code": "sent"}


async def test_trouble_that_lasts_is_tried_until_the_text_ends(
    store: Store, texts: Texts, worker: TextWorker, clock: MovableClock, sms: ScriptedTextSender
) -> None:
    sms.script = lambda _: LATER
    await texts.queue(a_text("code", expires_at=clock() + timedelta(minutes=5)))

    for _ in range(301):
        await worker.run_due()
        clock.advance(seconds=1)

    # Doubling from a second to a minute: 6 tries in the first minute, then about one a minute.
    assert 8 <= len(sms.sent) <= 16
    assert await states(store) == {"code": "expired"}


async def test_the_text_of_a_dead_worker_comes_due_again(
    store: Store,
    sealer: Sealer,
    texts: Texts,
    worker: TextWorker,
    clock: MovableClock,
    sms: ScriptedTextSender,
) -> None:
    sms.go_on.clear()
    await texts.queue(a_text("code"))
    dying = asyncio.create_task(worker.run_due())
    await until_set(sms.is_stuck)
    dying.cancel()
    await asyncio.wait({dying})
    heir_s = ScriptedTextSender()
    heir = TextWorker(store, sealer, clock, {Channel.SMS: heir_s})

    too_early = await heir.run_due()
    clock.advance(seconds=LEASE_SECONDS)
    await heir.run_due()

    assert too_early == 0
    assert heir_s.ids == ["code"]
    assert await states(store) == {"code": "sent"}


async def test_who_lost_the_lease_notes_nothing(
    store: Store, texts: Texts, worker: TextWorker, sms: ScriptedTextSender
) -> None:
    sms.go_on.clear()
    await texts.queue(a_text("code"))
    slow = asyncio.create_task(worker.run_due())
    await until_set(sms.is_stuck)
    await store[TEXT_OUTBOX].update_many({}, {"$set": {"lease": "another worker"}})

    sms.go_on.set()
    await asyncio.wait_for(slow, 60)

    (document,) = await store[TEXT_OUTBOX].find({})
    assert (document["state"], document["lease"]) == ("queued", "another worker")
    assert "content" in document


async def test_what_is_erased_on_its_way_leaves_no_trace(
    store: Store, texts: Texts, worker: TextWorker, sms: ScriptedTextSender
) -> None:
    sms.go_on.clear()
    await texts.queue(a_text("code", person_id="mai"))
    slow = asyncio.create_task(worker.run_due())
    await until_set(sms.is_stuck)

    await texts.erase_person("mai")
    sms.go_on.set()
    await asyncio.wait_for(slow, 60)

    assert await store[TEXT_OUTBOX].count({}) == 0


async def test_several_workers_send_nothing_twice(
    store: Store, sealer: Sealer, texts: Texts, clock: MovableClock
) -> None:
    for number in range(30):
        await texts.queue(a_text(f"code-{number}"))
    senders = [ScriptedTextSender() for _ in range(3)]

    await asyncio.gather(
        *(TextWorker(store, sealer, clock, {Channel.SMS: one}).run_due() for one in senders)
    )

    sent = [text_id for sender in senders for text_id in sender.ids]
    assert sorted(sent) == sorted(f"code-{number}" for number in range(30))


async def test_without_leases_two_workers_would_send_twice(
    store: Store,
    sealer: Sealer,
    texts: Texts,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Control: a lease that has ended the moment it is taken.
    monkeypatch.setattr(outbox_module, "LEASE_SECONDS", 0.0)
    await texts.queue(a_text("code"))
    outbox = TextOutbox(store, sealer, clock)

    leased = [await outbox.lease(Channel.SMS), await outbox.lease(Channel.SMS)]

    assert [text.id if text else None for text in leased] == ["code", "code"]


async def test_a_channel_that_hangs_does_not_hold_the_other_up(
    store: Store,
    texts: Texts,
    worker: TextWorker,
    sms: ScriptedTextSender,
    email: ScriptedTextSender,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker_module, "TEXTS_AT_ONCE", 2)
    email.go_on.clear()
    for number in range(3):
        await texts.queue(an_email(f"mail-{number}"))
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    await until_set(email.is_stuck)

    await texts.queue(a_text("code"))
    mails = {f"mail-{number}": "queued" for number in range(3)}
    await eventually(store, {**mails, "code": "sent"})

    assert len(email.sent) == 2
    email.go_on.set()
    stop.set()
    await asyncio.wait_for(running, 60)


async def test_told_to_stop_it_notes_what_is_under_way(
    store: Store, texts: Texts, worker: TextWorker, sms: ScriptedTextSender
) -> None:
    sms.go_on.clear()
    await texts.queue(a_text("code"))
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    await until_set(sms.is_stuck)

    stop.set()
    sms.go_on.set()
    await asyncio.wait_for(running, 60)

    assert await states(store) == {"code": "sent"}


async def test_what_takes_too_long_is_left_to_its_lease(
    store: Store,
    texts: Texts,
    worker: TextWorker,
    sms: ScriptedTextSender,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker_module, "STOP_SECONDS", 0.05)
    sms.go_on.clear()
    await texts.queue(a_text("code"))
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    await until_set(sms.is_stuck)

    stop.set()
    await asyncio.wait_for(running, 60)

    assert await states(store) == {"code": "queued"}


async def test_a_sender_that_breaks_stops_no_other_text_and_its_words_are_not_logged(
    store: Store,
    texts: Texts,
    worker: TextWorker,
    clock: MovableClock,
    sms: ScriptedTextSender,
) -> None:
    def script(message: TextMessage) -> Answer:
        if message.id == "bad":
            raise RuntimeError(f"cannot send to {message.to}")
        return Answer(Verdict.ACCEPTED)

    sms.script = script
    await texts.queue(a_text("bad"))
    await texts.queue(a_text("good"))
    stop = asyncio.Event()
    with capture_logs() as logs:
        running = asyncio.create_task(worker.run(stop))
        await eventually(store, {"bad": "queued", "good": "sent"})
        stop.set()
        await asyncio.wait_for(running, 60)
    clock.advance(seconds=LEASE_SECONDS)
    sms.script = lambda _: Answer(Verdict.ACCEPTED)
    await worker.run_due()

    assert await states(store) == {"bad": "sent", "good": "sent"}
    assert "RuntimeError" in [entry.get("error") for entry in logs]
    assert "912345678" not in str(logs)


async def test_neither_address_nor_words_are_logged(
    texts: Texts, worker: TextWorker, sms: ScriptedTextSender
) -> None:
    sms.script = lambda _: LATER
    await texts.queue(a_text("code"))
    await texts.queue(an_email("mail"))

    with capture_logs() as logs:
        await worker.run_due()

    assert [(entry["text"], entry["verdict"], entry["reason"]) for entry in logs] == [
        ("code", "TRY_LATER", "Throttling"),
        ("mail", "ACCEPTED", ""),
    ]
    assert all(secret not in str(logs) for secret in ("912345678", "mai@", "123456", "Mã"))


async def test_a_text_whose_key_is_missing_waits_for_it(
    store: Store,
    sealer: Sealer,
    texts: Texts,
    clock: MovableClock,
    tmp_path: Path,
    sms: ScriptedTextSender,
) -> None:
    await texts.queue(a_text("code"))
    without = Sealer(KeyFile(tmp_path / "other.json"))
    await TextWorker(store, without, clock, {Channel.SMS: sms}).run_due()
    unsent = list(sms.ids)
    clock.advance(seconds=1)

    await TextWorker(store, sealer, clock, {Channel.SMS: sms}).run_due()

    assert unsent == []
    assert sms.ids == ["code"]
