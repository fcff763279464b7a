"""Of what was found in a message stays what it is answered as."""

import json

from tests.chatbot import running_bot
from tests.chatbot.running_bot import ROOT


def test_a_cry_in_doubt_keeps_what_the_likelier_intent_reads() -> None:
    script = running_bot.run("tests/chatbot/choose_entities.py", PYTHONPATH=str(ROOT / "chatbot"))

    assert script.returncode == 0, script.stderr[-3000:]
    in_doubt, certain = json.loads(script.stdout.splitlines()[-1])
    assert in_doubt == ["problem", "emergency"]
    assert certain == ["emergency"]
