"""Ways into an account: addresses that were proved, and identities at a sign-in provider.

The document's id is a blind index, so one way leads into one account only, whoever is faster.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from api.accounts.sign_in.addresses import Address
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Index, Store
from notifications.text_message import Channel

WAYS_IN = CollectionSpec("ways_in", (Index(("person_id",)),))


class WayKind(StrEnum):
    PHONE = auto()
    EMAIL = auto()
    PROVIDER = auto()


_KINDS = {Channel.SMS: WayKind.PHONE, Channel.EMAIL: WayKind.EMAIL}


@dataclass(frozen=True, slots=True, repr=False)
class WayIn:
    """`value`: a number (E.164), an e-mail address, or a provider's `issuer subject`."""

    kind: WayKind
    value: str
    added_at: datetime

    @property
    def address(self) -> Address | None:
        """Where to write to; None for a provider."""
        channel = next((key for key, kind in _KINDS.items() if kind is self.kind), None)
        return Address(channel, self.value) if channel else None


def way_of(address: Address, now: datetime) -> WayIn:
    return WayIn(_KINDS[address.channel], address.value, now)


class WaysIn:
    """All queries on them."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._ways = store[WAYS_IN]
        self._sealer = sealer

    def index(self, way: WayIn) -> str:
        """Return the id under which this way is kept."""
        return self._sealer.blind_index(way.value, way.kind.value)

    async def person_behind(self, way: WayIn) -> str | None:
        document = await self._ways.get(self.index(way))
        return str(document["person_id"]) if document else None

    async def add(self, person_id: str, way: WayIn) -> None:
        """Let `way` lead into the account. Raises DuplicateKey when it leads into one."""
        index = self.index(way)
        await self._ways.insert(
            {
                "_id": index,
                "person_id": person_id,
                "kind": way.kind.value,
                "value": self._sealer.seal(way.value, _place(index)),
                "added_at": way.added_at,
            }
        )

    async def of_person(self, person_id: str) -> list[tuple[str, WayIn]]:
        """Return the ways into an account with their ids, the oldest first."""
        found = await self._ways.find({"person_id": person_id}, sort=[("added_at", 1)])
        return [(document["_id"], self._way(document)) for document in found]

    async def remove(self, person_id: str, way_id: str) -> bool:
        removed = await self._ways.delete_one({"_id": way_id, "person_id": person_id})
        return removed is not None

    async def remove_all(self, person_id: str) -> None:
        await self._ways.delete_many({"person_id": person_id})

    async def seal_anew(self) -> int:
        """Seal with the current key what an older one sealed; return how many that were."""
        return await seal_anew(self._ways, self._sealer, "value", _place)

    def _way(self, document: Document) -> WayIn:
        value = self._sealer.open(document["value"], _place(document["_id"]))
        return WayIn(WayKind(document["kind"]), value, document["added_at"])


def _place(index: str) -> str:
    return f"ways_in/{index}"
