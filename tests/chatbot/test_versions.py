"""A renewal step by step, with a training and a bot that do as the test says."""

import fcntl
import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import project
import pytest
import renew
import running
import train
import versions
from renew import NotRenewed
from running import Answering, BotRefuses, NobodyAnswers

from tests.chatbot.models import Models

GOOD = {
    "intents": 0.95,
    "entities F1": 0.9,
    "emergency recall": 1.0,
    "out of scope recall": 0.9,
    "heard": 0.98,
    "right number": 0.8,
    "false rejections": 0.01,
}


def a_model(model_id: str) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as model:
        content = json.dumps({"model_id": model_id}).encode()
        member = tarfile.TarInfo("metadata.json")
        member.size = len(content)
        model.addfile(member, io.BytesIO(content))
    return packed.getvalue()


@dataclass
class Bot:
    """What trains, and what answers: `refuses` is raised in place of an answer to the order to renew."""

    models: Models
    trains: str = "first"
    figures: dict[str, float] = field(default_factory=lambda: dict(GOOD))
    code: str = ""
    answers: str = "old"
    refuses: Exception | None = None
    trained: list[str] = field(default_factory=list)

    def train_in(self, folder: str | Path) -> str:
        self.trained.append(self.trains)
        file = Path(folder) / "laocai.tar.gz"
        file.write_bytes(a_model(self.trains))
        return str(file)

    def answering(self) -> Answering:
        return Answering(self.answers, self.code or train.code())

    def told_to_renew(self) -> Answering:
        if self.refuses is not None:
            raise self.refuses
        self.answers = train.model_id_of(self.models.file)
        return self.answering()

    def renews(self, trains: str) -> str:
        self.trains = trains
        return renew.done([])


@pytest.fixture
def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bot]:
    made = Bot(Models(tmp_path / "models"))
    monkeypatch.setenv("LAOCAI_BOT_MODELS", str(made.models.folder))
    monkeypatch.setenv("LAOCAI_BOT_URL", "http://127.0.0.1:1")
    monkeypatch.delenv("LAOCAI_BOT_TRAINS_ON_ONE_OF", raising=False)
    monkeypatch.setattr(train, "trained_in", made.train_in)
    monkeypatch.setattr(train, "fingerprint", lambda: f"made of {made.trains}")
    monkeypatch.setattr(renew, "measured", lambda _: {"vi": dict(made.figures)})
    monkeypatch.setattr(running, "answering", made.answering)
    monkeypatch.setattr(running, "told_to_renew", made.told_to_renew)
    return made


def in_place(models: Models) -> tuple[str, str]:
    """Return which model is in place, and what its note says that it was made of."""
    return train.model_id_of(models.file), models.note.read_text()


def files(models: Models) -> list[str]:
    return sorted(
        path.name for path in models.folder.rglob("*") if path.is_file() and path.name != ".lock"
    )


def test_a_good_model_is_kept_put_in_place_and_answers(bot: Bot) -> None:
    told = bot.renews("first")

    name = bot.models.versions[0]
    assert told == f"The bot at http://127.0.0.1:1 answers with version {name}."
    assert bot.answers == "first"
    assert in_place(bot.models) == ("first", "made of first")
    assert train.is_current()


def test_the_same_data_and_code_are_not_trained_again(bot: Bot) -> None:
    bot.renews("first")

    bot.renews("first")

    assert bot.trained == ["first"]
    assert len(bot.models.versions) == 1


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("emergency recall", 0.97),
        ("intents", 0.91),
        ("false rejections", 0.06),
        ("heard", 0.91),
        ("right number", 0.64),
    ],
)
def test_one_that_is_not_good_enough_goes_nowhere(bot: Bot, figure: str, value: float) -> None:
    bot.renews("first")
    before = files(bot.models)
    bot.figures[figure] = value

    with pytest.raises(NotRenewed, match=f"vi: {figure} {value}"):
        bot.renews("worse")

    assert bot.answers == "first"
    assert in_place(bot.models) == ("first", "made of first")
    assert files(bot.models) == before


@pytest.mark.parametrize(
    "refusal", [BotRefuses("it answered 422"), BotRefuses("TimeoutError")], ids=["422", "silent"]
)
def test_where_the_bot_refuses_what_was_in_place_is_there_again(
    bot: Bot, refusal: Exception
) -> None:
    # As `make bot` leaves it: a model that is no version.
    bot.models.put(a_model("of make bot"), "made of long ago")
    bot.refuses = refusal

    with pytest.raises(NotRenewed, match="The bot keeps its model"):
        bot.renews("first")

    assert in_place(bot.models) == ("of make bot", "made of long ago")
    assert versions.history() == []


