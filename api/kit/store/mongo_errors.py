"""What the drivers raise, as errors of the contract."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

from bson.errors import BSONError
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    DocumentTooLarge,
    ExecutionTimeout,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    WTimeoutError,
)

from api.kit.store.contract import (
    DuplicateKey,
    StoreError,
    StoreUnavailable,
    UnsupportedOperator,
    WriteConflict,
)

_DUPLICATE_KEY = 11000
# BadValue, TypeMismatch, PathNotViable, and a document that grew too large.
_UNFIT = frozenset({2, 14, 28, 10334, 17419, 17420})
# WriteConflict, SnapshotUnavailable, NoSuchTransaction.
_CONFLICTS = frozenset({112, 246, 251})


@contextmanager
def translated_errors(collection: str) -> Generator[None]:
    """Turn what the drivers raise into errors of the contract."""
    try:
        yield
    except (PyMongoError, BSONError, OverflowError) as error:
        raise store_error(collection, error) from error


def store_error(collection: str, error: Exception) -> StoreError:
    """Return the error of the contract for an error of a driver."""
    if isinstance(error, BulkWriteError):
        errors: list[dict[str, Any]] = error.details["writeErrors"] or [{}]
        return _of_code(collection, errors[0].get("code"), errors[0], error)
    if isinstance(error, ExecutionTimeout | NetworkTimeout | WTimeoutError | ConnectionFailure):
        return StoreUnavailable(str(error))
    if isinstance(error, DocumentTooLarge | BSONError | OverflowError):
        return UnsupportedOperator(str(error))
    if isinstance(error, OperationFailure):
        return _of_code(collection, error.code, error.details or {}, error)
    return (
        StoreUnavailable(str(error)) if getattr(error, "timeout", False) else StoreError(str(error))
    )


def _of_code(
    collection: str, code: int | None, details: Mapping[str, Any], error: PyMongoError
) -> StoreError:
    if code == _DUPLICATE_KEY:
        return DuplicateKey(collection, _duplicate_fields(details))
    if code in _CONFLICTS or error.has_error_label("TransientTransactionError"):
        return WriteConflict(str(error))
    if code in _UNFIT:
        return UnsupportedOperator(str(error))
    return StoreError(str(error))


def _duplicate_fields(details: Mapping[str, Any]) -> tuple[str, ...]:
    pattern: Mapping[str, Any] = details.get("keyPattern") or {"_id": 1}
    return tuple(pattern)
