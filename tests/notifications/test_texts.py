"""Texts are queued once, sealed, and gone when they are to be forgotten."""

from datetime import timedelta
from pathlib import Path

import pytest

from api.kit.sealing import KeyFile, Sealer
from api.kit.store import Store
from notifications.senders import Answer, Verdict
from notifications.senders.text_recorder import TextRecorder
from notifications.text_outbox import TEXT_OUTBOX
from notifications.text_recordings import RECORDED_TEXTS, TextRecordings
from notifications.text_worker import TextWorker
from notifications.texts import Channel, Texts, TextState
from tests.conftest import MovableClock
from tests.notifications.factories import a_text, an_email


@pytest.fixture
def recorder(store: Store, sealer: Sealer, clock: MovableClock) -> TextRecorder:
    return TextRecorder(TextRecordings(store, sealer, clock))


@pytest.fixture
def worker(store: Store, sealer: Sealer, clock: MovableClock, recorder: TextRecorder) -> TextWorker:
    senders = {Channel.SMS: recorder, Channel.EMAIL: recorder}
    return TextWorker(store, sealer, clock, senders)


async def everything_in(store: Store) -> str:
    return str([await store[spec].find({}) for spec in (TEXT_OUTBOX, RECORDED_TEXTS)])


async def test_the_same_id_is_one_text(store: Store, texts: Texts, worker: TextWorker) -> None:
    await texts.queue(a_text("a", body="first"))
    await texts.queue(a_text("a", body="second"))

    handled = await worker.run_due()
    await texts.queue(a_text("a", body="third"))
    handled_again = await worker.run_due()

    assert (handled, handled_again) == (1, 0)
    assert [one.message.body for one in await texts.recorded(None, 10)] == ["first"]
    assert await store[TEXT_OUTBOX].count({}) == 1


async def test_a_text_of_a_rolled_back_transaction_was_never_queued(
    store: Store, texts: Texts
) -> None:
    async def queue_and_fail() -> None:
        async with store.transaction():
            await texts.queue(a_text())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await queue_and_fail()

    assert await store[TEXT_OUTBOX].count({}) == 0


async def test_an_id_that_is_there_does_not_spoil_the_transaction(
    store: Store, texts: Texts
) -> None:
    await texts.queue(a_text("a"))

    async with store.transaction():
        await texts.queue(a_text("a"))
        await texts.queue(a_text("b"))

    assert await store[TEXT_OUTBOX].count({}) == 2


async def test_nothing_is_in_the_store_in_clear(
    store: Store, texts: Texts, worker: TextWorker
) -> None:
    mail = an_email(to="Mai.Ly@laocai.example")
    await texts.queue(a_text())
    await texts.queue(mail)
    queued = await everything_in(store)

    await worker.run_due()

    recorded = await everything_in(store)
    for secret in ("912345678", "123456", "Mai.Ly", "mai.ly", "Mã"):
        assert secret not in queued
        assert secret not in recorded


async def test_what_is_settled_keeps_no_content(
    store: Store, texts: Texts, worker: TextWorker, clock: MovableClock
) -> None:
    await texts.queue(a_text("sent"))
    await texts.queue(a_text("expired", expires_at=clock()))

    await worker.run_due()

    kept = await store[TEXT_OUTBOX].get_many(["sent", "expired"])
    assert [kept[name]["state"] for name in ("sent", "expired")] == ["sent", "expired"]
    assert all("content" not in document for document in kept.values())


async def test_a_text_moved_to_another_id_does_not_open(
    store: Store, texts: Texts, worker: TextWorker
) -> None:
    await texts.queue(a_text("a"))
    (document,) = await store[TEXT_OUTBOX].find({})
    await store[TEXT_OUTBOX].delete_one({"_id": "a"})
    await store[TEXT_OUTBOX].insert({**document, "_id": "b"})

    await worker.run_due()

    assert await texts.recorded(None, 10) == []


