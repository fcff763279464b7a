"""The durable outbox of SMS and e-mail: a document a text, its content sealed, never in clear.

A text is due at `due_at`; to lease it is to push that moment forward in one conditional update, so
the texts of a worker that died simply come due again. What is settled loses its content at once;
the rest stays until a week after the text's end, so that an id that comes again is still known.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from api.kit.clock import Clock
from api.kit.ids import new_id
from api.kit.resealing import seal_anew
from api.kit.sealing import SealBroken, Sealer
from api.kit.store import Collection, CollectionSpec, Document, DuplicateKey, Filter, Index, Store
from notifications.outbox import Waiting
from notifications.text_message import Channel, KeptText, TextFate, TextMessage, TextState

KEPT_SECONDS = 7 * 24 * 3600
LEASE_SECONDS = 15.0
_WITHDRAWN = "Withdrawn"
_AT_ONCE = 500

TEXT_OUTBOX = CollectionSpec(
    "text_outbox",
    (
        Index(("state", "channel", "expires_at")),
        Index(("address_index",)),
        Index(("person_id", "queued_at")),
        Index(("expires_at",), expire_after_seconds=KEPT_SECONDS),
    ),
)


@dataclass(frozen=True, slots=True)
class LeasedText:
    """A text in the hands of one worker, still sealed. `attempt` counts from 1."""

    id: str
    channel: Channel
    expires_at: datetime
    attempt: int
    lease: str
    document: Document


def address_index(sealer: Sealer, to: str) -> str:
    """Return the blind index of an address: its letters' case does not matter."""
    return sealer.blind_index(to.strip().casefold(), "text address")


class TextOutbox:
    """All queries on texts, and the only place that knows the documents' shape."""

    def __init__(self, store: Store, sealer: Sealer, clock: Clock) -> None:
        self._texts = store[TEXT_OUTBOX]
        self._sealer = sealer
        self._clock = clock

    async def add(self, message: TextMessage) -> None:
        """Queue it, unless a text of this id is there; joins the open transaction."""
        with suppress(DuplicateKey):
            await self._texts.insert(self._new_document(message))

    async def lease(self, channel: Channel) -> LeasedText | None:
        """Take, of what is due on this channel, the text that ends first, or None."""
        now = self._clock()
        lease = new_id()
        document = await self._texts.update_one(
            {"state": TextState.QUEUED.value, "channel": channel.value, "due_at": {"$lte": now}},
            {
                "$set": {"due_at": now + timedelta(seconds=LEASE_SECONDS), "lease": lease},
                "$inc": {"attempts": 1},
            },
            sort=[("expires_at", 1)],
        )
        return _leased(document, lease) if document else None

    async def is_due(self) -> bool:
        """Tell whether there is anything to lease."""
        due = {"state": TextState.QUEUED.value, "due_at": {"$lte": self._clock()}}
        return await self._texts.find_one(due) is not None

    async def waiting(self, channel: Channel) -> Waiting:
        """Return what of a channel is not settled."""
        now = self._clock()
        queued = {"state": TextState.QUEUED.value, "channel": channel.value}
        oldest = await self._texts.find_one(queued, sort=[("queued_at", 1)])
        if oldest is None:
            return Waiting(0, 0.0, 0)
        leased = {**queued, "due_at": {"$gt": now}, "lease": {"$ne": None}}
        age = (now - oldest["queued_at"]).total_seconds()
        return Waiting(await self._texts.count(queued), age, await self._texts.count(leased))

    def message(self, text: LeasedText) -> TextMessage:
        """Return what was sealed. Raises SealBroken."""
        return opened(self._sealer, TEXT_OUTBOX, text.document)

    async def give_back(
        self, text: LeasedText, due_at: datetime, reason: str, *, may_have_gone: bool = False
    ) -> bool:
        """Let it come due again at `due_at`; False when it is another worker's now, or erased."""
        change = {"due_at": due_at, "lease": None, "reason": reason}
        answered = {"answered": 0 if may_have_gone else 1}
        return await self._while_held(text, {"$set": change, "$inc": answered})

    async def settle(self, text: LeasedText, state: TextState, reason: str) -> bool:
        """Note how it ended and remove its content; False as in `give_back`."""
        return await self._while_held(
            text, {**self._settled(state, reason), "$inc": {"answered": 1}}
        )

    async def withdraw(self, text_ids: Sequence[str]) -> None:
        """Let these texts end now: what a worker has in hand may still go, and nothing else of them."""
        for start in range(0, len(text_ids), _AT_ONCE):
            queued = {
                "_id": {"$in": list(text_ids[start : start + _AT_ONCE])},
                "state": TextState.QUEUED.value,
            }
            ended = self._settled(TextState.EXPIRED, _WITHDRAWN)
            await self._texts.update_many({**queued, "lease": None}, ended)
            # Whoever has one in hand, or takes over from a worker that died with it, finds it ended.
            await self._texts.update_many(queued, {"$min": {"expires_at": self._clock()}})

    async def fates(self, text_ids: Sequence[str]) -> dict[str, TextFate]:
        """Return what has become of those texts that are still known, by id."""
        found: dict[str, TextFate] = {}
        for start in range(0, len(text_ids), _AT_ONCE):
            kept = await self._texts.get_many(text_ids[start : start + _AT_ONCE])
            found.update((text_id, _fate(document)) for text_id, document in kept.items())
        return found

    async def of_person(self, person_id: str) -> list[KeptText]:
        """Return the person's texts, oldest first."""
        found = await self._texts.find({"person_id": person_id}, sort=[("queued_at", 1)])
        return [self._kept(document) for document in found]

    async def erase_person(self, person_id: str) -> None:
        await self._texts.delete_many({"person_id": person_id})

    async def erase_address(self, to: str) -> None:
        await self._texts.delete_many({"address_index": address_index(self._sealer, to)})

    async def seal_anew(self) -> int:
        """Seal some contents anew, as Resealed has it."""
        return await seal_content_anew(self._texts, self._sealer, TEXT_OUTBOX)

    def _new_document(self, message: TextMessage) -> Document:
        now = self._clock()
        return {
            "_id": message.id,
            **sealed_fields(self._sealer, TEXT_OUTBOX, message),
            "state": TextState.QUEUED.value,
            "queued_at": now,
            "due_at": now,
            "lease": None,
            "attempts": 0,
            "answered": 0,
            "settled_at": None,
            "reason": "",
        }

    def _settled(self, state: TextState, reason: str) -> dict[str, Mapping[str, Any]]:
        change = {
            "state": state.value,
            "due_at": None,
            "lease": None,
            "reason": reason,
            "settled_at": self._clock(),
        }
        return {"$set": change, "$unset": {"content": None}}

    async def _while_held(self, text: LeasedText, update: Mapping[str, Mapping[str, Any]]) -> bool:
        held: Filter = {"_id": text.id, "lease": text.lease}
        return await self._texts.update_one(held, update) is not None

    def _kept(self, document: Document) -> KeptText:
        return KeptText(
            id=document["_id"],
            channel=Channel(document["channel"]),
            language=document["language"],
            state=TextState(document["state"]),
            queued_at=document["queued_at"],
            settled_at=document["settled_at"],
            message=opened_if_kept(self._sealer, TEXT_OUTBOX, document),
        )


