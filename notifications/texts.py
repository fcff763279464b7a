"""Stand-in until the outbox of texts is merged."""

from api.kit.clock import Clock
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Store
from notifications.text_message import TextMessage

TEXT_OUTBOX = CollectionSpec("text_outbox")


class Texts:
    def __init__(self, store: Store, sealer: Sealer, clock: Clock) -> None:
        self._texts = store[TEXT_OUTBOX]

    async def queue(self, message: TextMessage) -> None:
        await self._texts.insert({"_id": message.id, "to": message.to, "body": message.body})
