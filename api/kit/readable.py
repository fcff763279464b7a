"""Documents of which one may be broken, where it must not keep the others back: a warning to everybody else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

from api.kit.store import Document

Read = TypeVar("Read")

BROKEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What comes of reading a document that is not as it was written."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sifted(Generic[Read]):
    """Those that can be read, in their order, and why the others cannot be, by their ids."""

    readable: list[Read]
    broken: dict[str, Exception]


def readable(
    documents: Iterable[Document], read: Callable[[Document], Read], what: str
) -> list[Read]:
    """Return those that can be read, in their order; the others are logged by their ids."""
    sifted = sift(documents, read)
    log_broken(sifted.broken, what)
    return sifted.readable


def sift(documents: Iterable[Document], read: Callable[[Document], Read]) -> Sifted[Read]:
    """Read each document that can be read."""
    found: list[Read] = []
    broken: dict[str, Exception] = {}
    for document in documents:
        try:
            found.append(read(document))
        except BROKEN as error:
            broken[document["_id"]] = error
    return Sifted(found, broken)


def log_broken(broken: dict[str, Exception], what: str) -> None:
    for document_id, error in broken.items():
        log.error("document not read", what=what, id=document_id, exc_info=error)
