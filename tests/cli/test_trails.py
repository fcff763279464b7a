"""`laocai trails import`, as an operator types it."""

from pathlib import Path

import pytest

from tests.processes import Ended, ran
from tests.tourism.trails.walks import NORTHWARDS, geojson, gpx


def run(data_folder: Path, *words: str) -> Ended:
    folder = {"LAOCAI_DATA_FOLDER": str(data_folder), "LANG": "C"}
    return ran("tests.cli.laocai", "trails", "import", *words, **folder)


def test_a_folder_is_no_trail(tmp_path: Path) -> None:
    refused = run(tmp_path, str(tmp_path), "--name", "vi=X")

    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(("name", "content"), [("a.gpx", gpx(NORTHWARDS)), ("a.json", geojson())])
def test_a_file_becomes_a_trail_and_is_redrawn(tmp_path: Path, name: str, content: str) -> None:
    file = tmp_path / name
    file.write_text(content)

    added = run(tmp_path, str(file), "--name", "vi=Đường thử", "--name", "en=Trial")
    trail_id = added.stdout.partition(":")[0]
    redrawn = run(tmp_path, str(file), "--trail", trail_id, "--difficulty", "hard")

    assert added.stdout == f"{trail_id}: 3 points, 1.1 km along the line; easy.\n"
    assert redrawn.stdout == f"{trail_id}: 3 points, 1.1 km along the line; hard.\n"


@pytest.mark.parametrize(
    ("content", "words", "refusal"),
    [
        ("<gpx/>", ["--name", "vi=X"], "[NO_LINE]"),
        (gpx(NORTHWARDS), ["--name", "X"], "[INVALID_TEXT]"),
        (gpx(NORTHWARDS), ["--trail", "T999"], "[NOT_FOUND]"),
        (gpx(NORTHWARDS), ["--name", "vi=X", "--sketch"], "[DIFFICULTY_MISSING]"),
    ],
)
def test_what_is_refused_is_said_in_one_line(
    tmp_path: Path, content: str, words: list[str], refusal: str
) -> None:
    file = tmp_path / "a.gpx"
    file.write_text(content)

    refused = run(tmp_path, str(file), *words)

    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr.strip().endswith(refusal)
    assert "Traceback" not in refused.stderr