async def test_the_recorder_records_once_what_is_sent_twice(
    texts: Texts, recorder: TextRecorder
) -> None:
    message = a_text()
    await texts.queue(message)

    answers = [await recorder.send(message), await recorder.send(message)]

    assert answers == [Answer(Verdict.ACCEPTED)] * 2
    assert [one.message for one in await texts.recorded(None, 10)] == [message]


async def test_recordings_are_found_by_address_newest_first(
    texts: Texts, worker: TextWorker, clock: MovableClock
) -> None:
    for name, to in (("a", "Mai@laocai.example"), ("b", "lan@laocai.example")):
        await texts.queue(an_email(name, to))
        await worker.run_due()
        clock.advance(seconds=1)
    await texts.queue(an_email("c", "mai@laocai.example"))
    await worker.run_due()

    to_mai = await texts.recorded("mai@laocai.example", 10)
    newest = await texts.recorded(None, 2)

    assert [one.message.id for one in to_mai] == ["c", "a"]
    assert to_mai[1].message == an_email("a", "Mai@laocai.example")
    assert to_mai[1].recorded_at == clock() - timedelta(seconds=2)
    assert [one.message.id for one in newest] == ["c", "b"]


async def test_a_person_s_queued_and_recorded_texts_go(
    store: Store, texts: Texts, worker: TextWorker
) -> None:
    await texts.queue(a_text("recorded", person_id="mai"))
    await worker.run_due()
    await texts.queue(a_text("queued", person_id="mai"))
    await texts.queue(a_text("other", person_id="lan"))

    await texts.erase_person("mai")

    assert [document["_id"] for document in await store[TEXT_OUTBOX].find({})] == ["other"]
    assert await store[RECORDED_TEXTS].count({}) == 0


async def test_an_address_s_queued_and_recorded_texts_go(
    store: Store, texts: Texts, worker: TextWorker
) -> None:
    await texts.queue(a_text("recorded"))
    await worker.run_due()
    await texts.queue(a_text("queued"))
    await texts.queue(a_text("other", to="+84912345679"))

    await texts.erase_address("+84912345678")

    assert [document["_id"] for document in await store[TEXT_OUTBOX].find({})] == ["other"]
    assert await store[RECORDED_TEXTS].count({}) == 0


async def test_a_text_erased_while_it_is_on_its_way_is_not_recorded(
    store: Store, texts: Texts, recorder: TextRecorder
) -> None:
    message = a_text(person_id="mai")
    await texts.queue(message)
    await texts.erase_person("mai")

    answer = await recorder.send(message)

    assert answer == Answer(Verdict.REFUSED, "erased")
    assert await store[RECORDED_TEXTS].count({}) == 0


async def test_a_person_sees_what_is_kept_of_the_own_texts(
    store: Store, sealer: Sealer, texts: Texts, worker: TextWorker, clock: MovableClock
) -> None:
    queued_at = clock()
    sent = a_text("sent", person_id="mai")
    await texts.queue(sent)
    await worker.run_due()
    clock.advance(seconds=1)
    await texts.queue(a_text("expired", person_id="mai", expires_at=clock()))
    await worker.run_due()
    clock.advance(seconds=1)
    waiting = a_text("waiting", person_id="mai")
    await texts.queue(waiting)
    await texts.queue(a_text("not hers", person_id="lan"))

    kept = await texts.of_person("mai")

    assert [(text.id, text.state, text.message) for text in kept] == [
        ("sent", TextState.SENT, sent),  # by the recorder, which still has it
        ("expired", TextState.EXPIRED, None),
        ("waiting", TextState.QUEUED, waiting),
    ]
    assert [text.settled_at for text in kept] == [queued_at, clock.after(-1), None]
    assert kept[0].channel is Channel.SMS
    assert kept[0].queued_at == queued_at


async def test_a_text_whose_key_is_gone_is_shown_without_content(
    store: Store, texts: Texts, clock: MovableClock, tmp_path: Path
) -> None:
    await texts.queue(a_text(person_id="mai"))
    other = Sealer(KeyFile(tmp_path / "other.json"))

    (kept,) = await Texts(store, other, clock).of_person("mai")

    assert kept.message is None
