"""Trains the bot's model, tests it, and has the bot that runs answer with it: `make bot-renew`.

`--back` has it answer with the version before, `--list` shows which are kept. A model that does not reach
the floors (floors.py) goes nowhere, and the command ends with 1. Nobody who talks to the bot notices: the one
that runs answers until the other one is loaded.
"""

from __future__ import annotations

import json
import sys
import tempfile
import urllib.error
import urllib.request
from datetime import datetime, timezone
from pathlib import Path

import project
import train
import versions
from versions import Version

_SECONDS_TO_LOAD = 120


class NotRenewed(Exception):
    """Says why, for whoever typed the command."""


def trained_version() -> Version:
    """Train and test a model, and keep it as a version. Raises NotRenewed when it is not good enough."""
    made_of = train.fingerprint()
    known = next((one for one in versions.kept() if one.made_of == made_of), None)
    if known is not None:
        return known
    project.models().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=project.models()) as folder:
        model = Path(train.trained_in(folder))
        version = _tested(model, made_of)
        versions.keep(version, model)
    return version


def _tested(model: Path, made_of: str) -> Version:
    from rasa.engine.storage.local_model_storage import LocalModelStorage

    import evaluate
    import floors

    scores = evaluate.evaluate(model).languages
    print(evaluate.table(scores))  # noqa: T201 - a command's answer
    figures = {language: evaluate.figures(score) for language, score in scores.items()}
    if found := floors.shortcomings(figures):
        raise NotRenewed("\n".join(["The new model is not good enough:", *found]))
    known = LocalModelStorage.metadata_from_archive(model)
    name = versions.name_at(datetime.now(timezone.utc), made_of)
    return Version(name, known.model_id, made_of, figures)


def answer_with(version: Version) -> str:
    """Put a version in its place and have the bot take it; return what to tell.

    Raises NotRenewed when the bot does not take it: then the one before is in its place again.
    """
    noted, file = train.noted(), project.model()
    earlier = next((one for one in versions.kept() if one.made_of == noted), None)
    versions.put_in_place(version)
    try:
        answering = told_to_renew()
    except urllib.error.HTTPError as error:
        if earlier is not None:
            versions.put_in_place(earlier)
        raise NotRenewed(f"The bot keeps its model: it answered {error.code}.") from error
    except urllib.error.URLError:
        return (
            f"No bot answers at {project.bot_url()}: it starts with {file}, version {version.name}."
        )
    if answering != version.model_id:
        raise NotRenewed(f"The bot answers with another model, {answering}.")
    return f"The bot at {project.bot_url()} answers with version {version.name}."


def told_to_renew() -> str:
    """Tell the bot that runs to load the model in its place; return the id of the one that answers then."""
    request = urllib.request.Request(  # noqa: S310 - the bot's own address
        f"{project.bot_url()}/webhooks/laocai-model",
        method="PUT",
        headers={"authorization": f"Bearer {project.bot_secret() or ''}"},
    )
    with urllib.request.urlopen(request, timeout=_SECONDS_TO_LOAD) as response:  # noqa: S310 - the same
        return str(json.load(response)["model_id"])


def listed() -> str:
    noted = train.noted()
    lines = [
        f"{'*' if version.made_of == noted else ' '} {version.name}  "
        + "  ".join(f"{name} {those['intents']:.3f}" for name, those in version.figures.items())
        for version in versions.kept()
    ]
    return "\n".join(lines) or "No version is kept yet."


def renewed(arguments: list[str]) -> str:
    if arguments == ["--list"]:
        return listed()
    if arguments == ["--back"]:
        version = versions.before(train.noted())
        if version is None:
            raise NotRenewed("There is no version before this one.")
        return answer_with(version)
    if arguments:
        raise NotRenewed("usage: renew.py [--back | --list]")
    return answer_with(trained_version())


def main() -> None:
    project.prepare_environment()
    import logging

    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    try:
        print(renewed(sys.argv[1:]))  # noqa: T201 - a command's answer
    except NotRenewed as problem:
        raise SystemExit(str(problem)) from None


if __name__ == "__main__":
    main()
