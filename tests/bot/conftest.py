from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.settings import Settings
from tests.bot.fake_rasa import FakeRasa, running_rasa
from tests.conftest import ROOT


@pytest.fixture
async def rasa() -> AsyncIterator[FakeRasa]:
    async with running_rasa() as fake:
        yield fake


@pytest.fixture
def bot_timeout_seconds() -> float:
    """A machine that is busy is no silent bot; a test in which it is silent says itself how soon that is seen."""
    return 10.0


@pytest.fixture
def settings(tmp_path: Path, rasa: FakeRasa, bot_timeout_seconds: float) -> Settings:
    return Settings(
        data_folder=tmp_path,
        contract_folder=ROOT / "graphql",
        bot_url=rasa.url,
        bot_timeout_seconds=bot_timeout_seconds,
        _env_file=None,  # type: ignore[call-arg] # pydantic-settings takes it, its stub does not say so
    )
