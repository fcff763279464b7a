"""The bot forgets a dialogue when our API says so, and whatever is a month old."""

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.chatbot.running_bot import ROOT, RunningBot, run
from tests.chatbot.test_discretion import stored

SECRET = "a-secret-of-the-api-and-the-bot-alone"  # noqa: S105 - of this test


def forget(bot: RunningBot, sender: str, authorization: str | None) -> int:
    """Ask the bot to forget; return the status of its answer."""
    headers = {"authorization": authorization} if authorization else {}
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{bot.url}/webhooks/laocai/conversations/{sender}", headers=headers, method="DELETE"
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310 - loopback
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.fixture
def secret(bot: RunningBot) -> str:
    """The secret, as the API makes it in the data folder that both share."""
    (bot.trackers.parent / "bot-secret").write_text(SECRET)
    return SECRET


def found_in_files(bot: RunningBot, text: str) -> int:
    folder = bot.trackers.parent
    files = [file for file in folder.iterdir() if file.name.startswith(bot.trackers.name)]
    return sum(file.read_bytes().count(text.encode()) for file in files)


def test_a_dialogue_is_forgotten_to_the_last_byte(bot: RunningBot, secret: str) -> None:
    bot.say("hello", sender="somebody-who-leaves")
    bot.say("hello", sender="somebody-who-stays")
    before = found_in_files(bot, "somebody-who-leaves")

    status = forget(bot, "somebody-who-leaves", f"Bearer {secret}")

    assert status == 204
    assert before > 0
    assert found_in_files(bot, "somebody-who-leaves") == 0
    assert len(stored(bot, "somebody-who-stays")) > 0


def test_what_was_never_said_is_forgotten_too(bot: RunningBot, secret: str) -> None:
    assert forget(bot, "nobody", f"Bearer {secret}") == 204


@pytest.mark.parametrize(
    "authorization", [None, "Bearer ", "Bearer wrong", f"Basic {SECRET}", f"Bearer {SECRET}x"]
)
def test_who_does_not_know_the_secret_is_refused(
    bot: RunningBot, secret: str, authorization: str | None
) -> None:
    bot.say("hello", sender="guarded")

    status = forget(bot, "guarded", authorization)

    assert status == 403
    assert len(stored(bot, "guarded")) > 0


def test_without_a_secret_nobody_is_obeyed(bot: RunningBot, secret: str) -> None:
    bot.say("hello", sender="guarded-still")
    file = bot.trackers.parent / "bot-secret"
    file.unlink()

    status = forget(bot, "guarded-still", f"Bearer {secret}")

    assert status == 403
    assert len(stored(bot, "guarded-still")) > 0


def test_dialogues_of_a_month_ago_are_forgotten(trained: None, tmp_path: Path) -> None:
    script = run(
        "tests/chatbot/forget_dialogues.py",
        LAOCAI_DATA_FOLDER=str(tmp_path),
        PYTHONPATH=str(ROOT / "chatbot"),
    )

    assert script.returncode == 0, script.stderr[-3000:]
    kept = json.loads(script.stdout.splitlines()[-1])
    assert kept == [["kept", "new", "old"], ["kept", "new"], ["new"]]
