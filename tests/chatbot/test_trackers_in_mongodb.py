import json
import subprocess
from collections.abc import Iterator

import pytest

from tests.chatbot import running_bot
from tests.chatbot.running_bot import ROOT

PEER_PYTHON = ROOT / ".venv-mongo" / "bin" / "python"
WORDS = "what-nobody-may-keep"
EVENTS_AT_MOST = 60
EVENTS_OF_A_TURN = 5


@pytest.fixture(scope="module")
def mongodb_url() -> Iterator[str]:
    if not PEER_PYTHON.exists():
        pytest.skip(".venv-mongo is absent: run `make peer` (it needs Python 3.13)")
    peer = subprocess.Popen(
        [PEER_PYTHON, ROOT / "tests/store/peer/serve.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert peer.stdout is not None
    yield peer.stdout.readline().strip()
    peer.communicate(timeout=20)


def test_a_long_dialogue_is_cut_and_forgets_the_person(mongodb_url: str) -> None:
    if not running_bot.PYTHON.exists():
        pytest.skip("chatbot/.venv is absent: run `make bot` (Rasa needs Python 3.10)")

    script = running_bot.run(
        "tests/chatbot/keep_a_dialogue.py",
        WORDS,
        LAOCAI_MONGODB_URL=mongodb_url,
        PYTHONPATH=str(ROOT / "chatbot"),
    )

    assert script.returncode == 0, script.stderr[-3000:]
    result = json.loads(script.stdout.splitlines()[-1])
    assert WORDS not in script.stdout
    assert "greet" in script.stdout
    assert 0 < result["loaded"] <= EVENTS_AT_MOST + EVENTS_OF_A_TURN


def test_dialogues_are_forgotten_when_told_to_and_after_a_month(mongodb_url: str) -> None:
    if not running_bot.PYTHON.exists():
        pytest.skip("chatbot/.venv is absent: run `make bot` (Rasa needs Python 3.10)")

    script = running_bot.run(
        "tests/chatbot/forget_dialogues.py",
        LAOCAI_MONGODB_URL=mongodb_url,
        LAOCAI_MONGODB_DATABASE="forgetting",
        PYTHONPATH=str(ROOT / "chatbot"),
    )

    assert script.returncode == 0, script.stderr[-3000:]
    kept = json.loads(script.stdout.splitlines()[-1])
    assert kept == [["kept", "new", "old"], ["kept", "new"], ["new"]]
