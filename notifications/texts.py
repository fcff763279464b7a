"""The door for SMS and e-mail: queue a text, and let go of what is kept of a person or an address."""

from collections.abc import Sequence
from dataclasses import replace

from api.kit.clock import Clock
from api.kit.sealing import Sealer
from api.kit.store import Store
from notifications.text_message import Channel, KeptText, TextFate, TextMessage, TextState
from notifications.text_outbox import TextOutbox
from notifications.text_recordings import TextRecording, TextRecordings

__all__ = ["Channel", "KeptText", "TextFate", "TextMessage", "TextRecording", "TextState", "Texts"]


class Texts:
    """Fills the outbox of texts; a worker (notifications.text_worker) empties it."""

    def __init__(self, store: Store, sealer: Sealer, clock: Clock) -> None:
        self._outbox = TextOutbox(store, sealer, clock)
        self._recordings = TextRecordings(store, sealer, clock)

    async def queue(self, message: TextMessage) -> None:
        """Queue a text; joins the open transaction, and is durable when that commits.

        Idempotent by `message.id`: a text of this id that is there already is left as it is.
        """
        await self._outbox.add(message)

    async def withdraw(self, text_ids: Sequence[str]) -> None:
        """Send these texts to nobody any more; what a worker has in hand may still go (`fates`)."""
        await self._outbox.withdraw(text_ids)

    async def fates(self, text_ids: Sequence[str]) -> dict[str, TextFate]:
        """Return whether these texts have gone out, by id; nothing of those that are no longer kept."""
        return await self._outbox.fates(text_ids)

    async def erase_person(self, person_id: str) -> None:
        """Remove every text of the person, queued, settled or recorded.

        One that a worker is sending at this moment may still arrive, and leaves no trace.
        """
        await self._outbox.erase_person(person_id)
        await self._recordings.erase_person(person_id)

    async def erase_address(self, to: str) -> None:
        """Remove every text to the address, whoever it was for, as `erase_person` does."""
        await self._outbox.erase_address(to)
        await self._recordings.erase_address(to)

    async def of_person(self, person_id: str) -> list[KeptText]:
        """Return the person's texts, oldest first, each with its content while that is kept."""
        recorded = await self._recordings.of_person(person_id)
        kept = await self._outbox.of_person(person_id)
        return [replace(text, message=text.message or recorded.get(text.id)) for text in kept]

    async def recorded(self, to: str | None, limit: int) -> list[TextRecording]:
        """Return what the recorder holds, newest first, to one address or to all."""
        return await self._recordings.latest(to, limit)

    async def seal_anew(self) -> int:
        """Seal some texts anew, as Resealed has it."""
        return await self._outbox.seal_anew() + await self._recordings.seal_anew()
