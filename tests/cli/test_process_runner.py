"""The runner is tried as `make run` uses it: a parent process that is signalled or killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from api.cli.process_runner import Program, read_procfile

WAIT_SECONDS = 20.0
RUNNER = (
    "import asyncio, sys; from pathlib import Path;"
    "from api.cli.process_runner import ProcessRunner, read_procfile;"
    "asyncio.run(ProcessRunner(read_procfile(Path(sys.argv[1]))).run())"
)
LASTING = (
    "import os, pathlib, sys, time;"
    "open(sys.argv[1], 'a').write(f'{os.getpid()}\\n');"
    "print('up', flush=True);"
    "time.sleep(600)"
)


class Running:
    """A runner over programs that write their process ids to a file and then stay."""

    def __init__(self, folder: Path, *names: str) -> None:
        self._folder = folder
        lines = [f'{name}: {sys.executable} -c "{LASTING}" {folder / name}' for name in names]
        procfile = folder / "Procfile"
        procfile.write_text("\n".join(lines))
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUNNER, str(procfile)], stdout=subprocess.PIPE, text=True
        )

    def pids(self, name: str) -> list[int]:
        file = self._folder / name
        return [int(line) for line in file.read_text().split()] if file.exists() else []


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    started = Running(tmp_path, "one", "two")
    wait_until(lambda: len(started.pids("one")) == len(started.pids("two")) == 1)
    yield started
    if started.process.poll() is None:
        started.process.terminate()
    started.process.communicate(timeout=WAIT_SECONDS)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/stat")
        return not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def test_a_procfile_is_read_in_order(tmp_path: Path) -> None:
    procfile = tmp_path / "Procfile"
    procfile.write_text("# processes\napi: .venv/bin/laocai serve\n\nbot: run 'two words'\n")

    programs = read_procfile(procfile)

    assert programs == [
        Program("api", (".venv/bin/laocai", "serve")),
        Program("bot", ("run", "two words")),
    ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_stops_all(running: Running, number: signal.Signals) -> None:
    pids = running.pids("one") + running.pids("two")

    running.process.send_signal(number)

    assert running.process.wait(WAIT_SECONDS) == 0
    assert not any(alive(pid) for pid in pids)


def test_a_killed_program_is_started_again_and_the_other_left_alone(running: Running) -> None:
    [first] = running.pids("one")

    os.kill(first, signal.SIGKILL)

    wait_until(lambda: len(running.pids("one")) == 2)
    [other] = running.pids("two")
    assert alive(other)


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a child of its parent's death"
)
def test_a_killed_runner_leaves_nothing_behind(running: Running) -> None:
    pids = running.pids("one") + running.pids("two")

    running.process.kill()

    wait_until(lambda: not any(alive(pid) for pid in pids))


def test_a_program_that_is_not_there_does_not_stop_the_others(tmp_path: Path) -> None:
    running = Running(tmp_path, "one")
    wait_until(lambda: len(running.pids("one")) == 1)
    running.process.terminate()
    running.process.communicate(timeout=WAIT_SECONDS)
    (tmp_path / "Procfile").write_text(
        "absent: ./no/such/program\n" + (tmp_path / "Procfile").read_text()
    )
    again = subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(tmp_path / "Procfile")],
        stdout=subprocess.PIPE,
        text=True,
    )

    wait_until(lambda: len(running.pids("one")) == 2)

    again.terminate()
    output, _ = again.communicate(timeout=WAIT_SECONDS)
    assert "No such file or directory" in output
