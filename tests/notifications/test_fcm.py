"""The FCM sender against a local FCM, with every kind of trouble."""

import asyncio
import random
from collections import Counter
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from api.kit.area import Area
from api.kit.store import Store
from notifications.notice import Audience, Priority
from notifications.outbox import Outbox
from notifications.outcomes import Outcome
from notifications.senders import Answer, Message, Verdict
from notifications.senders import fcm as fcm_module
from notifications.senders.fcm import FcmSender
from notifications.service import Notifications
from notifications.worker import OutboxWorker
from tests.conftest import MovableClock
from tests.notifications.factories import a_device, a_notice, put
from tests.notifications.fake_fcm import OK, UNREGISTERED, FakeFcm, Reply, Script
from tests.notifications.fcm_sending import ACCEPTED, a_message, send, sender_to

HOME = "02683"


def always(reply: Reply) -> Script:
    return lambda _: reply


async def test_a_message_is_posted_with_a_token_of_the_service_account(
    fcm: FakeFcm, sender: FcmSender
) -> None:
    message = a_message()

    answers = await send(sender, message)

    assert answers == [Answer(Verdict.ACCEPTED)]
    assert fcm.authorizations == {"Bearer token-1": 1}
    (posted,) = fcm.requests
    assert posted["token"] == message.device.profile.registration.value
    assert posted["notification"] == {"title": "Lũ quét", "body": "Lên chỗ cao."}


async def test_one_token_serves_all_who_ask_at_once(fcm: FakeFcm, sender: FcmSender) -> None:
    answers = await send(sender, *(a_message() for _ in range(200)))

    assert Counter(answers) == {Answer(Verdict.ACCEPTED): 200}
    assert fcm.tokens_given == 1


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (UNREGISTERED, Answer(Verdict.UNREGISTERED, "UNREGISTERED")),
        (Reply(404), Answer(Verdict.TRY_LATER, "HTTP_404")),
        (Reply(408), Answer(Verdict.TRY_LATER, "HTTP_408")),
        (Reply(421), Answer(Verdict.TRY_LATER, "HTTP_421")),
        (Reply(400), Answer(Verdict.TRY_LATER, "HTTP_400")),
        (Reply(413), Answer(Verdict.REFUSED, "HTTP_413")),
        (Reply(400, "INVALID_ARGUMENT"), Answer(Verdict.REFUSED, "INVALID_ARGUMENT")),
        (
            Reply(400, rpc_status="INVALID_ARGUMENT"),
            Answer(Verdict.REFUSED, "INVALID_ARGUMENT"),
        ),
        (Reply(404, rpc_status="NOT_FOUND"), Answer(Verdict.TRY_LATER, "NOT_FOUND")),
        (Reply(400, "A_CODE_OF_TOMORROW"), Answer(Verdict.TRY_LATER, "A_CODE_OF_TOMORROW")),
        (Reply(403, "SENDER_ID_MISMATCH"), Answer(Verdict.REFUSED, "SENDER_ID_MISMATCH")),
        (Reply(401, "THIRD_PARTY_AUTH_ERROR"), Answer(Verdict.REFUSED, "THIRD_PARTY_AUTH_ERROR")),
        (Reply(403), Answer(Verdict.TRY_LATER, "HTTP_403")),
        (
            Reply(403, rpc_status="PERMISSION_DENIED"),
            Answer(Verdict.TRY_LATER, "PERMISSION_DENIED"),
        ),
        (Reply(500, "INTERNAL"), Answer(Verdict.TRY_LATER, "INTERNAL")),
        (Reply(503, "UNAVAILABLE"), Answer(Verdict.TRY_LATER, "UNAVAILABLE")),
        (
            Reply(429, "QUOTA_EXCEEDED", {"Retry-After": "17"}),
            Answer(Verdict.TRY_LATER, "QUOTA_EXCEEDED", timedelta(seconds=17)),
        ),
        (
            Reply(503, None, {"Retry-After": "soon"}),
            Answer(Verdict.TRY_LATER, "HTTP_503"),
        ),
        (
            Reply(503, None, {"Retry-After": "99999999999"}),
            Answer(Verdict.TRY_LATER, "HTTP_503", timedelta(minutes=5)),
        ),
        (Reply(reset=True), Answer(Verdict.TRY_LATER, "RESET_INTERNAL_ERROR")),
    ],
)
async def test_a_reply_is_judged_by_its_error_code(
    fcm: FakeFcm, sender: FcmSender, reply: Reply, answer: Answer
) -> None:
    fcm.script = lambda _: reply

    assert await send(sender, a_message()) == [answer]
    assert sum(fcm.asked.values()) == 1


