import json
import re
import sqlite3
from pathlib import Path

import pytest

from tests.chatbot.fake_province import FakeProvince, connection, place
from tests.chatbot.running_bot import POSITION, TICKET, RunningBot, run

EVENTS_AT_MOST = 60
EVENTS_OF_A_TURN = 7


def stored(bot: RunningBot, sender: str) -> list[dict[str, object]]:
    with sqlite3.connect(bot.trackers) as trackers:
        rows = trackers.execute("SELECT data FROM events WHERE sender_id = ?", (sender,))
        return [json.loads(row[0]) for row in rows]


def test_the_tracker_keeps_the_meaning_and_nothing_of_the_person(
    bot: RunningBot, province: FakeProvince
) -> None:
    province.answers["Places"] = {"places": connection(place(distance=1234.0))}

    bot.say("any waterfalls nearby? I am Nguyen Van A", sender="secretive", position=POSITION)

    events = stored(bot, "secretive")
    # Seconds since 1970 are no position, though they may end in the same digits.
    kept = json.dumps([{**event, "timestamp": None} for event in events])
    assert "find_nearby" in kept
    for secret in (TICKET, "22.33", "103.84", "Nguyen", "I am", "1.2 km"):
        assert secret not in kept


def test_what_people_write_is_not_logged(bot: RunningBot) -> None:
    log = bot.log.read_text()

    for secret in (TICKET, "Nguyen", "103.84"):
        assert secret not in log


def test_a_long_conversation_is_cut(bot: RunningBot) -> None:
    for _ in range(16):
        assert bot.text("hello", sender="talkative").startswith("Hello!")

    assert len(stored(bot, "talkative")) <= EVENTS_AT_MOST + EVENTS_OF_A_TURN


def test_both_programs_listen_on_loopback_only(bot: RunningBot) -> None:
    tables = [table for table in map(Path, ("/proc/net/tcp", "/proc/net/tcp6")) if table.exists()]
    if not tables:
        pytest.skip("this system shows no table of listening sockets under /proc")
    listening = [
        line.split()[1]
        for table in tables
        for line in table.read_text().splitlines()[1:]
        if line.split()[3] == "0A"
    ]

    for port in (bot.port, bot.actions_port):
        addresses = {
            entry.split(":")[0] for entry in listening if int(entry.split(":")[1], 16) == port
        }
        assert addresses == {"0100007F"}


def test_a_tracker_store_that_cannot_be_imported_stops_the_start(
    trained: None, tmp_path: Path
) -> None:
    endpoints = (Path("chatbot") / "endpoints.yml").read_text()
    wrong = re.sub(r"DiscreetSQLTrackerStore", "NoSuchStore", endpoints)
    (tmp_path / "endpoints.yml").write_text(wrong)

    start = run(
        "chatbot/serve.py",
        "bot",
        LAOCAI_BOT_ENDPOINTS=str(tmp_path / "endpoints.yml"),
        LAOCAI_DATA_FOLDER=str(tmp_path),
    )

    assert start.returncode == 1
    assert "cannot make the tracker store components.tracker_store.NoSuchStore" in start.stderr


def test_training_is_spared_when_nothing_changed(trained: None) -> None:
    training = run("chatbot/train.py")

    assert training.stdout == "The bot's model is up to date.\n"
