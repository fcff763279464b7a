"""What rules, dashboards and runbooks name is there: figures, pages and commands."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from api.cli import app as cli
from tests.conftest import ROOT
from tests.seeing.conftest import Told

RULES = ROOT / "docker" / "prometheus" / "rules.yml"
DASHBOARDS = sorted((ROOT / "docker" / "grafana" / "dashboards").glob("*.json"))
RUNBOOKS = ROOT / "docs" / "runbooks"
_OF_PROMETHEUS = frozenset({"up"})
_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_NOT_NAMES = re.compile(r'"[^"]*"|\{[^}]*\}|\[[^\]]*\]|\b(?:by|without)\s*\([^)]*\)')
_FUNCTIONS = frozenset(
    [
        "sum",
        "rate",
        "max",
        "min",
        "count",
        "histogram_quantile",
        "topk",
        "absent",
        "time",
        "vector",
        "or",
        "and",
        "unless",
        "le",
    ]
)


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def names_in(expression: str) -> frozenset[str]:
    """Return the figures that a PromQL expression reads."""
    return frozenset(_NAME.findall(_NOT_NAMES.sub(" ", expression))) - _FUNCTIONS


def labels_in(expression: str) -> Iterator[tuple[str, str]]:
    """Yield each figure with a label that the expression asks of it."""
    for name, matchers in re.findall(r"([a-z_]+)\{([^}]*)\}", expression):
        for label in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", matchers):
            yield name, label


def expressions() -> Iterator[tuple[str, str]]:
    for rule in rules():
        yield rule["alert"], rule["expr"]
    for path in DASHBOARDS:
        for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]:
            for target in panel.get("targets", ()):
                yield f"{path.stem}: {panel['title']}", target["expr"]


EXPRESSIONS = list(expressions())


def test_every_figure_that_is_read_is_told(told: Told) -> None:
    read = {where: names_in(expression) for where, expression in EXPRESSIONS}

    untold = {where: names - told.names for where, names in read.items()}

    assert all(read.values())
    assert {where: names for where, names in untold.items() if names - _OF_PROMETHEUS} == {}


def test_a_figure_that_nobody_tells_is_found(told: Told) -> None:
    read = names_in('sum by (lane) (rate(laocai_outbox_dept{lane="EXTREME"}[5m])) > 0.2 * 3')

    assert read == {"laocai_outbox_dept"}
    assert not read <= told.names


def test_a_label_that_is_asked_for_is_one_of_the_figure(told: Told) -> None:
    asked = {pair for _, expression in EXPRESSIONS for pair in labels_in(expression)}

    unknown = {pair for pair in asked if pair[0] not in _OF_PROMETHEUS and pair not in told.labels}

    assert asked
    assert unknown == set()


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_every_rule_leads_to_a_runbook_and_says_how_urgent_it_is(rule: dict[str, Any]) -> None:
    runbook = Path(rule["annotations"]["runbook"])

    assert (ROOT / runbook).is_file()
    assert runbook.parent == Path("docs/runbooks")
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"].endswith(".")


def test_every_rule_is_said_in_the_runbook_it_leads_to() -> None:
    unsaid = [
        rule["alert"]
        for rule in rules()
        if rule["alert"] not in (ROOT / rule["annotations"]["runbook"]).read_text(encoding="utf-8")
    ]

    assert unsaid == []


@pytest.mark.parametrize("path", sorted(RUNBOOKS.glob("*.md")), ids=lambda path: path.stem)
def test_commands_and_figures_of_a_runbook_exist(told: Told, path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    unknown = [
        command
        for command in re.findall(r"`laocai ([^`]+)`", text)
        if not is_command(typer.main.get_command(cli), command.split())
    ]
    # A page says `laocai_store_seconds` for the three names of that histogram.
    untold = {
        name
        for name in re.findall(r"\blaocai_[a-z_]+", text)
        if not {name, f"{name}_count"} & told.names
    }

    assert unknown == []
    assert untold == set()


def test_a_command_that_does_not_exist_is_found() -> None:
    root = typer.main.get_command(cli)

    assert is_command(root, ["alerts", "feed", "list"])
    assert not is_command(root, ["alerts", "feed", "mend"])
    assert not is_command(root, ["audit", "verify", "--anyhow"])


def is_command(command: Any, words: list[str]) -> bool:  # noqa: ANN401 - a class of Typer's own Click
    """Tell whether these words lead to a command that has these options."""
    while commands := getattr(command, "commands", None):
        if not words or words[0] not in commands:
            return False
        command, words = commands[words[0]], words[1:]
    options = {
        name
        for parameter in command.params
        for name in (*parameter.opts, *parameter.secondary_opts)
    }
    return all(word in options for word in words if word.startswith("--"))


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_can_be_loaded(path: Path) -> None:
    dashboard = json.loads(path.read_text(encoding="utf-8"))
    ids = [panel["id"] for panel in dashboard["panels"]]

    assert dashboard["uid"] == path.stem
    assert len(set(ids)) == len(ids)
    assert {one["name"] for one in dashboard["templating"]["list"]} == {"datasource"}
