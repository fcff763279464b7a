"""Somebody who talked to the real bot leaves, and its trackers know nothing of them."""

from pathlib import Path

import httpx
import pytest

from api.context import Services
from api.settings import Settings
from tests.accounts.exporting import run_jobs
from tests.accounts.families import person_id_of
from tests.accounts.people import signed_in
from tests.accounts.test_leaving import leave
from tests.accounts.traces import files_with
from tests.bot.test_personal_data import say_as
from tests.chatbot.running_bot import RunningBot
from tests.conftest import ROOT, MovableClock

CANARY = "canary 0417"


@pytest.fixture
def settings(tmp_path: Path, bot: RunningBot) -> Settings:
    """The API beside the bot: both find one secret in the data folder that they share."""
    secret = bot.trackers.parent / "bot-secret"
    if not secret.exists():
        secret.write_text("the-secret-of-the-api-and-the-bot-alone")
    return Settings(
        data_folder=tmp_path,
        contract_folder=ROOT / "graphql",
        bot_url=bot.url,
        bot_secret=secret.read_text(),
        _env_file=None,
    )


async def test_an_account_that_is_erased_empties_its_trackers(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, bot: RunningBot
) -> None:
    person = await signed_in(client, services)
    person_id = await person_id_of(services, person)
    conversation = await say_as(client, person, f"hello, I am {CANARY}")
    folder = bot.trackers.parent
    before = files_with(folder, {conversation, person_id, CANARY})

    await leave(client, person)
    clock.advance(minutes=1)
    await run_jobs(services, clock)

    assert set().union(*before.values()) == {conversation}
    assert files_with(folder, {conversation, person_id, CANARY}) == {}
