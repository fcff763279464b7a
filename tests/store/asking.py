"""Collections to put questions to, and short ways to put them."""

from datetime import UTC, datetime
from typing import Any

from api.kit.store import Collection, CollectionSpec, Index
from api.kit.store.values import Value

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
# The same questions go to both: answered by reading everything, and by indexes.
PLAIN = CollectionSpec("plain")
INDEXED = CollectionSpec(
    "indexed",
    (
        Index(("value",)),
        Index(("place.commune", "rank")),
        Index(("tags",), many=True),
        Index(("at",)),
    ),
)


async def given(things: Collection, **values: Value) -> None:
    """Insert documents with these ids and these values of the field `value`."""
    await things.insert_many([{"_id": key, "value": value} for key, value in values.items()])


async def ids(things: Collection, filter: dict[str, Any], **options: Value) -> list[str]:
    """Return the ids of what is found."""
    return [document["_id"] for document in await things.find(filter, **options)]
