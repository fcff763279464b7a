from datetime import timedelta

import httpx
import pytest

from api.context import Services
from tests.bot.chats import SA_PA, say, texts
from tests.bot.fake_rasa import FakeRasa, always
from tests.conftest import MovableClock


async def test_a_message_is_answered_by_the_bot(client: httpx.AsyncClient, rasa: FakeRasa) -> None:
    links = [{"title": "Call 115, ambulance", "url": "tel:115"}]
    parts = {
        "links": links,
        "choices": ["Send SOS", " "],
        "steps": ["RAISE_SOS", "UNHEARD_OF"],
        "points": [{"name": "Here", **SA_PA}, {"name": "Nowhere", "latitude": 91, "longitude": 0}],
    }
    rasa.reply = always([{"text": "115: call now."}, {"custom": parts}, {"text": "More."}])

    result = await say(client, "help")

    assert result == {
        "__typename": "SendChatMessageSuccess",
        "conversation": {"id": result["conversation"]["id"]},
        "replies": [
            {
                "text": "115: call now.",
                "language": "en",
                "links": links,
                "choices": [{"title": "Send SOS"}],
                "steps": ["RAISE_SOS"],
                "points": [{"name": "Here", "position": SA_PA}],
            },
            {
                "text": "More.",
                "language": "en",
                "links": [],
                "choices": [],
                "steps": [],
                "points": [],
            },
        ],
        "answeredBy": "BOT",
    }


async def test_the_server_sets_sender_language_and_ticket(
    client: httpx.AsyncClient, rasa: FakeRasa, services: Services, clock: MovableClock
) -> None:
    result = await say(client, "gần đây có gì", reader="vi-VN", position=SA_PA)

    sent = rasa.received[0]
    conversation = result["conversation"]["id"]
    assert sent["sender"] == conversation
    assert sent["metadata"]["language"] == "vi"
    assert sent["metadata"]["position"] == SA_PA
    ticket = services.tickets.read(sent["metadata"]["ticket"])
    assert ticket is not None
    assert ticket.subject == conversation
    assert ticket.expires_at == clock() + timedelta(minutes=2)


async def test_each_message_carries_a_ticket_of_its_own(
    client: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    await say(client, "one")
    await say(client, "two")

    first, second = (message["metadata"]["ticket"] for message in rasa.received)
    assert first != second


async def test_a_conversation_goes_on_under_its_id(
    client: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    first = await say(client, "hello")

    second = await say(client, "again", conversationId=first["conversation"]["id"])

    assert second["conversation"] == first["conversation"]
    assert rasa.received[0]["sender"] == rasa.received[1]["sender"]


async def test_without_an_id_a_new_conversation_begins(client: httpx.AsyncClient) -> None:
    first = await say(client, "hello")

    second = await say(client, "hello")

    assert first["conversation"] != second["conversation"]


@pytest.mark.parametrize(
    ("asked", "reader", "answered"),
    [
        (None, "fr-CA,fr;q=0.9", "fr"),
        ("ko", "fr", "ko"),
        ("zh-TW", "en", "zh-Hans"),
        (None, "de", "en"),
    ],
)
async def test_the_asked_language_counts_more_than_accept_language(
    client: httpx.AsyncClient, rasa: FakeRasa, asked: str | None, reader: str, answered: str
) -> None:
    result = await say(client, "hi", reader=reader, language=asked)

    assert rasa.received[0]["metadata"]["language"] == answered
    assert result["replies"][0]["language"] == answered


@pytest.mark.parametrize(
    ("written", "received"),
    [
        ("/restart", "restart"),
        ("  //  / emergency", "emergency"),
        ("\u200b/\ufeff\u2060/greet", "greet"),
        ("\u3164/greet", "greet"),
        ("\x1b/greet\x07", "greet"),
        ("15/8 có chợ không", "15/8 có chợ không"),
        ("cho\u031b\u0323", "chợ"),
        ("two\nlines\t here", "two lines here"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ],
)
async def test_rasa_gets_composed_text_without_commands(
    client: httpx.AsyncClient, rasa: FakeRasa, written: str, received: str
) -> None:
    await say(client, written)

    assert rasa.texts() == [received]


async def test_a_message_of_1000_characters_is_taken(
    client: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    result = await say(client, "chợ" * 333 + "!")

    assert result["answeredBy"] == "BOT"
    assert len(rasa.texts()[0]) == 1_000


async def test_links_other_than_to_call_map_and_web_are_dropped(
    client: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    links = [{"title": "x", "url": "javascript:alert(1)"}, {"title": "y", "url": "geo:22.3,103.8"}]
    rasa.reply = always([{"text": "Here."}, {"custom": {"links": links}}])

    result = await say(client, "where")

    assert result["replies"][0]["links"] == [{"title": "y", "url": "geo:22.3,103.8"}]


async def test_several_texts_keep_their_order(client: httpx.AsyncClient, rasa: FakeRasa) -> None:
    rasa.reply = always([{"text": "one"}, {"text": "two"}, {"text": "three"}])

    assert texts(await say(client, "count")) == ["one", "two", "three"]