def test_where_another_model_answers_what_was_in_place_is_there_again(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot.models.put(a_model("of make bot"), "made of long ago")
    monkeypatch.setattr(running, "told_to_renew", bot.answering)

    with pytest.raises(NotRenewed, match="The bot answers with another model, old"):
        bot.renews("first")

    assert in_place(bot.models) == ("of make bot", "made of long ago")


def test_a_bot_of_other_code_is_to_be_started_anew_first(bot: Bot) -> None:
    bot.code = "of last week"

    with pytest.raises(NotRenewed, match="start it anew"):
        bot.renews("first")

    assert bot.trained == []


def test_a_model_of_a_part_of_the_messages_answers_nobody(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAOCAI_BOT_TRAINS_ON_ONE_OF", "5")

    with pytest.raises(NotRenewed, match="LAOCAI_BOT_TRAINS_ON_ONE_OF"):
        bot.renews("first")

    assert bot.trained == []


def test_where_nobody_answers_the_version_waits_in_its_place(bot: Bot) -> None:
    bot.refuses = NobodyAnswers()

    told = bot.renews("first")

    assert told.startswith("No bot answers at http://127.0.0.1:1: it starts with version ")
    assert in_place(bot.models) == ("first", "made of first")


def test_back_leads_to_what_answered_before_again_and_again(bot: Bot) -> None:
    for name in ("first", "second", "third"):
        bot.renews(name)

    renew.done(["--back"])
    second = bot.answers
    renew.done(["--back"])

    assert (second, bot.answers) == ("second", "first")
    with pytest.raises(NotRenewed, match="no version before"):
        renew.done(["--back"])
    assert bot.answers == "first"


def test_back_never_leads_to_what_was_given_up(bot: Bot) -> None:
    bot.renews("first")
    bot.renews("bad")
    renew.done(["--back"])
    bot.renews("third")

    renew.done(["--back"])

    assert bot.answers == "first"


def test_what_was_put_back_stays_until_the_next_renewal(bot: Bot) -> None:
    bot.renews("first")
    bot.renews("second")

    renew.done(["--back"])

    # `make bot` trains nothing over it, though the files are made into another model.
    assert train.is_current()
    bot.renews("third")
    bot.trains = "fourth"
    assert not train.is_current()


def test_a_version_that_was_tested_with_other_code_does_not_come_back(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot.renews("first")
    bot.renews("second")
    monkeypatch.setattr(train, "code", lambda: "of next week")

    with pytest.raises(NotRenewed, match="tested with other code"):
        renew.done(["--back"])

    assert in_place(bot.models) == ("second", "made of second")


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"name": "x"}'])
def test_a_note_that_cannot_be_read_is_no_version(bot: Bot, broken: str) -> None:
    bot.renews("first")
    name = bot.models.versions[0]
    (bot.models.folder / "versions" / f"{name}.json").write_text(broken)

    assert renew.done(["--list"]) == "No version is kept yet."
    bot.renews("second")
    assert in_place(bot.models) == ("second", "made of second")


def test_where_the_clock_is_set_back_the_newest_is_still_the_newest(bot: Bot) -> None:
    bot.renews("first")
    newest = bot.models.versions[-1]

    name = versions.name_at(datetime(2020, 1, 1, tzinfo=UTC), "abc")

    assert name > newest


def test_three_are_kept_and_nothing_is_left_of_the_others(bot: Bot) -> None:
    (bot.models.folder / "versions").mkdir(parents=True)
    (bot.models.folder / "versions" / "20200101T000000Z-orphan.tar.gz").write_bytes(b"of a kill")
    (bot.models.folder / "tmp123").mkdir()

    for number in range(5):
        bot.renews(f"number {number}")

    kept = [version.model_id for version in versions.kept()]
    assert kept == ["number 4", "number 3", "number 2"]
    assert (
        len(files(bot.models)) == 2 + 2 * 3 + 1
    )  # the model and its note; each version's; the history
    assert not (bot.models.folder / "tmp123").exists()


def test_one_at_a_time_trains_or_renews(bot: Bot) -> None:
    with (
        train.alone(),
        (project.models() / ".lock").open("w") as other,
        pytest.raises(BlockingIOError),
    ):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.parametrize("arguments", [["--forward"], ["--back", "--list"]])
def test_other_arguments_are_answered_with_the_usage(bot: Bot, arguments: list[Any]) -> None:
    with pytest.raises(NotRenewed, match="usage"):
        renew.done(arguments)
