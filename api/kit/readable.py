"""Documents of which one may be broken, where it must not keep the others back: a warning to everybody else."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import structlog

from api.kit.store import Document

Read = TypeVar("Read")

BROKEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What comes of reading a document that is not as it was written."""

log = structlog.get_logger()


def readable(
    documents: Iterable[Document], read: Callable[[Document], Read], what: str
) -> list[Read]:
    """Return those that can be read, in their order; the others are logged by their ids."""
    found: list[Read] = []
    for document in documents:
        try:
            found.append(read(document))
        except BROKEN as error:
            log.error("document not read", what=what, id=document["_id"], exc_info=error)
    return found
