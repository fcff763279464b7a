"""`laocai alerts certificate` and `laocai alerts feed`, as an operator types them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.settings import settings
from tests.alerts.messages import SENDER
from tests.alerts.signing import Signer, a_signer


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LAOCAI_DATA_FOLDER", str(tmp_path))
    monkeypatch.setenv("LANG", "en")
    settings.cache_clear()
    yield
    settings.cache_clear()


def laocai(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["alerts", *arguments])


@pytest.fixture
def key_id() -> str:
    laocai("agency", "add", "Civil Defence", "--sender", SENDER, "--signed")
    return laocai("agency", "list").output.split()[0]


@pytest.fixture
def signer() -> Signer:
    return a_signer(begins=datetime.now(UTC), days=300)


def test_a_certificate_is_added_listed_and_revoked(
    tmp_path: Path, key_id: str, signer: Signer
) -> None:
    file = tmp_path / "agency.pem"
    file.write_bytes(signer.pem)

    added = laocai("certificate", "add", key_id, str(file))
    certificate_id = added.output.split()[0]
    listed = laocai("certificate", "list")
    revoked = laocai("certificate", "revoke", certificate_id)
    unknown = laocai("certificate", "revoke", "x")

    assert (added.exit_code, listed.output) == (0, added.output)
    assert "CN=Civil Defence" in added.output
    assert (revoked.exit_code, revoked.output.split()[2]) == (0, "revoked")
    assert (unknown.exit_code, unknown.output) == (
        1,
        "No certificate has this id. [CERTIFICATE_NOT_FOUND]\n",
    )


def test_what_is_no_certificate_is_refused(tmp_path: Path, key_id: str) -> None:
    file = tmp_path / "agency.pem"
    file.write_text("nonsense")

    refused = laocai("certificate", "add", key_id, str(file))

    assert (refused.exit_code, "[INVALID_CERTIFICATE]" in refused.output) == (1, True)
    assert laocai("certificate", "list").output == ""


def test_an_agency_may_be_freed_of_signing(key_id: str) -> None:
    before = laocai("agency", "list").output

    freed = laocai("agency", "signature", key_id, "--optional")

    assert freed.output == "Messages of Civil Defence need not be signed.\n"
    assert ("signed" in before, "signed" in laocai("agency", "list").output) == (True, False)


def test_a_feed_is_added_listed_and_removed(key_id: str) -> None:
    url = "https://agency.example/warnings.atom"

    added = laocai("feed", "add", key_id, url, "--host", "cdn.agency.example")
    feed_id = added.output.split()[0]
    listed = laocai("feed", "list")
    removed = laocai("feed", "remove", feed_id)

    assert listed.output == f"{feed_id}  {key_id}  60 s  not polled yet  ok  {url}\n"
    assert removed.output == f"{url} is not polled any more.\n"
    assert laocai("feed", "list").output == laocai("feed", "messages", feed_id).output == ""


def test_what_is_no_feed_is_refused(key_id: str) -> None:
    refused = laocai("feed", "add", key_id, "ftp://agency.example")

    assert (refused.exit_code, "[INVALID_FEED]" in refused.output) == (1, True)
