"""The two clients of MongoDB. They share their API, but for which calls are awaited: see `settled`."""

import inspect
from datetime import UTC
from typing import Any, Final

from bson.codec_options import TypeDecoder, TypeRegistry
from bson.int64 import Int64
from pymongo import AsyncMongoClient
from typing_extensions import override

from api.kit.store.contract import StoreError

CALL_SECONDS: Final = 15
CONNECT_SECONDS: Final = 5

Driver = Any  # a client, database, collection or session of either driver: they share no types


class _PlainInteger(TypeDecoder):
    """Gives integers of 64 bits as int, not as the driver's own class."""

    @property
    @override
    def bson_type(self) -> type[Int64]:
        return Int64

    @override
    def transform_bson(self, value: int) -> int:
        return int(value)


def connected(url: str, driver: str) -> Driver:
    """Return a client; `driver` is "motor" or "pymongo", else raises StoreError."""
    options: dict[str, Any] = {
        "tz_aware": True,
        "tzinfo": UTC,
        "timeoutMS": CALL_SECONDS * 1000,  # sent to the server as maxTimeMS of every command
        "serverSelectionTimeoutMS": CONNECT_SECONDS * 1000,
        "connectTimeoutMS": CONNECT_SECONDS * 1000,
        "w": "majority",
        "readConcernLevel": "majority",
        "type_registry": TypeRegistry([_PlainInteger()]),
        "appname": "laocai",
    }
    if driver == "motor":
        from motor.motor_asyncio import AsyncIOMotorClient

        return AsyncIOMotorClient(url, **options)
    if driver == "pymongo":
        return AsyncMongoClient(url, **options)
    raise StoreError(f"the driver is motor or pymongo, not {driver!r}")


async def settled(value: Driver) -> Driver:
    """Return `value`, awaited where this driver returns something to await."""
    return await value if inspect.isawaitable(value) else value
