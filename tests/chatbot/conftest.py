from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.chatbot import running_bot
from tests.chatbot.fake_province import FakeProvince
from tests.chatbot.running_bot import RunningBot


@pytest.fixture(scope="session")
def trained() -> None:
    """Train the bot unless the stored model is current; skip where Rasa's environment is absent."""
    if not running_bot.PYTHON.exists():
        pytest.skip("chatbot/.venv is absent: run `make bot` (Rasa needs Python 3.10)")
    training = running_bot.run("chatbot/train.py")
    assert training.returncode == 0, training.stderr[-3000:]


@pytest.fixture(scope="session")
def _province_of_the_session() -> Iterator[FakeProvince]:
    fake = FakeProvince()
    server = fake.start()
    yield fake
    server.shutdown()
    server.server_close()


@pytest.fixture
def province(_province_of_the_session: FakeProvince) -> FakeProvince:
    _province_of_the_session.forget()
    return _province_of_the_session


@pytest.fixture(scope="session")
def _bot_of_the_session(
    trained: None, _province_of_the_session: FakeProvince, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningBot]:
    folder: Path = tmp_path_factory.mktemp("bot")
    with running_bot.running_bot(folder, _province_of_the_session.url) as bot:
        yield bot


@pytest.fixture
def bot(
    _bot_of_the_session: RunningBot, province: FakeProvince, request: pytest.FixtureRequest
) -> RunningBot:
    """The running bot, with a conversation of the test's own: it remembers what was said in one."""
    return replace(_bot_of_the_session, sender=request.node.name)
