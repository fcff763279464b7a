"""The names this repository must not take from its dependencies."""

from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import ROOT


def test_graphql_is_graphql_core() -> None:
    spec = find_spec("graphql")

    assert spec is not None
    assert spec.origin is not None, "graphql resolved to a folder without __init__.py"
    assert "site-packages" in Path(spec.origin).parts, f"{spec.origin} shadows graphql-core"


@pytest.mark.parametrize("folder", ["graphql", "docker", "tests/graphql"])
def test_folder_holds_no_python(folder: str) -> None:
    assert not list((ROOT / folder).rglob("*.py")), (
        f"{folder}/ holds no Python (see graphql/README.md)"
    )


def test_there_is_no_folder_of_tests_named_graphql() -> None:
    assert not (ROOT / "tests" / "graphql").exists()


@pytest.mark.parametrize("name", ["api", "notifications", "locales"])
def test_our_package_names_are_free(name: str) -> None:
    assert set(packages_distributions().get(name, [])) <= {"laocai"}


def test_the_chatbot_is_imported_by_nobody() -> None:
    importers = [
        path
        for folder in ("api", "notifications", "locales")
        for path in (ROOT / folder).rglob("*.py")
        if any(
            line.startswith(("import chatbot", "from chatbot", "import rasa", "from rasa"))
            for line in path.read_text(encoding="utf-8").splitlines()
        )
    ]

    assert importers == []
