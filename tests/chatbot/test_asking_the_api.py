"""How the bot's actions ask our API."""

import asyncio
import runpy
from collections.abc import AsyncIterator

import kept_connections
import pytest
from actions import province
from actions.province import ApiProvince
from aiohttp import web
from dialogue.province import ProvinceUnreachable

PLACES, KEEP_WORDS = "tourism/Places", "bot/KeepChatWords"


class CountingApi:
    """Answers each request with how many came before it."""

    def __init__(self) -> None:
        self.documents: list[str] = []
        self.tickets: list[str | None] = []
        self.peers: set[object] = set()
        self.answers_after_seconds = 0.0

    async def answer(self, request: web.Request) -> web.Response:
        self.documents.append((await request.json())["query"].split()[1].partition("(")[0])
        self.tickets.append(request.headers.get("authorization"))
        assert request.transport is not None
        self.peers.add(request.transport.get_extra_info("peername"))
        await asyncio.sleep(self.answers_after_seconds)
        answered = web.json_response({"data": {"order": len(self.documents)}})
        answered.set_cookie("session", "of somebody")
        return answered


@pytest.fixture
async def api(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[CountingApi]:
    counting = CountingApi()
    app = web.Application()
    app.router.add_post("/graphql", counting.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    monkeypatch.setenv("LAOCAI_API_URL", "http://{}:{}".format(*runner.addresses[0][:2]))
    yield counting
    await kept_connections.close()
    await runner.cleanup()


async def test_a_question_of_one_message_is_asked_once(api: CountingApi) -> None:
    province = ApiProvince("a ticket")

    first = await province.ask(PLACES, {"first": 3}, language="vi")
    again = await province.ask(PLACES, {"first": 3}, language="vi")

    assert first == again == {"order": 1}
    assert api.documents == ["Places"]


@pytest.mark.parametrize("change", [{"variables": {"first": 4}}, {"language": "ko"}])
async def test_another_question_is_asked(api: CountingApi, change: dict[str, object]) -> None:
    province = ApiProvince("a ticket")
    question = {"operation": PLACES, "variables": {"first": 3}, "language": "vi"}
    await province.ask(**question)

    assert await province.ask(**{**question, **change}) == {"order": 2}


async def test_what_is_done_is_done_each_time_and_asked_about_anew(api: CountingApi) -> None:
    province = ApiProvince("a ticket")
    await province.ask(PLACES, {}, language="vi")

    for _ in range(2):
        await province.ask(KEEP_WORDS, {}, language="vi")
    after = await province.ask(PLACES, {}, language="vi")

    assert api.documents == ["Places", "KeepChatWords", "KeepChatWords", "Places"]
    assert after == {"order": 4}


async def test_messages_share_a_connection_and_nothing_else(api: CountingApi) -> None:
    for ticket in ("one", "other", None):
        assert await ApiProvince(ticket).ask(PLACES, {}, language="vi")

    assert api.tickets == ["Bearer one", "Bearer other", None]
    assert len(api.documents) == 3
    assert len(api.peers) == 1
    assert len(kept_connections.session().cookie_jar) == 0


@pytest.mark.parametrize(("seconds", "is_awaited"), [("60", True), ("0.1", False)])
async def test_the_api_is_waited_for_as_long_as_is_set(
    api: CountingApi, monkeypatch: pytest.MonkeyPatch, seconds: str, is_awaited: bool
) -> None:
    monkeypatch.setenv("LAOCAI_BOT_API_TIMEOUT_SECONDS", seconds)
    begun_anew = runpy.run_path(str(province.__file__))["ApiProvince"](None)
    api.answers_after_seconds = 1.0

    try:
        came = await begun_anew.ask(PLACES, {}, language="vi") == {"order": 1}
    except ProvinceUnreachable:
        came = False

    assert came is is_awaited
