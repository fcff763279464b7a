"""Trains the bot's model, tests it, and has the bot that runs answer with it: `make bot-renew`.

`--back` has it answer with the version that answered before, `--list` shows which are kept. A model that does not
reach the floors (floors.py) goes nowhere, and the command ends with 1. Nobody who talks to the bot notices: the one
that runs answers until the other one is loaded.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

import project
import running
import train
import versions
from versions import Version


class NotRenewed(Exception):
    """Says why, for whoever typed the command."""


def check_the_running_bot() -> None:
    """Raise NotRenewed where the bot that runs would not take a model that is tested here."""
    try:
        answering = running.answering()
    except running.NobodyAnswers:
        return
    except running.BotRefuses as error:
        raise NotRenewed(f"The bot at {project.bot_url()} takes no orders: {error}.") from error
    if answering.code != train.code():
        raise NotRenewed("The bot runs other code than this: start it anew, then renew its model.")


def trained_version() -> Version:
    """Train and test a model, and keep it as a version. Raises NotRenewed when it is not good enough."""
    if project.takes_one_of() > 1:
        raise NotRenewed(
            "A model of a part of the messages answers nobody (LAOCAI_BOT_TRAINS_ON_ONE_OF)."
        )
    made_of, code = train.fingerprint(), train.code()
    for known in versions.kept():
        if (known.made_of, known.code) == (made_of, code):
            _check(known)
            return known
    with tempfile.TemporaryDirectory(dir=project.models()) as folder:
        model = Path(train.trained_in(folder))
        name = versions.name_at(datetime.now(timezone.utc), made_of)
        version = Version(name, train.model_id_of(model), made_of, code, measured(model))
        _check(version)
        versions.keep(version, model)
    return version


def measured(model: Path) -> dict[str, dict[str, float]]:
    """Return the model's figures on the test messages, by language, and print them."""
    import evaluate

    found = evaluate.evaluate(model)
    tables = evaluate.table(found.languages), evaluate.hearing_table(found.heard)
    print(*tables, sep="\n")  # noqa: T201 - a command's answer
    return {
        language: {
            **evaluate.figures(score),
            "heard": found.heard[language].recall,
            "right number": found.heard[language].right_number,
        }
        for language, score in found.languages.items()
    }


def _check(version: Version) -> None:
    import floors

    if found := floors.shortcomings(version.figures):
        raise NotRenewed("\n".join(["The new model is not good enough:", *found]))


def answer_with(version: Version) -> str:
    """Put a version in its place and have the bot take it; return what to tell.

    Raises NotRenewed when the bot does not: then what was in place is there again.
    """
    replaced = versions.Replaced()
    versions.put_in_place(version)
    try:
        answering = running.told_to_renew()
    except running.NobodyAnswers:
        told = f"No bot answers at {project.bot_url()}: it starts with version {version.name}."
    except running.BotRefuses as error:
        replaced.put_back()
        raise NotRenewed(f"The bot keeps its model: {error}.") from error
    else:
        if answering.model_id != version.model_id:
            replaced.put_back()
            raise NotRenewed(f"The bot answers with another model, {answering.model_id}.")
        told = f"The bot at {project.bot_url()} answers with version {version.name}."
    replaced.let_go()
    return told


def taken_back() -> str:
    """Answer with the version that answered before, and keep to it until the next renewal."""
    version = versions.before()
    if version is None:
        raise NotRenewed("There is no version before this one.")
    if version.code != train.code():
        raise NotRenewed(
            f"Version {version.name} was tested with other code: check that out first."
        )
    told = answer_with(version)
    versions.note_taken_back_to(version)
    train.pin(version.made_of)
    return told


def renewed() -> str:
    version = trained_version()
    told = answer_with(version)
    versions.note_that_answers(version)
    train.pin(None)
    return told


def listed() -> str:
    names = versions.history()
    lines = [
        f"{'*' if names and version.name == names[-1] else ' '} {version.name}  "
        + "  ".join(f"{name} {those['intents']:.3f}" for name, those in version.figures.items())
        for version in versions.kept()
    ]
    return "\n".join(lines) or "No version is kept yet."


def done(arguments: list[str]) -> str:
    if arguments == ["--list"]:
        return listed()
    if arguments not in ([], ["--back"]):
        raise NotRenewed("usage: renew.py [--back | --list]")
    with train.alone():
        check_the_running_bot()
        return taken_back() if arguments else renewed()


def main() -> None:
    project.prepare_environment()
    try:
        print(done(sys.argv[1:]))  # noqa: T201 - a command's answer
    except NotRenewed as problem:
        raise SystemExit(str(problem)) from None


if __name__ == "__main__":
    main()
