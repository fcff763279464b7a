"""What a migration is."""

from collections.abc import Callable
from dataclasses import dataclass

from api.kit.store import CollectionSpec, Document, Filter, Update


@dataclass(frozen=True, slots=True)
class Migration:
    """A change of the documents of one collection, once each.

    `id`: the day it was written and what it does; it stays for ever. `old`: what is yet to be changed.
    `change`: what to do with such a document. Code of before and of after must read both shapes, and the
    one before must write what the one after reads: two upgrades for each change.
    """

    id: str
    collection: CollectionSpec
    old: Filter
    change: Callable[[Document], Update]
