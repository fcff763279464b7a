"""graphql/CHANGELOG.md: what app makers read of the changes, and what of it is missing."""

import re
from collections.abc import Iterable
from datetime import date

from api.contract.changes import Change, Level

UNRELEASED = "Unreleased"
_HEADING = re.compile(r"^## (?P<title>.+)$", re.MULTILINE)
_TITLES = {
    Level.BREAKING: "Breaks apps",
    Level.DUE: "Gone, as was announced",
    Level.DANGEROUS: "May surprise apps",
    Level.SAFE: "New",
}


def newest_section(log: str) -> str:
    """Return the text under the first heading of the log, "" when there is none."""
    start, end = _newest(log)
    return log[start:end]


def _newest(log: str) -> tuple[int, int]:
    headings = list(_HEADING.finditer(log))
    if not headings:
        return len(log), len(log)
    return headings[0].end(), headings[1].start() if len(headings) > 1 else len(log)


def unnamed(changes: Iterable[Change], log: str) -> list[Change]:
    """Return the changes that the newest section has no line of."""
    lines = {line.removeprefix("- ").strip() for line in newest_section(log).splitlines()}
    return [change for change in changes if change.text not in lines]


def with_changes(changes: Iterable[Change], log: str) -> str:
    """Return the log with the missing lines added at the end of its newest section."""
    missing = unnamed(changes, log)
    _, end = _newest(log)
    added = [
        f"### {_TITLES[level]}\n\n" + "\n".join(f"- {one.text}" for one in of_level)
        for level in Level
        if (of_level := [change for change in missing if change.level is level])
    ]
    if not added:
        return log
    longer = "\n\n".join([log[:end].rstrip(), *added])
    return f"{longer}\n\n{log[end:]}".rstrip() + "\n"


def released(log: str, version: str, day: date) -> str:
    """Return the log with its newest section under a version, and an empty one before it.

    Raises ValueError when the newest section is a release already.
    """
    heading = f"## {UNRELEASED}\n"
    if heading not in log:
        raise ValueError(f"the log has no heading {UNRELEASED}")
    return log.replace(heading, f"{heading}\n## {version}, {day.isoformat()}\n", 1)
