"""Whether a text has gone out: known for whoever must not speak before or without it."""

import asyncio
from datetime import timedelta

import pytest

from api.kit.sealing import Sealer
from api.kit.store import Store
from notifications.senders import Answer, Verdict
from notifications.text_outbox import LEASE_SECONDS, TEXT_OUTBOX, TextOutbox
from notifications.text_worker import TextWorker
from notifications.texts import Channel, TextFate, Texts
from tests.conftest import MovableClock
from tests.notifications.factories import a_text
from tests.notifications.senders import ScriptedTextSender

THROTTLED = Answer(Verdict.TRY_LATER, "Throttling")
UNANSWERED = Answer(Verdict.TRY_LATER, "ReadTimeoutError", may_have_gone=True)


@pytest.fixture
def sms() -> ScriptedTextSender:
    return ScriptedTextSender()


@pytest.fixture
def worker(
    store: Store, sealer: Sealer, clock: MovableClock, sms: ScriptedTextSender
) -> TextWorker:
    return TextWorker(store, sealer, clock, {Channel.SMS: sms})


async def queue(texts: Texts, clock: MovableClock) -> None:
    await texts.queue(a_text("text", expires_at=clock() + timedelta(hours=1)))


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        (Answer(Verdict.ACCEPTED), TextFate.GONE),
        (Answer(Verdict.REFUSED, "OptedOut"), TextFate.NEVER),
        (THROTTLED, TextFate.WAITING),
        (UNANSWERED, TextFate.WAITING),
    ],
    ids=lambda value: value.reason or value.verdict.name if isinstance(value, Answer) else value,
)
async def test_a_try_decides_it_or_another_comes(
    texts: Texts,
    clock: MovableClock,
    worker: TextWorker,
    sms: ScriptedTextSender,
    answer: Answer,
    fate: TextFate,
) -> None:
    sms.script = lambda _: answer
    await queue(texts, clock)

    await worker.run_due()

    assert await texts.fates(["text", "of another"]) == {"text": fate}


@pytest.mark.parametrize(
    ("answer", "fate"), [(THROTTLED, TextFate.NEVER), (UNANSWERED, TextFate.GONE)]
)
async def test_what_is_withdrawn_goes_no_more_and_may_have_gone_where_nothing_was_answered(
    store: Store,
    texts: Texts,
    clock: MovableClock,
    worker: TextWorker,
    sms: ScriptedTextSender,
    answer: Answer,
    fate: TextFate,
) -> None:
    sms.script = lambda _: answer
    await queue(texts, clock)
    await worker.run_due()

    await texts.withdraw(["text"])

    clock.advance(minutes=5)
    await worker.run_due()
    (document,) = await store[TEXT_OUTBOX].find({})
    assert len(sms.sent) == 1
    assert (document["state"], "content" in document) == ("expired", False)
    assert await texts.fates(["text"]) == {"text": fate}


async def test_what_is_withdrawn_before_any_try_never_goes(
    texts: Texts, clock: MovableClock, worker: TextWorker, sms: ScriptedTextSender
) -> None:
    await queue(texts, clock)

    await texts.withdraw(["text"])

    await worker.run_due()
    assert sms.sent == []
    assert await texts.fates(["text"]) == {"text": TextFate.NEVER}


async def test_what_a_worker_has_in_hand_is_decided_by_it(
    texts: Texts, clock: MovableClock, worker: TextWorker, sms: ScriptedTextSender
) -> None:
    await queue(texts, clock)
    sms.go_on.clear()
    sending = asyncio.create_task(worker.run_due())
    await sms.is_stuck.wait()

    await texts.withdraw(["text"])
    before = await texts.fates(["text"])
    sms.go_on.set()
    await sending

    assert before == {"text": TextFate.WAITING}
    assert await texts.fates(["text"]) == {"text": TextFate.GONE}


async def test_what_died_with_its_worker_is_not_sent_again_once_it_is_withdrawn(
    store: Store,
    sealer: Sealer,
    texts: Texts,
    clock: MovableClock,
    worker: TextWorker,
    sms: ScriptedTextSender,
) -> None:
    await queue(texts, clock)
    await TextOutbox(store, sealer, clock).lease(Channel.SMS)
    await texts.withdraw(["text"])
    clock.advance(seconds=LEASE_SECONDS)

    await worker.run_due()

    assert sms.sent == []
    assert await texts.fates(["text"]) == {"text": TextFate.GONE}


async def test_what_was_sent_stays_sent(
    texts: Texts, clock: MovableClock, worker: TextWorker, sms: ScriptedTextSender
) -> None:
    await queue(texts, clock)
    await worker.run_due()

    await texts.withdraw(["text"])

    assert len(sms.sent) == 1
    assert await texts.fates(["text"]) == {"text": TextFate.GONE}
