"""The one door to documents: a Protocol, and engines chosen by settings."""

from api.kit.store.contract import (
    Collection,
    CollectionSpec,
    Document,
    DuplicateKey,
    Filter,
    Index,
    Sort,
    Store,
    StoreError,
    StoreUnavailable,
    UnsupportedOperator,
    Update,
    WriteConflict,
)

__all__ = [
    "Collection",
    "CollectionSpec",
    "Document",
    "DuplicateKey",
    "Filter",
    "Index",
    "Sort",
    "Store",
    "StoreError",
    "StoreUnavailable",
    "UnsupportedOperator",
    "Update",
    "WriteConflict",
]
