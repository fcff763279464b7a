"""What the README states of settings and files is what the code says."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINKS = sorted(set(re.findall(r"\]\(([^)#:]+)\)", README)))
PATHS = sorted(set(re.findall(r"`((?:api|notifications|docs|graphql|locales)/[\w./-]+)`", README)))


def test_the_settings_table_is_the_settings() -> None:
    printed = CliRunner().invoke(app, ["settings", "--markdown"])

    assert printed.stdout.strip() in README, "copy what `laocai settings --markdown` prints"


@pytest.mark.parametrize("path", LINKS + PATHS)
def test_what_it_points_to_is_there(path: str) -> None:
    assert (ROOT / path).exists()
