from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.chatbot.fake_province import FakeProvince, alert, connection, market, place, text
from tests.chatbot.running_bot import POSITION, ROOT, TICKET, RunningBot

OPERATIONS = ROOT / "graphql" / "operations"


def published(name: str) -> str:
    return Path(OPERATIONS / f"{name}.graphql").read_text()


def today_in_vietnam() -> datetime:
    return datetime.now(UTC).astimezone(timezone(timedelta(hours=7)))


@pytest.mark.parametrize(
    ("language", "greeting", "answer"),
    [
        ("vi", "chào bạn", "Xin chào!"),
        ("en", "hello", "Hello!"),
        ("zh-Hans", "你好", "您好！"),
        ("fr", "bonjour", "Bonjour !"),
        ("ko", "안녕하세요", "안녕하세요!"),
        ("ja", "こんにちは", "こんにちは！"),
    ],
)
def test_a_greeting_is_answered_in_the_readers_language(
    bot: RunningBot, language: str, greeting: str, answer: str
) -> None:
    assert bot.text(greeting, language).startswith(answer)


def test_a_place_is_described_from_the_api(bot: RunningBot, province: FakeProvince) -> None:
    province.answers["Place"] = {
        "place": place(
            "P001",
            "Fansipan summit",
            description=text("The highest peak."),
            altitude=3143.0,
            openingNote=text("Keeps cable-car hours."),
        )
    }

    replies = bot.say("fanxipan cao bao nhieu", "en")

    assert replies[0]["text"] == (
        "About Fansipan summit:\n"
        "The highest peak.\n"
        "Where: Ngu Chi Son Commune\n"
        "Altitude: 3,143 m\n"
        "Opening: Keeps cable-car hours.\n"
        "Its position on the map may be 300 m off: enough for a visit, not for rescue."
    )
    assert replies[1]["custom"] == {
        "links": [{"title": "Map: Fansipan summit", "url": "geo:22.362,103.777"}],
        "points": [{"name": "Fansipan summit", "latitude": 22.362, "longitude": 103.777}],
    }


def test_the_published_document_is_sent_with_ticket_and_language(
    bot: RunningBot, province: FakeProvince
) -> None:
    bot.say("fansipan", "ko")

    request = province.asked("Place")

    assert request.document == published("tourism/Place")
    assert request.variables == {"id": "P001"}
    assert request.headers["authorization"] == f"Bearer {TICKET}"
    assert request.headers["accept-language"] == "ko"


def test_a_name_that_may_be_several_places_is_asked_back(
    bot: RunningBot, province: FakeProvince
) -> None:
    province.answers["Places"] = {
        "places": connection(place("P014", "Ta Van village"), place("P099", "Ta Van bridge"))
    }

    province.answers["Place"] = {"place": None}

    answer = bot.text("tell me about Tả Van")

    assert answer == (
        "Do you mean one of these?\n"
        "• Ta Van village (Ngu Chi Son Commune)\n"
        "• Ta Van bridge (Ngu Chi Son Commune)"
    )
    assert province.asked("Places").variables["search"] == "Tả Van"


def test_places_near_the_reader_come_with_distances(
    bot: RunningBot, province: FakeProvince
) -> None:
    province.answers["Places"] = {"places": connection(place(distance=1234.0))}

    answer = bot.text("gần đây có thác nào không", "vi", position=POSITION)

    assert answer == "Gần bạn:\n• Silver Waterfall: 1,2 km"
    variables = province.asked("Places").variables
    assert variables["near"] == POSITION
    assert variables["categories"] == ["WATERFALL"]


def test_a_named_commune_counts_more_than_the_position(
    bot: RunningBot, province: FakeProvince
) -> None:
    centre = {"latitude": 22.525, "longitude": 104.31}
    commune = {"code": "02839", "name": text("Bac Ha Commune"), "position": centre}
    province.answers["Communes"] = {"communes": connection(commune)}
    province.answers["Places"] = {"places": connection(place(distance=800.0))}

    answer = bot.text("what is near Bac Ha", "en", position=POSITION)

    assert answer == "Near Bac Ha Commune:\n• Silver Waterfall: 800 m"
    assert province.asked("Places").variables["near"] == centre


