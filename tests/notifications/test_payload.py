"""What FCM is asked to deliver, platform by platform, and within its bounds."""

from datetime import timedelta
from typing import Any

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notifications.devices import Platform, Registration, RegistrationKind
from notifications.notice import Notice, Priority, Text
from notifications.payload import PAYLOAD_BYTES_AT_MOST, Payload
from notifications.shortening import shortened
from tests.conftest import NOW
from tests.notifications.factories import a_notice

TOKEN = Registration(RegistrationKind.TOKEN, "a-registration-token")


def message_for(notice: Notice, platform: Platform, language: str = "vi") -> dict[str, Any]:
    body = Payload(notice, language, platform, NOW).addressed_to(TOKEN)
    message: dict[str, Any] = orjson.loads(body)["message"]
    assert message.pop("token") == TOKEN.value
    return message


def test_an_android_message() -> None:
    assert message_for(a_notice(priority=Priority.EXTREME), Platform.ANDROID) == {
        "data": {"alert": "flood-1", "noticeId": "flood-1"},
        "notification": {"title": "Lũ quét", "body": "Lên chỗ cao."},
        "android": {
            "collapse_key": "flood",
            "priority": "high",
            "ttl": "21600s",
            "notification": {
                "tag": "flood",
                "channel_id": "warnings_extreme",
                "visibility": "PUBLIC",
            },
        },
    }


def test_an_ios_message() -> None:
    assert message_for(a_notice(), Platform.IOS, "en") == {
        "data": {"alert": "flood-1", "noticeId": "flood-1"},
        "notification": {"title": "Flood", "body": "Go up."},
        "apns": {
            "headers": {
                "apns-priority": "10",
                "apns-expiration": str(int((NOW + timedelta(hours=6)).timestamp())),
                "apns-collapse-id": "flood",
            },
            "payload": {
                "aps": {
                    "thread-id": "flood",
                    "sound": "default",
                    "interruption-level": "time-sensitive",
                }
            },
        },
    }


def test_a_web_message() -> None:
    message = message_for(a_notice(priority=Priority.NORMAL), Platform.WEB)

    topic = message["webpush"]["headers"].pop("Topic")
    assert message == {
        "data": {"alert": "flood-1", "noticeId": "flood-1"},
        "notification": {"title": "Lũ quét", "body": "Lên chỗ cao."},
        "webpush": {
            "headers": {"TTL": "21600", "Urgency": "normal"},
            "notification": {"tag": "flood", "renotify": True, "lang": "vi"},
        },
    }
    assert len(topic) <= 32
    assert topic.isalnum()


def test_only_what_is_urgent_breaks_through_focus_on_ios() -> None:
    levels = {
        priority: message_for(a_notice(priority=priority), Platform.IOS)["apns"]["payload"]["aps"][
            "interruption-level"
        ]
        for priority in Priority
    }

    assert levels == {
        Priority.EXTREME: "time-sensitive",
        Priority.SEVERE: "time-sensitive",
        Priority.NORMAL: "active",
    }


def test_a_later_notice_of_a_long_thread_still_replaces_the_earlier_one() -> None:
    thread = "urn:oid:2.49.0.0.704." + "0" * 80
    first = message_for(a_notice("a", thread=thread), Platform.IOS)["apns"]["headers"]
    second = message_for(a_notice("b", thread=thread), Platform.IOS)["apns"]["headers"]

    assert first["apns-collapse-id"] == second["apns-collapse-id"]
    assert len(first["apns-collapse-id"].encode()) <= 64


@pytest.mark.parametrize(
    ("asked", "available", "given_language"),
    [
        ("ko", ["vi", "en", "ko"], "ko"),
        ("ko", ["fr", "en", "vi"], "vi"),
        ("ko", ["fr", "en"], "en"),
        ("ko", ["fr", "ja"], "fr"),
    ],
)
def test_a_device_gets_its_language_else_vietnamese_else_english_else_the_first(
    asked: str, available: list[str], given_language: str
) -> None:
    texts = {language: Text(language, language) for language in available}

    payload = Payload(a_notice(texts=texts), asked, Platform.ANDROID, NOW)

    assert payload.language == given_language
    assert payload.text == texts[given_language]


def test_an_installation_id_is_addressed_as_one() -> None:
    body = Payload(a_notice(), "vi", Platform.ANDROID, NOW).addressed_to(
        Registration(RegistrationKind.FID, "an-installation-id")
    )

    message = orjson.loads(body)["message"]
    assert message["fid"] == "an-installation-id"
    assert "token" not in message


@pytest.mark.parametrize("platform", Platform)
@pytest.mark.parametrize(
    "sentence", ["Mưa rất to, có nguy cơ lũ quét và sạt lở đất. ", "有山洪和山体滑坡的危险。"]
)
def test_a_long_body_is_shortened_to_the_bound(platform: Platform, sentence: str) -> None:
    notice = a_notice(texts={"vi": Text("Lũ quét", sentence * 300)})

    message = message_for(notice, platform)

    body = message["notification"]["body"]
    room = PAYLOAD_BYTES_AT_MOST - len(orjson.dumps(message))
    assert body.endswith("…")
    assert (sentence * 300).startswith(body[:-1])
    assert 0 <= room < 80
    assert message["notification"]["title"] == "Lũ quét"


def test_what_json_writes_longer_counts_as_it_is_written() -> None:
    notice = a_notice(texts={"vi": Text("Lũ quét", '"\\\n\u0007' * 1_000)})

    message = message_for(notice, Platform.ANDROID)

    assert len(message["notification"]["body"]) > 1_000
    assert len(orjson.dumps(message)) <= PAYLOAD_BYTES_AT_MOST


def test_a_title_without_end_leaves_room_for_the_body() -> None:
    notice = a_notice(texts={"vi": Text("Lũ quét " * 900, "Lên chỗ cao. " * 900)})

    message = message_for(notice, Platform.ANDROID)

    assert len(message["notification"]["title"].encode()) <= 400
    assert len(message["notification"]["body"].encode()) > 3_000
    assert len(orjson.dumps(message)) <= PAYLOAD_BYTES_AT_MOST


def test_a_body_that_fits_beside_a_title_that_is_cut_is_whole() -> None:
    body = "가" * 1_100
    notice = a_notice(texts={"vi": Text("나" * 300, body)})

    assert message_for(notice, Platform.ANDROID)["notification"]["body"] == body


def test_a_short_body_is_left_as_it_is() -> None:
    assert shortened("Lên chỗ cao.", 100) == "Lên chỗ cao."


def test_words_stay_whole() -> None:
    assert shortened("Rời khỏi suối ngay lập tức", 25) == "Rời khỏi suối…"


def test_text_without_spaces_is_cut_between_characters() -> None:
    assert shortened("有山洪和山体滑坡的危险", 20) == "有山洪和山…"


@given(st.text(max_size=200), st.integers(0, 300))
@example("e\u0301" * 20, 10)
@example("👨\u200d👩\u200d👧" * 5, 20)
@settings(deadline=None)
def test_a_shortened_text_fits_and_is_a_beginning(text: str, bytes_at_most: int) -> None:
    short = shortened(text, bytes_at_most)

    assert len(short.encode()) <= bytes_at_most or short == text == ""
    assert short == text or text.startswith(short.removesuffix("…"))


def test_no_letter_loses_its_mark() -> None:
    decomposed = "e\u0301" * 20

    cuts = [shortened(decomposed, size).removesuffix("…") for size in range(3, 59)]

    assert all(len(cut) % 2 == 0 for cut in cuts)
