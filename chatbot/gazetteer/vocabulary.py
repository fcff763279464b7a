"""Reads vocabulary/*.yml: `values` hold, by language, how people write each; `parts` are choices for braces.

A language that ends in "-marked" counts only with its marks typed, in "-alone" only as a whole message, and in
"-town" it names the commune under `town` as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from gazetteer.entry import Entry
from gazetteer.expanding import spellings


def vocabulary(folder: Path) -> Iterator[Entry]:
    for path in sorted(folder.glob("*.yml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield from _listed(document)
        yield from _counted(document)


def _listed(document: dict[str, Any]) -> Iterator[Entry]:
    for value, languages in document["values"].items():
        for language, patterns in languages.items():
            for spelling in _all(patterns, document.get("parts", {})):
                yield Entry(
                    spelling.text,
                    document["entity"],
                    str(value),
                    only_marked="-marked" in language,
                    alone="-alone" in language,
                    before=spelling.before,
                    after=spelling.after,
                    town=document["town"] if "-town" in language else "",
                )


def _counted(document: dict[str, Any]) -> Iterator[Entry]:
    """Yield every number with every kind of people: "2 adults" is "2:adult"."""
    for language in document.get("counts", {}).values():
        for number, words in language["numbers"].items():
            parts = {**document.get("parts", {}), "n": words, **language.get("parts", {})}
            for kind, patterns in language["people"].items():
                for spelling in _all(patterns, parts):
                    yield Entry(
                        spelling.text,
                        document["entity"],
                        f"{number}:{kind}",
                        before=spelling.before,
                        after=spelling.after,
                    )


def _all(patterns: Iterable[str], parts: dict[str, str]) -> Iterator[Any]:
    for pattern in patterns:
        yield from spellings(pattern, parts)
