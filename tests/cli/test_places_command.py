"""`laocai places`, as an operator runs it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.settings import settings


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LAOCAI_DATA_FOLDER", str(tmp_path))
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture(scope="session")
def seeded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeded")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LAOCAI_DATA_FOLDER", str(folder))
        settings.cache_clear()
        CliRunner().invoke(app, ["seed"])
    return folder


@pytest.fixture
def seeded(seeded_once: Path, data_folder: None, tmp_path: Path) -> None:
    settings.cache_clear()
    shutil.copytree(seeded_once, tmp_path, dirs_exist_ok=True)


def places(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["places", *map(str, arguments)])


@pytest.mark.parametrize("name", ["places.geojson", "places.jsonld"])
def test_an_export_is_taken_in_again_without_a_change(
    seeded: None, tmp_path: Path, name: str
) -> None:
    exported = places("export", tmp_path / name)
    imported = places("import", tmp_path / name)

    size = (tmp_path / name).stat().st_size
    assert exported.stdout == f"Wrote {tmp_path / name}: {size} bytes.\n"
    assert (imported.exit_code, imported.stdout) == (0, "Added: 0; changed: 0.\n")
    assert list(tmp_path.glob("*.partial")) == []


@pytest.mark.parametrize("name", ["a folder.geojson", "nowhere/places.geojson"])
def test_a_file_that_cannot_be_written_is_told_without_a_traceback(
    seeded: None, tmp_path: Path, name: str
) -> None:
    (tmp_path / "a folder.geojson").mkdir()

    refused = places("export", tmp_path / name)

    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "Invalid value" in refused.stderr
    assert list(tmp_path.glob("*.partial")) == []


def test_a_dry_run_tells_what_an_import_then_does(seeded: None, tmp_path: Path) -> None:
    file = tmp_path / "places.geojson"
    places("export", file)
    document = json.loads(file.read_text())
    document["features"][0]["properties"]["altitude"] = 3_147.3
    document["features"].append(document["features"][1] | {"id": "new"})
    file.write_text(json.dumps(document))

    dry = places("import", file, "--dry-run")
    done = places("import", file)

    changes = "H01: altitude\nnew: new\n"
    assert dry.stdout == f"{changes}Would add: 1; would change: 1.\n"
    assert done.stdout == f"{changes}Added: 1; changed: 1.\n"
    assert places("import", file).stdout == "Added: 0; changed: 0.\n"


def test_a_refused_file_is_named_by_row_id_and_field(seeded: None, tmp_path: Path) -> None:
    file = tmp_path / "places.geojson"
    places("export", file)
    document = json.loads(file.read_text())
    document["features"][0]["properties"]["altitude"] = 1
    document["features"][2]["properties"]["category"] = "NOWHERE"
    file.write_text(json.dumps(document))

    result = places("import", file)

    assert (result.exit_code, result.stderr) == (
        1,
        "Row 3 (H03), category: This value is not possible. [INVALID_EXCHANGE]\n",
    )
    assert places("import", file, "--dry-run").exit_code == 1


@pytest.mark.parametrize("name", ["places.csv", "places"])
def test_a_file_of_another_format_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("{}")

    assert places("import", tmp_path / name).exit_code == 1
    assert "must end with .geojson or .jsonld" in places("export", tmp_path / name).stderr
    assert (tmp_path / name).read_text() == "{}"
