"""Secrets come from files that the environment names, and never show."""

from pathlib import Path

import pytest

from api.secret_files import UnreadableSecret
from api.settings import Settings
from tests.cli.test_checked_settings import laocai

SECRET = "a-secret-of-more-than-thirty-two-characters"  # noqa: S105 - of these tests only


def read() -> Settings:
    return Settings(_env_file=None)  # type: ignore[call-arg] # pydantic-settings takes it


def named(monkeypatch: pytest.MonkeyPatch, file: Path, name: str, text: str) -> None:
    file.write_text(text)
    monkeypatch.setenv(name, str(file))


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_a_secret_is_what_its_file_holds(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(monkeypatch, tmp_path / "ticket", "LAOCAI_TICKET_SECRET_FILE", SECRET + ending)

    secret = read().ticket_secret

    assert secret is not None
    assert secret.get_secret_value() == SECRET


def test_a_list_of_secrets_stands_in_its_file_as_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f'["{SECRET}", "{SECRET}-2"]'
    named(monkeypatch, tmp_path / "gateway", "LAOCAI_SMS_GATEWAY_SECRETS_FILE", text)

    secrets = [one.get_secret_value() for one in read().sms_gateway_secrets]

    assert secrets == [SECRET, f"{SECRET}-2"]


def test_a_secret_given_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named(monkeypatch, tmp_path / "ticket", "LAOCAI_TICKET_SECRET_FILE", SECRET)
    monkeypatch.setenv("LAOCAI_TICKET_SECRET", SECRET)

    with pytest.raises(UnreadableSecret, match="LAOCAI_TICKET_SECRET_FILE and LAOCAI_TICKET"):
        read()


@pytest.mark.parametrize("text", ["", "\n", "x" * 65_537])
def test_a_file_without_a_secret_is_refused(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(monkeypatch, tmp_path / "device", "LAOCAI_DEVICE_KEY_FILE", text)

    with pytest.raises(UnreadableSecret, match="LAOCAI_DEVICE_KEY_FILE names a file that holds no"):
        read()


def test_a_file_that_is_no_list_is_refused_without_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(monkeypatch, tmp_path / "gateway", "LAOCAI_SMS_GATEWAY_SECRETS_FILE", SECRET)

    with pytest.raises(UnreadableSecret) as refusal:
        read()

    assert SECRET not in str(refusal.value)


def test_a_file_that_is_missing_ends_the_command_with_the_variable_s_name() -> None:
    ran = laocai("settings", LAOCAI_MONGODB_URL_FILE="/nowhere/url")

    assert ran.returncode == 2
    assert ran.stderr.splitlines() == ["LAOCAI_MONGODB_URL_FILE cannot be read (FileNotFoundError)"]


def test_a_file_is_no_misspelt_setting(tmp_path: Path) -> None:
    file = tmp_path / "ticket"
    file.write_text(SECRET)

    ran = laocai("settings", LAOCAI_TICKET_SECRET_FILE=str(file))

    assert (ran.returncode, ran.stderr) == (0, "")
    assert SECRET not in ran.stdout
