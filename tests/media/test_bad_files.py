"""The battery: whatever is sent, nothing is published as it came, and no child takes too much memory."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from api.media.decoding.__main__ import MEMORY_BYTES
from api.media.records import MediaKind
from tests.conftest import ROOT
from tests.media.bad_files import BAD_FILES, CLEAN

PEAK_KB_AT_MOST = 768_000_000 // 1024
OF_A_PHOTO = {
    f"{size}.{made_as}" for size in ("large", "thumbnail") for made_as in ("avif", "webp", "jpeg")
}


@pytest.fixture(scope="module")
def battery(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("battery")
    for step in ("make", "open"):
        run = subprocess.run(
            [sys.executable, "-m", "tests.media.battery_process", step, str(folder)],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
    told: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return told


def test_there_are_enough_bad_files() -> None:
    assert len(BAD_FILES) >= 24


@pytest.mark.timeout(600)  # the first of them waits for the battery
@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_or_made_anew(battery: dict[str, Any], name: str) -> None:
    bad = BAD_FILES[name]
    result = battery["results"][name]

    assert result["refusal"] == bad.refusal
    assert result["leaks"] == []
    assert result["copies"] == []
    if bad.refusal is not CLEAN:
        assert result["files"] == {}
    elif bad.kind is MediaKind.PHOTO:
        assert set(result["files"]) == OF_A_PHOTO
    else:
        assert len(result["files"]) == 1


@pytest.mark.timeout(600)
def test_no_child_used_much_memory(battery: dict[str, Any]) -> None:
    assert 0 < battery["peak_kb"] < PEAK_KB_AT_MOST


def test_more_memory_could_not_be_had(tmp_path: Path) -> None:
    """The bound itself: a child that asks for more is ended, and not the machine."""
    code = (
        "from api.media.decoding.__main__ import limit_ourselves\n"
        "limit_ourselves()\n"
        f"bytearray({MEMORY_BYTES})\n"
    )

    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)

    assert run.returncode == 1
    assert run.stderr.strip().endswith(b"MemoryError")
