from collections.abc import Sequence

from api.kit.store import Store
from notifications.devices import Platform
from notifications.recordings import RECORDED_MESSAGES, Recordings
from notifications.senders import Answer, Message, Verdict
from notifications.senders.recorder import Recorder
from tests.conftest import MovableClock
from tests.notifications.factories import a_device, a_notice


async def record(recorder: Recorder, messages: Sequence[Message]) -> list[Answer]:
    answers: list[Answer] = []
    await recorder.send(messages, lambda _, answer: answers.append(answer))
    return answers


async def test_what_the_phone_would_have_shown_is_kept(store: Store, clock: MovableClock) -> None:
    recordings = Recordings(store)
    device = a_device(language="en", platform=Platform.IOS)

    answers = await record(Recorder(recordings, clock), [Message(a_notice(), device)])

    (recording,) = await recordings.latest(device.id, 10)
    assert answers == [Answer(Verdict.ACCEPTED)]
    assert (recording.title, recording.body, recording.language) == ("Flood", "Go up.", "en")
    assert recording.recorded_at == clock()
    assert recording.message["apns"]["headers"]["apns-collapse-id"] == "flood"


async def test_a_registration_is_never_recorded(store: Store, clock: MovableClock) -> None:
    device = a_device()

    await record(Recorder(Recordings(store), clock), [Message(a_notice(), device)])

    assert device.profile.registration.value not in str(await store[RECORDED_MESSAGES].find({}))


async def test_a_message_sent_again_is_recorded_once(store: Store, clock: MovableClock) -> None:
    recorder = Recorder(Recordings(store), clock)
    first, second = (Message(a_notice(), a_device()) for _ in range(2))

    await record(recorder, [first])
    await record(recorder, [first, second])

    assert await store[RECORDED_MESSAGES].count({}) == 2


async def test_the_newest_comes_first(store: Store, clock: MovableClock) -> None:
    recordings = Recordings(store)
    device = a_device()
    for number in range(3):
        await record(Recorder(recordings, clock), [Message(a_notice(f"notice-{number}"), device)])
        clock.advance(seconds=1)

    latest = await recordings.latest(None, 2)

    assert [recording.notice_id for recording in latest] == ["notice-2", "notice-1"]
