"""Whether the keys at hand are those of the store: with others, nothing opens and nobody is found."""

from contextlib import suppress

from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, DuplicateKey, Store

SEALING_ROOT = CollectionSpec("sealing_root")
_ID = "root"


class KeysOfAnotherStore(Exception):
    """The key file's root is not the one under which this store's indexes were made."""

    def __init__(self) -> None:
        super().__init__(
            "The key file does not belong to this store: put the store's own back (LAOCAI_KEYS_FILE,"
            " else keys.json in the data folder). A new one was made if there was none."
        )


async def check_keys_fit(store: Store, sealer: Sealer) -> None:
    """Note the root of a new store; of any other, raise KeysOfAnotherStore unless it is the same."""
    digest = sealer.digest("root of the store")
    noted = store[SEALING_ROOT]
    if await noted.get(_ID) is None:
        with suppress(DuplicateKey):  # another process notes its own now: it is compared below
            await noted.insert({"_id": _ID, "digest": digest})
    kept = await noted.get(_ID)
    if kept is None or kept["digest"] != digest:
        raise KeysOfAnotherStore
