"""The contract of this working copy against the released one, and the command that compares them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.contract.__main__ import app
from api.contract.change_log import released, unnamed, with_changes
from api.contract.changes import Change, Level, changes_between
from api.contract.deprecations import unfounded
from api.contract.published import Contract, contract_in, released_in, write_release
from api.edge.published_documents import PublishedDocuments
from api.kit.graphql_request import GraphQLRequest, document_id
from api.kit.request_refusals import PersistedQueryNotFound
from tests.conftest import ROOT

SDL = "type Query {\n  market: String\n  day: String\n}\n"
LOG = "# Changes\n\n## Unreleased\n\n## 1.0, 2026-01-01\n\nThe first.\n"
NEW = Change(Level.SAFE, "FIELD_ADDED", "Field Query.eve was added")
GONE = Change(Level.BREAKING, "FIELD_REMOVED", "Field Query.day was removed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A contract with one document, as released."""
    (tmp_path / "operations" / "tourism").mkdir(parents=True)
    (tmp_path / "operations" / "tourism" / "Market.graphql").write_text("query Market { market }")
    (tmp_path / "schema.graphql").write_text(SDL)
    (tmp_path / "CHANGELOG.md").write_text(LOG)
    write_release(tmp_path, contract_in(tmp_path))
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Callable[..., Result]:
    """Return what calls `python -m api.contract` on that folder."""
    return lambda *words: CliRunner().invoke(app, [*words, "--folder", str(folder)])


def test_apps_on_the_released_contract_go_on_and_the_log_names_every_change() -> None:
    folder = ROOT / "graphql"
    now, before = contract_in(folder), released_in(folder)
    # Those that did not change are validated one by one in test_schema.py.
    altered = {
        name: text for name, text in before.documents.items() if now.documents.get(name) != text
    }

    changes = changes_between(replace(before, documents=altered), now, datetime.now(UTC).date())

    assert [one for one in changes if one.level is Level.BREAKING] == []
    assert unnamed(changes, (folder / "CHANGELOG.md").read_text("utf-8")) == [], (
        "run `make schema-log`, and say in the log what it is for"
    )


def test_what_is_deprecated_here_says_why_and_until_when() -> None:
    assert unfounded(contract_in(ROOT / "graphql").schema()) == []


def test_only_the_newest_section_counts() -> None:
    log = LOG.replace("The first.", f"- {NEW.text}")

    assert unnamed([NEW], log) == [NEW]


def test_missing_lines_are_added_once() -> None:
    log = with_changes([GONE, NEW], LOG)

    assert log == (
        "# Changes\n\n## Unreleased\n\n### Breaks apps\n\n- Field Query.day was removed\n\n"
        "### New\n\n- Field Query.eve was added\n\n## 1.0, 2026-01-01\n\nThe first.\n"
    )
    assert with_changes([GONE, NEW], log) == log


def test_a_release_closes_the_section() -> None:
    log = released(with_changes([NEW], LOG), "1.1", date(2026, 2, 3))

    assert log.startswith("# Changes\n\n## Unreleased\n\n## 1.1, 2026-02-03\n")
    assert unnamed([NEW], log) == [NEW]


def test_the_command_passes_what_did_not_change(run: Callable[..., Result]) -> None:
    told = run("check")

    assert (told.exit_code, told.output) == (0, "")


def test_the_command_refuses_a_planted_break(folder: Path, run: Callable[..., Result]) -> None:
    (folder / "schema.graphql").write_text(SDL.replace("  market: String\n", ""))

    told = run("check")

    assert told.exit_code == 1
    assert told.stdout.splitlines() == [
        "breaking\tDOCUMENT_REFUSED\ttourism/Market is refused: Cannot query field 'market' on type 'Query'",
        "breaking\tFIELD_REMOVED\tField Query.market was removed",
    ]


def test_the_command_wants_the_log_to_name_it(folder: Path, run: Callable[..., Result]) -> None:
    (folder / "schema.graphql").write_text(SDL.replace("day:", "eve: String\n  day:"))

    silent, _, named = run("check"), run("log"), run("check")

    assert (silent.exit_code, named.exit_code) == (1, 0)
    assert silent.stderr == "CHANGELOG.md does not name it: Field Query.eve was added.\n"


def test_the_command_compares_with_another_folder(
    folder: Path, tmp_path: Path, run: Callable[..., Result]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "schema.graphql").write_text(SDL.replace("  day: String\n", ""))

    told = run("check", "--against", str(other))

    assert (told.exit_code, told.stdout) == (0, "safe\tFIELD_ADDED\tField Query.day was added\n")


def test_a_release_with_a_break_changes_nothing(folder: Path, run: Callable[..., Result]) -> None:
    (folder / "schema.graphql").write_text(SDL.replace("  day: String\n", ""))

    told = run("release", "1.1")

    assert told.exit_code == 1
    assert released_in(folder).sdl == SDL
    assert (folder / "CHANGELOG.md").read_text() == LOG


def test_a_release_becomes_what_is_compared_with(folder: Path, run: Callable[..., Result]) -> None:
    longer = SDL.replace("day:", "eve: String\n  day:")
    (folder / "schema.graphql").write_text(longer)

    codes = [run("log").exit_code, run("release", "1.1").exit_code, run("check").exit_code]

    assert codes == [0, 0, 0]
    assert released_in(folder) == Contract(longer, {"tourism/Market": "query Market { market }"})


@pytest.mark.parametrize("only_these", [True, False])
def test_a_document_of_the_last_release_is_still_known(folder: Path, only_these: bool) -> None:
    path = folder / "operations" / "tourism" / "Market.graphql"
    path.write_text("query Market { market day }")
    known = PublishedDocuments.in_folder(folder / "operations", only_these=only_these)

    def asked(text: str) -> str:
        return known.document(GraphQLRequest(None, None, None, document_id(text)))

    assert asked("query Market { market }") == "query Market { market }"
    assert asked("query Market { market day }") == "query Market { market day }"
    with pytest.raises(PersistedQueryNotFound):
        asked("query Market { day }")
