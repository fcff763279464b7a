"""The texts of the operations that the contract folder publishes, by name: `safety/RaiseSos`."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import orjson


@cache
def operation_texts(operations: Path) -> Mapping[str, str]:
    """Return every `*.graphql` under `operations`, read once."""
    files = sorted(operations.rglob("*.graphql"))
    return {_name(file, operations): file.read_text(encoding="utf-8") for file in files}


@cache
def released_texts(operations: Path) -> Mapping[str, str]:
    """Return those of the last release, `released/operations.json` beside that folder, read once.

    They stay published: apps that were built on them are on people's phones.
    """
    released = operations.parent / "released" / "operations.json"
    texts: dict[str, str] = orjson.loads(released.read_bytes()) if released.is_file() else {}
    return texts


def texts_of(operations: Path, names: Iterable[str]) -> frozenset[str]:
    """Return what is published under these names, now and in the last release. Raises KeyError."""
    current, released = operation_texts(operations), released_texts(operations)
    now = {name: current[name] for name in names}
    return frozenset((*now.values(), *(released[name] for name in now if name in released)))


def _name(file: Path, operations: Path) -> str:
    return file.relative_to(operations).with_suffix("").as_posix()
