"""What the command line says of settings that are wrong, misspelt, or taken by somebody else."""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.conftest import ROOT

LAOCAI = Path(sys.executable).with_name("laocai")
SECONDS = 60


def laocai(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment: Mapping[str, str] = {**os.environ, **variables}
    return subprocess.run(
        [str(LAOCAI), *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def test_a_wrong_setting_is_named_as_it_is_written() -> None:
    ran = laocai("settings", LAOCAI_PORT="abc", LAOCAI_TICKET_SECRET="short")  # noqa: S106 - too short on purpose

    assert ran.returncode == 2
    assert [line.partition(":")[0] for line in ran.stderr.splitlines()] == [
        "LAOCAI_PORT",
        "LAOCAI_TICKET_SECRET",
    ]
    assert "short" not in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_misspelt_setting_is_named_with_what_was_meant() -> None:
    ran = laocai("settings", LAOCAI_PROT="9")

    assert ran.returncode == 0
    assert ran.stderr.strip() == (
        "LAOCAI_PROT is no setting of ours, and has no effect. Did you mean LAOCAI_PORT?"
    )


def test_the_bot_s_variables_are_none_of_these() -> None:
    assert laocai("settings", LAOCAI_BOT_TRACKERS="x").stderr == ""


def test_names_are_whole_in_a_pipe() -> None:
    ran = laocai("settings", COLUMNS="60")

    lines = [line.split("\t") for line in ran.stdout.splitlines()]
    assert [
        "LAOCAI_SUBSCRIPTIONS_PER_CONNECTION",
        "20",
        "Operations at a time on one WebSocket connection.",
    ] in lines


def test_a_port_that_is_taken_is_named_with_the_setting_that_moves_it(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = laocai("run", LAOCAI_PORT=str(port), LAOCAI_DATA_FOLDER=str(tmp_path))

    assert ran.returncode == 1
    assert (
        f"Something listens on 127.0.0.1:{port} already. Stop it, or set LAOCAI_PORT." in ran.stdout
    )
    assert not list(tmp_path.iterdir())
