"""Whatever fails, neither program logs what a person wrote, where they are, or their ticket."""

import json
import logging
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from discreet_records import keep_errors_out_of_records

from tests.chatbot.fake_province import FakeProvince, connection
from tests.chatbot.running_bot import TICKET, RunningBot, running_bot

WORDS = "canary of the words"
POSITION = {"latitude": 22.417639, "longitude": 103.906418}
SECRETS = (WORDS, "canary", "22.417639", "103.906418", TICKET)


def told_in(log: Path) -> list[str]:
    """Return what the log should not hold and does."""
    text = log.read_text()
    return [secret for secret in SECRETS if secret in text]


class _Failing(BaseHTTPRequestHandler):
    """An action server that answers as the SDK's does when an action fails: with all that it was sent."""

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["content-length"])))
        body = json.dumps({"error": WORDS, "request_body": sent}).encode()
        self.send_response(500)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def failing_actions() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Failing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_dialogue_that_fails_is_admitted_and_logged_without_a_word(
    bot: RunningBot, province: FakeProvince
) -> None:
    province.answers["Places"] = {"places": connection({})}
    before = len(bot.log.read_text())

    answer = bot.text(f"any waterfalls nearby? {WORDS}", position=POSITION)

    assert answer == (
        "I cannot answer that right now: something went wrong on my side. Ask me in another way, or ask for a"
        " person. In danger call 112."
    )
    assert told_in(bot.log) == []
    assert "KeyError at " in bot.log.read_text()[before:]


def test_after_a_dialogue_that_failed_the_next_message_is_answered(
    bot: RunningBot, province: FakeProvince
) -> None:
    province.answers["Places"] = {"places": connection({})}
    bot.text("any waterfalls nearby?", position=POSITION)

    assert bot.text("hello").startswith("Hello!")


def test_an_action_server_that_fails_logs_no_word(bot: RunningBot) -> None:
    broken = {"text": WORDS, "entities": [{}], "metadata": {"ticket": TICKET, "position": POSITION}}
    call = {"next_action": "action_converse", "tracker": {"latest_message": broken, "slots": {}}}
    request = urllib.request.Request(
        f"http://127.0.0.1:{bot.actions_port}/webhook",
        json.dumps(call).encode(),
        {"content-type": "application/json"},
    )
    before = len(bot.log.read_text())

    with pytest.raises(urllib.error.HTTPError) as failed:
        urllib.request.urlopen(request, timeout=20)  # noqa: S310 - loopback

    failed.value.close()
    assert failed.value.code == 500
    assert told_in(bot.log) == []
    assert "KeyError at " in bot.log.read_text()[before:]


def test_rasa_logs_no_word_of_an_action_that_failed(
    trained: None, province: FakeProvince, failing_actions: str, tmp_path: Path
) -> None:
    with running_bot(tmp_path, province.url, failing_actions) as rasa:
        answer = rasa.text(f"any waterfalls nearby? {WORDS}", position=POSITION)

    log = rasa.log.read_text()
    assert answer == ""
    assert told_in(rasa.log) == []
    assert "Encountered an exception while running action 'action_converse'" in log
    assert "(RasaException at " in log


@pytest.fixture
def _records_as_before() -> Iterator[None]:
    before = logging.getLogRecordFactory()
    yield
    logging.setLogRecordFactory(before)


def told_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return records as a handler writes them."""
    return [logging.Formatter().format(record) for record in caplog.records]


@pytest.mark.usefixtures("_records_as_before")
def test_of_an_error_its_type_and_lines_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    keep_errors_out_of_records()

    try:
        raise ValueError(WORDS)
    except ValueError:
        logging.getLogger("rasa.core.processor").exception("It failed.\nresult: %s", WORDS)

    (told,) = told_of(caplog)
    assert re.fullmatch(r"It failed\. \(ValueError at test_records\.py:\d+\)", told)


@pytest.mark.usefixtures("_records_as_before")
@pytest.mark.parametrize("name", ["rasa.core.actions.action", "rasa_sdk.executor"])
def test_what_rasa_tells_who_looks_for_a_fault_is_only_where(
    caplog: pytest.LogCaptureFixture, name: str
) -> None:
    keep_errors_out_of_records()
    caplog.set_level(logging.DEBUG)

    logging.getLogger(name).debug("Received %s", WORDS)

    (told,) = told_of(caplog)
    assert re.fullmatch(r".*test_records\.py:\d+", told)


@pytest.mark.usefixtures("_records_as_before")
def test_a_warning_is_logged_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    keep_errors_out_of_records()

    logging.getLogger("rasa.core.agent").warning("No model in %s", "models")

    assert told_of(caplog) == ["No model in models"]
