"""`laocai tours`, as an operator runs it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.settings import settings
from tests.guide.speech.programs import a_quick_speaker


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("LAOCAI_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("LC_ALL", "en")
    monkeypatch.setenv("PATH", str(tmp_path))
    settings.cache_clear()
    yield tmp_path / "data"
    settings.cache_clear()


def speak() -> Result:
    return CliRunner().invoke(app, ["tours", "speak"])


def test_speaking_says_what_it_did(tmp_path: Path, data_folder: Path) -> None:
    a_quick_speaker(tmp_path)

    first, second = speak(), speak()

    assert first.output.strip() == (
        "175 texts were spoken now, 0 were there already."
        " 25 are in languages that no voice here speaks well enough."
    )
    assert second.output.strip().startswith("0 texts were spoken now, 175 were there already.")
    assert len(list((data_folder / "speech").glob("*.wav"))) == 175


def test_without_the_program_it_says_so_and_nothing_is_made(data_folder: Path) -> None:
    refused = speak()

    assert refused.exit_code == 1
    assert refused.stderr.strip() == (
        "espeak-ng is not installed. Tours can be read, and not listened to. [SPEAKER_NOT_INSTALLED]"
    )
    assert not data_folder.exists()


def test_a_speaker_that_fails_stops_it_and_what_was_spoken_stays(
    tmp_path: Path, data_folder: Path
) -> None:
    count = tmp_path / "count"
    fourth = f"printf . >> {count}; [ $(/usr/bin/wc -c < {count}) -gt 3 ] && exit 1"
    a_quick_speaker(tmp_path, fourth)

    refused = speak()
    a_quick_speaker(tmp_path)
    again = speak()

    assert (refused.exit_code, "[SPEAKER_FAILED]" in refused.stderr) == (1, True)
    assert again.output.strip().startswith("172 texts were spoken now, 3 were there already.")