def sealed_fields(sealer: Sealer, spec: CollectionSpec, message: TextMessage) -> Document:
    """Return the fields of a message's document in `spec`: address, subject and body sealed together."""
    content = {"to": message.to, "subject": message.subject, "body": message.body}
    return {
        "channel": message.channel.value,
        "language": message.language,
        "expires_at": message.expires_at,
        "person_id": message.person_id,
        "address_index": address_index(sealer, message.to),
        "content": sealer.seal(content, _place(spec, message.id)),
    }


def opened(sealer: Sealer, spec: CollectionSpec, document: Document) -> TextMessage:
    """Return the message of a document of `spec`. Raises SealBroken."""
    content = sealer.open(document["content"], _place(spec, document["_id"]))
    return TextMessage(
        id=document["_id"],
        channel=Channel(document["channel"]),
        to=content["to"],
        subject=content["subject"],
        body=content["body"],
        language=document["language"],
        expires_at=document["expires_at"],
        person_id=document["person_id"],
    )


def opened_if_kept(sealer: Sealer, spec: CollectionSpec, document: Document) -> TextMessage | None:
    """Return the message, or None when its content was removed or its key is gone."""
    if "content" not in document:
        return None
    try:
        return opened(sealer, spec, document)
    except SealBroken:
        return None


async def seal_content_anew(texts: Collection, sealer: Sealer, spec: CollectionSpec) -> int:
    """Seal some contents of `spec` anew, as Resealed has it."""
    return await seal_anew(texts, sealer, "content", lambda text_id: _place(spec, text_id))


def _fate(document: Document) -> TextFate:
    state = TextState(document["state"])
    if state is TextState.QUEUED:
        return TextFate.WAITING
    # A try of which nothing was noted: its worker died, or the service did not answer.
    is_unsure = document["attempts"] > document.get("answered", document["attempts"])
    return TextFate.GONE if state is TextState.SENT or is_unsure else TextFate.NEVER


def _place(spec: CollectionSpec, text_id: str) -> str:
    return f"{spec.name}/{text_id}"


def _leased(document: Document, lease: str) -> LeasedText:
    return LeasedText(
        id=document["_id"],
        channel=Channel(document["channel"]),
        expires_at=document["expires_at"],
        attempt=document["attempts"],
        lease=lease,
        document=document,
    )