async def test_a_refused_token_is_fetched_anew(fcm: FakeFcm, sender: FcmSender) -> None:
    fcm.script = lambda _: Reply(401)
    await send(sender, a_message())
    fcm.script = lambda _: OK

    answers = await send(sender, a_message())

    assert answers == [Answer(Verdict.ACCEPTED)]
    assert list(fcm.authorizations) == ["Bearer token-1", "Bearer token-2"]


async def test_without_a_token_nothing_is_lost(fcm: FakeFcm, sender: FcmSender) -> None:
    fcm.token_status = 503

    answers = await send(sender, *(a_message() for _ in range(30)))

    assert {answer.verdict for answer in answers} == {Verdict.TRY_LATER}
    assert fcm.requests == []


async def test_nobody_listening_is_trouble_that_passes(
    tmp_path: Path, clock: MovableClock, fcm: FakeFcm
) -> None:
    sender = sender_to(fcm, tmp_path, clock, url="https://127.0.0.1:9")

    (answer,) = await send(sender, a_message())

    assert answer == Answer(Verdict.TRY_LATER, "COULDNT_CONNECT")
    await sender.close()


async def test_a_reply_that_does_not_come_is_not_waited_for(
    fcm: FakeFcm, sender: FcmSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fcm_module, "SEND_SECONDS_AT_MOST", 0.05)
    fcm.answer_after_seconds = 1

    (answer,) = await send(sender, a_message())

    assert answer == Answer(Verdict.TRY_LATER, "OPERATION_TIMEDOUT")


async def test_what_ended_while_it_waited_is_not_sent(
    fcm: FakeFcm, sender: FcmSender, clock: MovableClock
) -> None:
    clock.advance(hours=6)

    assert await send(sender, a_message()) == [Answer(Verdict.EXPIRED)]
    assert fcm.requests == []


async def test_requests_at_once_are_bounded(fcm: FakeFcm, sender: FcmSender) -> None:
    fcm.answer_after_seconds = 0.1

    await send(sender, *(a_message() for _ in range(600)))

    assert 128 < fcm.most_concurrent <= fcm_module.REQUESTS_AT_ONCE


async def test_many_go_over_at_least_ten_connections(
    fcm: FakeFcm, tmp_path: Path, clock: MovableClock
) -> None:
    fcm.answer_after_seconds = 0.3
    sender = sender_to(fcm, tmp_path, clock)

    sends = [send(sender, *(a_message() for _ in range(256))) for _ in range(4)]
    answers = await asyncio.gather(*sends)

    assert Counter(answer for some in answers for answer in some) == {ACCEPTED: 1_024}
    assert fcm.most_connections >= 10
    await sender.close()


async def test_cut_connections_lose_nothing(fcm: FakeFcm, sender: FcmSender) -> None:
    fcm.answer_after_seconds = 0.2
    asyncio.get_running_loop().call_later(0.1, fcm.cut)

    answers = await send(sender, *(a_message() for _ in range(15)))

    # What was under way is tried anew by the worker later.
    assert {answer.verdict for answer in answers} <= {Verdict.ACCEPTED, Verdict.TRY_LATER}
    assert len(answers) == 15
    fcm.answer_after_seconds = 0.0
    # One more may find out that a connection is dead.
    later = [await send(sender, a_message()) for _ in range(3)]
    assert later[-1] == [ACCEPTED]


async def test_a_server_that_goes_away_kindly_is_followed_to_another_connection(
    fcm: FakeFcm, sender: FcmSender
) -> None:
    await send(sender, a_message())
    (connection,) = fcm.connections
    connection.go_away()

    assert await send(sender, *(a_message() for _ in range(50))) == [ACCEPTED] * 50


async def test_nothing_is_reported_of_what_was_given_up(fcm: FakeFcm, sender: FcmSender) -> None:
    fcm.answer_after_seconds = 0.1
    reported: list[Answer] = []
    messages = [a_message() for _ in range(100)]
    sending = asyncio.create_task(sender.send(messages, lambda _, answer: reported.append(answer)))
    while len(fcm.requests) < 50:  # noqa: ASYNC110 - of another's making
        await asyncio.sleep(0)
    sending.cancel()
    await asyncio.wait({sending})
    known = len(reported)

    fcm.answer_after_seconds = 0.0
    after = await send(sender, *(a_message() for _ in range(100)))

    assert sending.cancelled()
    assert after == [ACCEPTED] * 100
    assert len(reported) == known


async def test_a_service_that_only_fails_is_left_in_peace(fcm: FakeFcm, sender: FcmSender) -> None:
    fcm.script = lambda _: Reply(503, "UNAVAILABLE", {"Retry-After": "30"})

    answers = await send(sender, *(a_message() for _ in range(1_000)))

    assert {answer.verdict for answer in answers} == {Verdict.TRY_LATER}
    assert len(fcm.requests) < 20 + fcm_module.REQUESTS_AT_ONCE
    assert answers[-1].reason == "braked"


