"""`laocai health-systems`, as an operator runs it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.settings import settings
from tests.health.fhir.hospital import SCOPES, jwk_of, key_set, rsa_key
from tests.health.places import FACILITY


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LAOCAI_DATA_FOLDER", str(tmp_path))
    monkeypatch.setenv("LANG", "en")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "jwks.json"
    path.write_text(key_set(jwk_of(rsa_key(), "first")), encoding="utf-8")
    return path


def laocai(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["health-systems", *arguments])


def test_a_system_is_added_listed_and_revoked(keys: Path) -> None:
    added = laocai("add", FACILITY, "--key", str(keys), "--name", "HIS Sa Pa")
    system_id = added.output.split()[0]
    listed = laocai("list")

    revoked = laocai("revoke", system_id)
    again = laocai("revoke", system_id)

    line = f"{system_id}  {FACILITY}  HIS Sa Pa  first  {SCOPES}  active\n"
    assert (added.exit_code, added.output, listed.output) == (0, line, line)
    assert (revoked.exit_code, "revoked" in revoked.output) == (0, True)
    assert (again.exit_code, again.output) == (1, "There is no system with this id. [NOT_FOUND]\n")


def test_what_is_no_key_set_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    path.write_bytes(b"\xff{}")

    refused = laocai("add", FACILITY, "--key", str(path))

    assert refused.exit_code == 1
    assert "[INVALID_KEYS]" in refused.output
    assert laocai("list").output == ""
