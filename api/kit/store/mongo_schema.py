"""Collections and indexes on the server, created where they are missing."""

from typing import Any

from pymongo.errors import CollectionInvalid, OperationFailure

from api.kit.store.contract import CollectionSpec, Index
from api.kit.store.mongo_connection import Driver
from api.kit.store.mongo_queries import mongo_filter
from api.kit.store.queries import AllOf
from api.kit.store.specs import partial_comparisons

_NAMESPACE_EXISTS = 48


async def create(database: Driver, spec: CollectionSpec) -> None:
    """Create what is missing of a collection; raises what the driver raises."""
    try:
        await database.create_collection(spec.name)
    except CollectionInvalid:
        pass  # it is there
    except OperationFailure as error:
        if error.code != _NAMESPACE_EXISTS:
            raise
    for index in spec.indexes:
        await database[spec.name].create_index(_index_keys(index), **_index_options(index))


def _index_keys(index: Index) -> list[tuple[str, int]]:
    """Return the fields, and `_id` where it helps to read in order."""
    keys = [(path, 1) for path in index.fields]
    ordered = not (index.unique or index.many or index.expire_after_seconds is not None)
    return [*keys, ("_id", 1)] if ordered else keys


def _index_options(index: Index) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if index.unique:
        options["unique"] = True
    if index.partial:
        terms = tuple(partial_comparisons(index))
        options["partialFilterExpression"] = mongo_filter(AllOf(terms))
    if index.expire_after_seconds is not None:
        options["expireAfterSeconds"] = index.expire_after_seconds
    return options