async def test_hundreds_of_failures_leave_no_connection_behind(
    fcm: FakeFcm, sender: FcmSender
) -> None:
    # What firebase-admin's own bulk call dies of: failed replies that are never read to the end.
    replies = [UNREGISTERED, Reply(400, "INVALID_ARGUMENT"), Reply(413)]
    kinds = cycle(replies)
    fcm.script = lambda _: next(kinds)
    for _ in range(5):
        await asyncio.wait_for(send(sender, *(a_message() for _ in range(200))), 60)
    fcm.script = lambda _: OK

    answers = await asyncio.wait_for(send(sender, a_message()), 60)

    assert answers == [Answer(Verdict.ACCEPTED)]


async def test_through_all_kinds_of_trouble_each_device_ends_once(
    store: Store, clock: MovableClock, fcm: FakeFcm, sender: FcmSender
) -> None:
    dice = random.Random(7)  # noqa: S311 - the same trouble every time
    devices = [a_device(homes=[HOME]) for _ in range(1_500)]
    dead = {d.profile.registration.value for d in devices if dice.random() < 0.05}
    lost_replies: Counter[str] = Counter()

    def script(registration: str) -> Reply:
        if registration in dead:
            return UNREGISTERED
        trouble = dice.random()
        if trouble < 0.02:
            return Reply(429, "QUOTA_EXCEEDED", {"Retry-After": "2"})
        if trouble < 0.04:
            return Reply(503, "UNAVAILABLE")
        if trouble < 0.05:
            return Reply(500, "INTERNAL")
        if trouble < 0.06:
            return Reply(reset=True, status=503)
        if trouble < 0.07:
            lost_replies[registration] += 1
            return Reply(503, "UNAVAILABLE", delivered=True)
        return OK

    fcm.script = script
    await put(store, *devices)
    await Notifications(store, clock).fan_out(
        a_notice(), Audience(Area.of([], []), frozenset({HOME}))
    )
    workers = [OutboxWorker(store, clock, sender) for _ in range(2)]
    for _ in range(100):
        await asyncio.gather(*(worker.run_due() for worker in workers))
        clock.advance(seconds=5)

    progress = await Outbox(store, clock).progress("flood-1")
    alive = {device.profile.registration.value for device in devices} - dead
    assert progress.by_outcome == {
        Outcome.ACCEPTED: len(alive),
        Outcome.RETIRED: len(dead),
    }
    assert set(fcm.deliveries) == alive
    assert fcm.deliveries == Counter(alive) + lost_replies
    assert all(fcm.asked[registration] == 1 for registration in dead)


async def test_what_is_extreme_overtakes_what_is_being_sent(
    fcm: FakeFcm, sender: FcmSender
) -> None:
    extreme = a_notice("the-alert", priority=Priority.EXTREME)
    async with asyncio.TaskGroup() as tasks:
        bulk = tasks.create_task(send(sender, *(a_message() for _ in range(1_200))))
        while len(fcm.requests) < 100:  # noqa: ASYNC110 - of another's making
            await asyncio.sleep(0)

        await send(sender, *(Message(extreme, a_device()) for _ in range(400)))
        order = [request["data"]["alert"] for request in fcm.requests]

    # Only what was under way already is among them: in turns it would be hundreds more.
    first = order.index("the-alert")
    assert order[first:].count("flood-1") <= fcm_module.REQUESTS_AT_ONCE
    assert bulk.result() == [ACCEPTED] * 1_200


async def test_a_quota_is_kept(fcm: FakeFcm, tmp_path: Path, clock: MovableClock) -> None:
    sender = sender_to(fcm, tmp_path, clock, messages_per_minute=6_000)
    loop = asyncio.get_running_loop()
    began = loop.time()

    await send(sender, *(a_message() for _ in range(150)))

    # 100 a second, of which the first second's worth may go at once.
    assert loop.time() - began >= 0.49
    await sender.close()


async def test_no_log_names_a_registration_or_a_place(
    store: Store,
    clock: MovableClock,
    fcm: FakeFcm,
    sender: FcmSender,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    device = a_device(homes=[HOME])
    await put(store, device)
    notifications = Notifications(store, clock)
    audience = Audience(Area.of([], []), frozenset({HOME}))
    replies = [Reply(503), Reply(reset=True), Reply(401), Reply(400, "INVALID_ARGUMENT")]
    with capture_logs() as logs:
        for number, reply in enumerate([*replies, UNREGISTERED]):
            fcm.script = always(reply)
            await notifications.fan_out(a_notice(f"notice-{number}"), audience)
            await OutboxWorker(store, clock, sender).run_due()

    position = device.profile.position
    assert position is not None
    assert len(logs) >= 5
    for secret in (device.profile.registration.value, position.cell, "token-1", "22.33"):
        assert secret not in str(logs)
        assert secret not in caplog.text
