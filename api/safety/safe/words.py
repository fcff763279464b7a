"""A word that one is safe, for people one names: a link that one shares, good for a week, to be taken back any time.

Whoever has the link reads it; the token in it is kept as a digest alone.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.accounts.caller import Caller
from api.kit.clock import Clock
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Index, Store
from api.kit.transactions import transact
from api.safety.askers import Askers, ShownDevice
from api.safety.errors import SafetyWordNotFound
from api.safety.plain_words import plain_words

SAFETY_WORDS = CollectionSpec(
    "safety_words", (Index(("who",)), Index(("kept_until",), expire_after_seconds=0))
)
KEPT_FOR = timedelta(days=7)
PATH = "/safety/v1/safe"
NAME_CHARACTERS_AT_MOST, NOTE_CHARACTERS_AT_MOST = 40, 160
_TOKEN_CHARACTERS_AT_MOST = 64


@dataclass(frozen=True, slots=True, repr=False)
class SafetyWord:
    """`called`: by what the others know whoever says it."""

    called: str
    note: str | None
    at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class SharedWord:
    """`url`: to be shared; it is told this once."""

    url: str
    word: SafetyWord


class SafetyWords:
    def __init__(
        self, store: Store, sealer: Sealer, askers: Askers, public_url: str, clock: Clock
    ) -> None:
        self._store = store
        self._words = store[SAFETY_WORDS]
        self._sealer = sealer
        self._askers = askers
        self._public_url = public_url
        self._clock = clock

    async def share(
        self, caller: Caller, device: ShownDevice | None, called: str, note: str | None
    ) -> SharedWord:
        """Say it. An earlier word of the caller's ends. Raises NotSignedIn, DeviceNotFound, InvalidText."""
        asker = await self._askers.of(caller, device)
        now, token = self._clock(), secrets.token_urlsafe(24)
        name = plain_words(called, "called", NAME_CHARACTERS_AT_MOST)
        words = plain_words(note, "note", NOTE_CHARACTERS_AT_MOST) if note else None
        word_id, ends_at = _digest(token), now + KEPT_FOR
        document = {
            "_id": word_id,
            "who": asker.key,
            "said": self._sealer.seal([name, words], _place(word_id)),
            "at": now,
            "kept_until": ends_at,
        }

        async def work() -> None:
            await self.forget(asker.key)
            await self._words.insert(document)

        await transact(self._store, work)
        return SharedWord(
            f"{self._public_url}{PATH}/{token}", SafetyWord(name, words, now, ends_at)
        )

    async def take_back(self, caller: Caller, device: ShownDevice | None) -> None:
        """Let the caller's links end. Raises NotSignedIn, DeviceNotFound."""
        asker = await self._askers.of(caller, device)
        await self.forget(asker.key)

    async def read(self, token: str) -> SafetyWord:
        """Return what a link says. Raises SafetyWordNotFound."""
        is_long = len(token) > _TOKEN_CHARACTERS_AT_MOST
        document = None if is_long else await self._words.get(_digest(token))
        if document is None or document["kept_until"] <= self._clock():
            raise SafetyWordNotFound
        return self._word(document)

    async def by(self, who: str) -> list[SafetyWord]:
        return list(map(self._word, await self._words.find({"who": who})))

    async def forget(self, who: str) -> None:
        await self._words.delete_many({"who": who})

    async def seal_anew(self) -> int:
        """Seal some words anew, as Resealed has it."""
        return await seal_anew(self._words, self._sealer, "said", _place)

    def _word(self, document: Document) -> SafetyWord:
        called, note = self._sealer.open(document["said"], _place(document["_id"]))
        return SafetyWord(called, note, document["at"], document["kept_until"])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _place(word_id: str) -> str:
    return f"safety_words/{word_id}/said"
