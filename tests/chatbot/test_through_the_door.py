"""The whole way of a message: GraphQL, the bot, its actions, and the API again."""

from pathlib import Path

import httpx
import pytest

from api.settings import Settings
from tests.bot.chats import SA_PA, say, texts
from tests.chatbot.fake_province import FakeProvince, connection, place
from tests.chatbot.running_bot import RunningBot
from tests.conftest import ROOT


@pytest.fixture
def settings(tmp_path: Path, bot: RunningBot) -> Settings:
    return Settings(
        data_folder=tmp_path, contract_folder=ROOT / "graphql", bot_url=bot.url, _env_file=None
    )


async def test_a_phone_is_answered_by_the_real_bot(
    client: httpx.AsyncClient, province: FakeProvince
) -> None:
    province.answers["Places"] = {"places": connection(place(distance=1234.0))}

    result = await say(client, "có thác nào gần đây không", reader="vi", position=SA_PA)

    assert result["answeredBy"] == "BOT"
    assert result["replies"] == [
        {
            "text": "Gần bạn:\n• Silver Waterfall: 1,2 km",
            "language": "vi",
            "links": [{"title": "Bản đồ: Silver Waterfall", "url": "geo:22.362,103.777"}],
            "choices": [],
            "steps": [],
            "points": [
                {
                    "name": "Silver Waterfall",
                    "position": {"latitude": 22.362, "longitude": 103.777},
                }
            ],
        }
    ]


async def test_a_slash_does_not_reach_into_the_dialogue(client: httpx.AsyncClient) -> None:
    result = await say(client, "/restart")

    # As a command it would be carried out in silence, and the fallback would answer.
    assert result["answeredBy"] == "BOT"


async def test_a_conversation_answers_turn_by_turn(
    client: httpx.AsyncClient, province: FakeProvince
) -> None:
    first = await say(client, "你好", reader="zh-CN")

    second = await say(client, "着火了", reader="zh-CN", conversationId=first["conversation"]["id"])

    assert texts(first)[0].startswith("您好！")
    assert texts(second)[0].startswith("114：")
    assert second["replies"][0]["links"][0] == {"title": "拨打114，消防救援", "url": "tel:114"}