def test_without_a_position_the_bot_says_so_and_answers_for_the_province(
    bot: RunningBot, province: FakeProvince
) -> None:
    province.answers["Places"] = {"places": connection(place())}

    answer = bot.text("what is near me")

    assert answer == (
        "I do not know where you are: share your position or name a place. Somewhere in the province:\n"
        "• Silver Waterfall (Ngu Chi Son Commune)"
    )


def test_what_the_data_does_not_hold_is_not_made_up(
    bot: RunningBot, province: FakeProvince
) -> None:
    answer = bot.text("is there a restaurant near me", position=POSITION)

    assert answer.startswith("I have no list of places to eat, sleep, shop")
    assert province.requests == []


def test_warnings_where_the_reader_is_are_told_with_their_end(
    bot: RunningBot, province: FakeProvince
) -> None:
    province.answers["ActiveAlerts"] = {"activeAlerts": connection(alert())}

    replies = bot.say("any weather warnings", "en", position=POSITION)

    assert replies[0]["text"].replace("\u202f", " ") == (
        "Warnings in force where you are:\n"
        "⚠ Flash floods in Sa Pa, until 5/24/26, 6:00 PM\n"
        "Leave the stream banks.\n"
        "Go to high ground."
    )
    assert [link["url"] for link in replies[1]["custom"]["links"]] == [
        "https://example.org/warning",
        "tel:112",
    ]
    assert province.asked("ActiveAlerts").variables["at"] == POSITION


def test_no_warning_is_not_sold_as_good_weather(bot: RunningBot, province: FakeProvince) -> None:
    province.answers["ActiveAlerts"] = {"activeAlerts": connection()}

    answer = bot.text("is there a storm warning for the whole province")

    assert answer.startswith("No warning is in force anywhere in the province (")
    assert "I know no forecast" in answer


def test_warnings_that_cannot_be_reached_are_no_all_clear(
    bot: RunningBot, province: FakeProvince
) -> None:
    replies = bot.say("any weather warnings", "en", position=POSITION)

    assert "This does not mean that all is clear" in replies[0]["text"]
    assert replies[1]["custom"]["links"] == [
        {"title": "Call 112, search and rescue", "url": "tel:112"}
    ]


def test_an_api_that_does_not_answer_is_owned_up_to(
    bot: RunningBot, province: FakeProvince
) -> None:
    assert bot.text("tell me about Fansipan") == (
        "I cannot reach my information right now. Please ask again in a few minutes."
    )


def test_a_named_market_is_answered_with_its_days(bot: RunningBot, province: FakeProvince) -> None:
    province.answers["Place"] = {
        "place": place("P055", "Chợ Bắc Hà", markets=[market("Chợ Bắc Hà")])
    }
    today = today_in_vietnam().date()
    sunday = today + timedelta(days=(6 - today.weekday()) % 7)

    answer = bot.text("cho bac ha hop ngay nao", "vi")

    assert answer.startswith("Chợ Bắc Hà họp vào Chủ Nhật; phiên tới: Chủ Nhật, ")
    assert f"{sunday.day} tháng {sunday.month}, {sunday.year}" in answer


def test_a_named_weekday_is_the_coming_one(bot: RunningBot, province: FakeProvince) -> None:
    province.answers["MarketsOn"] = {"marketsOn": connection(market())}
    today = today_in_vietnam().date()
    saturday = today + timedelta(days=(5 - today.weekday()) % 7)

    answer = bot.text("which markets are on saturday")

    assert province.asked("MarketsOn").variables["date"] == saturday.isoformat()
    assert answer.startswith(f"Markets on Saturday, {saturday:%B} {saturday.day}, {saturday.year}:")
    assert "• Bac Ha market (Bac Ha Commune)" in answer


def test_a_written_date_is_the_coming_one(bot: RunningBot, province: FakeProvince) -> None:
    province.answers["MarketsOn"] = {"marketsOn": connection()}
    today = today_in_vietnam().date()
    year = today.year if (today.month, today.day) <= (8, 15) else today.year + 1

    bot.text("8月15日哪里有集市", "zh-Hans")

    assert province.asked("MarketsOn").variables["date"] == f"{year}-08-15"


def test_a_weekend_is_two_days(bot: RunningBot, province: FakeProvince) -> None:
    province.answers["MarketsOn"] = {"marketsOn": connection()}

    answer = bot.text("quels marchés y a-t-il ce week-end", "fr")

    assert answer.count("Je ne connais aucun marché le") == 2
    assert "samedi" in answer
    assert "dimanche" in answer
