"""No engine runs here: what the images are made of is read, and their commands run as they stand."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.images.dockerfiles import (
    FILES,
    command_of,
    copied_from_the_context,
    last_of,
    stages,
)

IMAGES = [(FILES[0], "api"), (FILES[0], "worker"), (FILES[1], "bot"), (FILES[1], "actions")]
SECONDS = 60
PIN = re.compile(r"^(\w[\w.-]*)(\[[\w,-]+\])?==([^ \\;]+)", re.MULTILINE)


def pins(lock: Path) -> dict[str, str]:
    return {found[1]: found[3] for found in PIN.finditer(lock.read_text())}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_a_base_from_elsewhere_is_pinned_to_an_exact_version(file: Path) -> None:
    built = stages(file)
    outside = {stage.base for stage in built.values()} - built.keys()

    assert outside
    for base in outside:
        assert re.fullmatch(r"[\w./-]+:\d+\.\d+\.\d+-slim-\w+(@sha256:[0-9a-f]{64})?", base)


@pytest.mark.parametrize(("file", "name"), IMAGES)
def test_an_image_runs_as_nobody_in_particular(file: Path, name: str) -> None:
    assert last_of(stages(file), name, "USER") == "10001:10001"


@pytest.mark.parametrize(("file", "name"), IMAGES)
def test_an_image_holds_neither_what_built_it_nor_a_secret(file: Path, name: str) -> None:
    built = stages(file)
    stage = built[name]
    while stage.base in built:
        installs = [one for one in stage.all_of("RUN") if "pip " in one or "apt" in one]
        assert not installs
        assert not [one for one in stage.all_of("ENV") if re.search("SECRET|PASSWORD|KEY", one)]
        assert not stage.all_of("ADD")
        stage = built[stage.base]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_what_is_copied_is_there_and_let_in(file: Path) -> None:
    let_in = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }

    sources = [
        source for stage in stages(file).values() for source in copied_from_the_context(stage)
    ]

    assert sources
    for source in sources:
        assert (ROOT / source).exists()
        assert source in let_in or source.split("/")[0] in let_in


def test_the_context_leaves_out_all_that_is_not_named() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()

    rules = [line for line in lines if line and not line.startswith("#")]

    assert rules[0] == "*"
    assert "!docker" not in rules
    assert {"docker/secrets", "**/keys.json", "**/.env", "chatbot/models"} <= set(rules)


def test_the_product_s_lock_is_a_part_of_the_whole_one_without_its_tools() -> None:
    product, whole = pins(ROOT / "docker/requirements.lock"), pins(ROOT / "requirements.lock")

    assert product.items() < whole.items()
    assert {"pytest", "mypy", "moto", "granian"} & product.keys() == set()
    assert {"fastapi", "motor", "cryptography"} <= product.keys()


@pytest.mark.parametrize(("name", "command"), [("api", "serve"), ("worker", "worker")])
def test_the_product_s_command_runs_bare(name: str, command: str, tmp_path: Path) -> None:
    program, *arguments = command_of(stages(FILES[0]), name)
    assert (program, arguments) == ("laocai", [command])

    # As the image makes it: a script of two lines, on PYTHONPATH instead of an installation.
    ran = subprocess.run(
        [sys.executable, "-c", "from api.cli import main\nmain()", *arguments, "--help"],
        cwd=tmp_path,
        env={"PATH": os.defpath, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    assert f" {command} [OPTIONS]" in ran.stdout


@pytest.mark.parametrize("name", ["bot", "actions"])
def test_the_bot_s_command_names_a_program_of_its_own(name: str) -> None:
    program, script, argument = command_of(stages(FILES[1]), name)

    # Without an argument it says which programs there are, and loads nothing of Rasa.
    ran = subprocess.run(
        [sys.executable, script],
        cwd=ROOT,
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert program == "python"
    assert argument in ran.stderr.removeprefix("usage: serve.py ").strip().split("|")


def test_the_images_commands_are_the_procfile_s() -> None:
    lines = (ROOT / "Procfile").read_text().splitlines()
    procfile = {line.split(":")[0]: line.split()[2:] for line in lines}

    for file, name in IMAGES:
        assert command_of(stages(file), name)[1:] == procfile[name]
