"""`laocai open311`, as an operator runs it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.settings import settings


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LAOCAI_DATA_FOLDER", str(tmp_path))
    monkeypatch.setenv("LANG", "en")
    settings.cache_clear()
    yield
    settings.cache_clear()


def laocai(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["open311", *arguments])


def test_a_key_is_made_listed_and_ended() -> None:
    made = laocai("add", "System of Sa Pa", "--agency", "commune-03006")
    key = made.output.splitlines()[-1]
    key_id = key.split(".")[1]
    listed = laocai("list")

    ended = laocai("revoke", key_id)
    again = laocai("revoke", key_id)

    line = f"{key_id}  commune-03006  System of Sa Pa  active\n"
    assert made.output == f"The key of System of Sa Pa, shown this once:\n{key}\n"
    assert listed.output == line
    assert ended.output == again.output
    assert "revoked" in ended.output


def test_an_app_has_no_agency() -> None:
    laocai("add", "Sa Pa Fix")

    assert laocai("list").output.endswith("  app  Sa Pa Fix  active\n")


@pytest.mark.parametrize(
    "arguments",
    [("add", ""), ("add", "x" * 101), ("add", "a\nb"), ("add", "Sa Pa", "--agency", "nonsense")],
)
def test_what_is_no_key_is_refused(arguments: tuple[str, ...]) -> None:
    refused = laocai(*arguments)

    assert (refused.exit_code, laocai("list").output) == (1, "")
    assert "[INVALID_KEY]" in refused.output


def test_a_key_that_is_not_there_is_not_ended() -> None:
    refused = laocai("revoke", "nonsense")

    assert (refused.exit_code, refused.output) == (1, "There is no key with this id. [NOT_FOUND]\n")
