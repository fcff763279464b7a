"""Another model takes over while people talk, and none that is worse or broken does."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
import train

from tests.chatbot import running_bot
from tests.chatbot.fake_province import FakeProvince
from tests.chatbot.models import Models, held_up, trained_model
from tests.chatbot.running_bot import RunningBot
from tests.free_ports import free_port

LOADS_WITHIN_SECONDS = 60
SECRET = "a-secret-of-the-api-and-the-bot-alone"  # noqa: S105 - of this test
OLD, NEW = "20260501T020000Z-0d000000", "20260601T020000Z-aaaaaaaa"
OLD_MADE_OF, NEW_MADE_OF = "0d" + "0" * 62, "a" * 64


@dataclass(frozen=True)
class Renewable:
    """A running bot, the folder from which it takes its models, where it unpacks them, and what else it is told."""

    bot: RunningBot
    models: Models
    unpacked: Path
    environ: dict[str, str]

    def answering(self) -> str:
        return str(ask(self.bot, "GET")["model_id"])

    def awaited_metadata(self) -> Path:
        """Return the pipe from which a model that is held up wants its metadata, once it is being loaded."""
        deadline = time.monotonic() + LOADS_WITHIN_SECONDS
        while True:
            for pipe in self.unpacked.rglob("metadata.json"):
                if pipe.is_fifo():
                    return pipe
            assert time.monotonic() < deadline, "nothing is being loaded"
            time.sleep(0.02)

    def renew(self, *arguments: str) -> CompletedProcess[str]:
        return running_bot.run("chatbot/renew.py", *arguments, **self.environ)


def ask(bot: RunningBot, method: str, authorization: str | None = f"Bearer {SECRET}") -> Any:  # noqa: ANN401 - JSON
    headers = {"authorization": authorization} if authorization else {}
    url = f"{bot.url}/webhooks/laocai-model"
    request = urllib.request.Request(url, headers=headers, method=method)  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 - loopback
        return json.load(response)


def refusal(bot: RunningBot, method: str, authorization: str | None = f"Bearer {SECRET}") -> int:
    """Return with which status the bot refuses."""
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask(bot, method, authorization)
    refused.value.close()
    return refused.value.code


@pytest.fixture(scope="module")
def old_model(trained: None) -> bytes:
    return trained_model("old")


@pytest.fixture(scope="module")
def new_model(trained: None) -> bytes:
    return trained_model("new")


@pytest.fixture(scope="module")
def _running(
    old_model: bytes,
    tmp_path_factory: pytest.TempPathFactory,
    _province_of_the_session: FakeProvince,
) -> Iterator[Renewable]:
    folder = tmp_path_factory.mktemp("renewable")
    models = Models(folder / "models")
    models.put(old_model, OLD_MADE_OF)
    (folder / "bot-secret").write_text(SECRET)
    changes = {"LAOCAI_BOT_MODELS": str(models.folder)}
    unpacked = folder / "unpacked"
    unpacked.mkdir()
    with running_bot.running_bot(
        folder, _province_of_the_session.url, TMPDIR=str(unpacked), **changes
    ) as bot:
        environ = {**changes, "LAOCAI_BOT_URL": bot.url, "LAOCAI_DATA_FOLDER": str(folder)}
        yield Renewable(bot, models, unpacked, environ)


@pytest.fixture
def renewable(
    _running: Renewable, old_model: bytes, new_model: bytes, request: pytest.FixtureRequest
) -> Renewable:
    """The bot answers with the old one of two versions."""
    models = _running.models
    models.put(old_model, OLD_MADE_OF)
    models.keep(OLD, old_model, "old", OLD_MADE_OF)
    models.keep(NEW, new_model, "new", NEW_MADE_OF)
    models.answered(OLD, NEW)
    ask(_running.bot, "PUT")
    return replace(_running, bot=replace(_running.bot, sender=request.node.name))


def test_another_model_takes_over_and_the_dialogue_goes_on(
    renewable: Renewable, new_model: bytes
) -> None:
    renewable.bot.text("please speak French")
    renewable.models.put(new_model, NEW_MADE_OF)

    answer = ask(renewable.bot, "PUT")

    assert answer == {"model_id": "new", "code": train.code()}
    assert renewable.answering() == "new"
    assert renewable.bot.text("what can you do").startswith("Je vous renseigne")


def test_nobody_is_left_without_an_answer_meanwhile(renewable: Renewable, new_model: bytes) -> None:
    model, metadata = held_up(new_model)
    renewable.models.put(model, NEW_MADE_OF)

    def answer(number: int) -> str:
        return renewable.bot.text("thank you", sender=f"person-{number}")

    with ThreadPoolExecutor(4) as people:
        renewed = people.submit(ask, renewable.bot, "PUT")
        pipe = renewable.awaited_metadata()
        try:
            while_it_waits = list(people.map(answer, range(3)))
        finally:
            pipe.write_text(metadata)
        while_it_loads = list(people.map(answer, range(3, 12)))

    assert all(while_it_waits)
    assert all(while_it_loads)
    assert renewed.result()["model_id"] == "new"


@pytest.mark.parametrize("broken", [b"", b"no archive"], ids=["empty", "no archive"])
def test_a_model_that_cannot_be_loaded_leaves_the_one_before(
    renewable: Renewable, broken: bytes
) -> None:
    renewable.models.put(broken, NEW_MADE_OF)

    status = refusal(renewable.bot, "PUT")

    assert status == 422
    assert renewable.answering() == "old"
    assert renewable.bot.text("thank you")


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize(
    "authorization", [None, "Bearer ", "Bearer wrong", f"Basic {SECRET}", "Bearer \xe9"]
)
def test_nobody_without_the_secret_renews_or_asks(
    renewable: Renewable, new_model: bytes, method: str, authorization: str | None
) -> None:
    renewable.models.put(new_model, NEW_MADE_OF)

    status = refusal(renewable.bot, method, authorization)

    assert status == 403
    assert renewable.answering() == "old"


def test_the_version_before_comes_back_with_one_command(
    renewable: Renewable, new_model: bytes
) -> None:
    renewable.models.put(new_model, NEW_MADE_OF)
    ask(renewable.bot, "PUT")

    done = renewable.renew("--back")

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == (
        f"The bot at {renewable.bot.url} answers with version {OLD}."
    )
    assert renewable.answering() == "old"
    assert renewable.models.note.read_text() == OLD_MADE_OF


def test_where_the_version_before_is_broken_the_bot_keeps_its_model(
    renewable: Renewable, new_model: bytes
) -> None:
    renewable.models.put(new_model, NEW_MADE_OF)
    ask(renewable.bot, "PUT")
    renewable.models.keep(OLD, b"no archive", "old", OLD_MADE_OF)

    done = renewable.renew("--back")

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "The bot keeps its model: it answered 422."
    assert renewable.answering() == "new"
    assert renewable.models.file.read_bytes() == new_model
    assert renewable.models.note.read_text() == NEW_MADE_OF


def test_the_versions_are_listed_with_what_they_reached(renewable: Renewable) -> None:
    done = renewable.renew("--list")

    assert done.stdout.splitlines() == [
        f"* {NEW}  vi 0.950  fr 0.930",
        f"  {OLD}  vi 0.950  fr 0.930",
    ]


def test_a_bot_that_does_not_run_takes_the_version_when_it_starts(
    renewable: Renewable, new_model: bytes, tmp_path: Path
) -> None:
    renewable.models.put(new_model, NEW_MADE_OF)
    nobody = f"http://127.0.0.1:{free_port()}"

    done = running_bot.run(
        "chatbot/renew.py", "--back", **{**renewable.environ, "LAOCAI_BOT_URL": nobody}
    )

    assert done.returncode == 0
    assert done.stdout == f"No bot answers at {nobody}: it starts with version {OLD}.\n"
    assert renewable.models.note.read_text() == OLD_MADE_OF
