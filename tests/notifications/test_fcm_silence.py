"""Connections that say nothing more, listeners that break, and the end of the sender: no batch hangs."""

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest

from notifications.senders import Answer, Message, Verdict
from notifications.senders import fcm as fcm_module
from notifications.senders.fcm import FcmSender
from tests.notifications.fake_fcm import FakeFcm, Reply
from tests.notifications.fcm_sending import ACCEPTED, a_message, send

CLOSED = Answer(Verdict.TRY_LATER, "CLOSED")
AT_MOST_SECONDS = 60.0
NOTICED_SECONDS_AT_MOST = 0.1


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(AT_MOST_SECONDS):
        while not condition():  # noqa: ASYNC110 - of another's making
            await asyncio.sleep(0)


def break_off(*_: object) -> None:
    raise RuntimeError("a listener that breaks")


@pytest.fixture
async def unhurried_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop's clock, and so the client's, takes no notice of time in which this process stood still."""
    loop = asyncio.get_running_loop()
    real_time = loop.time
    shown = looked = real_time()

    def time() -> float:
        nonlocal shown, looked
        now = real_time()
        shown, looked = shown + min(now - looked, NOTICED_SECONDS_AT_MOST), now
        return shown

    monkeypatch.setattr(loop, "time", time)


@pytest.mark.usefixtures("unhurried_clock")
async def test_a_connection_that_fell_silent_holds_up_one_deadline_and_no_later_batch(
    fcm: FakeFcm, sender: FcmSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fcm_module, "SEND_SECONDS_AT_MOST", 1.0)
    await send(sender, *(a_message() for _ in range(100)))
    fcm.fall_silent()
    silent = await send(sender, *(a_message() for _ in range(10)))

    answers = await send(sender, *(a_message() for _ in range(100)))

    assert {answer.verdict for answer in silent} <= {Verdict.ACCEPTED, Verdict.TRY_LATER}
    # A few may be the ones to find out that a connection was ended.
    assert Counter(answers)[ACCEPTED] >= 90
    assert Answer(Verdict.TRY_LATER, "OPERATION_TIMEDOUT") not in answers
    assert await send(sender, *(a_message() for _ in range(100))) == [ACCEPTED] * 100


@pytest.mark.usefixtures("unhurried_clock")
async def test_one_slow_reply_costs_a_busy_connection_nothing(
    fcm: FakeFcm, sender: FcmSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fcm_module, "SEND_SECONDS_AT_MOST", 1.0)
    fcm.answer_after_seconds = 3.0
    slow = asyncio.create_task(send(sender, a_message()))
    await until(lambda: len(fcm.requests) == 1)
    (connection,) = fcm.connections
    fcm.answer_after_seconds = 0.0

    while not slow.done():
        await send(sender, a_message())

    assert slow.result() == [Answer(Verdict.TRY_LATER, "OPERATION_TIMEDOUT")]
    assert await send(sender, a_message()) == [ACCEPTED]
    assert connection in fcm.connections


async def test_a_listener_that_breaks_ends_its_own_batch_only(
    fcm: FakeFcm, sender: FcmSender
) -> None:
    fcm.answer_after_seconds = 0.05

    broken, fine = await asyncio.wait_for(
        asyncio.gather(
            sender.send([a_message() for _ in range(50)], break_off),
            send(sender, *(a_message() for _ in range(50))),
            return_exceptions=True,
        ),
        AT_MOST_SECONDS,
    )

    assert isinstance(broken, RuntimeError)
    assert fine == [ACCEPTED] * 50


async def test_a_reply_that_cannot_be_judged_is_tried_again(
    fcm: FakeFcm, sender: FcmSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fcm_module, "answer_to", break_off)
    fcm.script = lambda _: Reply(503)
    messages = [a_message() for _ in range(10)]

    answers = await asyncio.wait_for(send(sender, *messages), AT_MOST_SECONDS)

    assert answers == [Answer(Verdict.TRY_LATER, "RuntimeError")] * 10


async def test_deadlines_are_kept_after_a_listener_broke_at_one(
    fcm: FakeFcm, sender: FcmSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fcm_module, "SEND_SECONDS_AT_MOST", 0.1)
    fcm.answer_after_seconds = 2.0
    with pytest.raises(RuntimeError):
        await asyncio.wait_for(sender.send([a_message()], break_off), AT_MOST_SECONDS)

    (answer,) = await asyncio.wait_for(send(sender, a_message()), AT_MOST_SECONDS)

    assert answer == Answer(Verdict.TRY_LATER, "OPERATION_TIMEDOUT")


async def test_the_end_of_the_sender_is_told_to_all_who_wait(
    fcm: FakeFcm, sender: FcmSender
) -> None:
    fcm.answer_after_seconds = 2 * AT_MOST_SECONDS
    async with asyncio.timeout(AT_MOST_SECONDS), asyncio.TaskGroup() as tasks:
        sending = tasks.create_task(send(sender, *(a_message() for _ in range(400))))
        await until(lambda: len(fcm.requests) >= 100)
        await sender.close()

    assert sending.result() == [CLOSED] * 400


async def test_after_its_end_the_sender_sends_nothing(fcm: FakeFcm, sender: FcmSender) -> None:
    await send(sender, a_message())
    await sender.close()

    answers = await send(sender, *(a_message() for _ in range(3)))

    assert answers == [CLOSED] * 3
    assert len(fcm.requests) == 1


async def test_a_message_given_up_on_is_reported_to_nobody_at_the_end(
    fcm: FakeFcm, sender: FcmSender
) -> None:
    fcm.answer_after_seconds = 5.0
    reported: list[tuple[Message, Answer]] = []
    sending = asyncio.create_task(
        sender.send([a_message()], lambda message, answer: reported.append((message, answer)))
    )
    await until(lambda: len(fcm.requests) == 1)
    sending.cancel()
    await asyncio.wait({sending})

    await sender.close()

    assert reported == []
