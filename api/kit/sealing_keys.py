"""The sealing keys over their life: added, put in force everywhere, and forgotten when that is safe."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from enum import StrEnum, auto

from api.kit.clock import Clock
from api.kit.errors import N_, DomainError
from api.kit.resealing import Resealed
from api.kit.sealing import KeyFile
from api.kit.store import CollectionSpec, Document, Store
from api.kit.store.values import Value, is_dictionary, is_list

FORGOTTEN_AFTER = timedelta(hours=1)
"""How long a key must not have sealed before it may go: longer than any transaction lasts."""
_DOCUMENTS_AT_ONCE = 500
_SEALED = re.compile(r"\b([0-9a-f]{8})\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]{22}")

Progress = Callable[[int, int], None]
"""Told how much is done, and of how much."""
Uses = dict[str, Counter[str]]
"""How many values of each collection are sealed under a key, by its id."""


class SealingKeyErrorCode(StrEnum):
    UNKNOWN_SEALING_KEY = auto()
    SEALING_KEY_IN_USE = auto()


class SealingKeyProblem(DomainError):
    """A sealing key that cannot be forgotten."""


class UnknownSealingKey(SealingKeyProblem):
    code = SealingKeyErrorCode.UNKNOWN_SEALING_KEY
    message = N_("There is no sealing key {key}.")


class SealsStill(SealingKeyProblem):
    code = SealingKeyErrorCode.SEALING_KEY_IN_USE
    message = N_(
        "The key {key} seals now, or did within the last {minutes} minutes. It cannot be forgotten yet."
    )


class SealedStill(SealingKeyProblem):
    """`uses`: by collection."""

    code = SealingKeyErrorCode.SEALING_KEY_IN_USE
    message = N_("{count} values are still sealed under the key {key}. It was not forgotten.")

    def __init__(self, key: str, uses: Counter[str]) -> None:
        self.uses = uses
        super().__init__(key=key, count=uses.total())


class SealingKeys:
    """`specs`: every collection there is; `holders`: those that can seal anew what they keep."""

    def __init__(
        self,
        store: Store,
        keys: KeyFile,
        specs: Sequence[CollectionSpec],
        holders: Sequence[Resealed],
        clock: Clock,
    ) -> None:
        self._store = store
        self._keys = keys
        self._specs = specs
        self._holders = holders
        self._clock = clock

    def ids(self) -> list[tuple[str, bool]]:
        """Return the id of each key, the oldest first, and whether it is the current one."""
        ring = self._keys.ring
        return [(key_id, key_id == ring.current) for key_id in ring.sealing]

    def add(self) -> str:
        """Add a key, which seals from now on, and return its id."""
        return self._keys.add_key()

    async def seal_all_anew(self, progress: Callable[[int], None] | None = None) -> int:
        """Seal anew what older keys sealed; return how many values that were.

        It may be stopped at any moment and done again. `progress` is told the count so far.
        """
        count = 0
        for holder in self._holders:
            while some := await holder.seal_anew():
                count += some
                if progress is not None:
                    progress(count)
        return count

    async def uses(self, progress: Progress | None = None) -> Uses:
        """Read every document, and count what is sealed under each key. A key without uses is left out."""
        known = frozenset(self._keys.ring.sealing)
        total = sum([await self._store[spec].count({}) for spec in self._specs])
        found: Uses = {}
        done = 0
        for spec in self._specs:
            after = ""
            while documents := await self._page(spec, after):
                for key_id in (k for document in documents for k in _key_ids(document)):
                    if key_id in known:
                        found.setdefault(key_id, Counter())[spec.name] += 1
                after = documents[-1]["_id"]
                done += len(documents)
                if progress is not None:
                    progress(done, max(done, total))
        return found

    async def forget(self, key_id: str, progress: Progress | None = None) -> None:
        """Remove an older key from the file, once it is proved that nothing is sealed under it.

        Raises UnknownSealingKey, SealsStill, SealedStill.
        """
        ring = self._keys.ring
        if key_id not in ring.sealing:
            raise UnknownSealingKey(key=key_id)
        # A transaction that began under the old key may still commit what no scan has seen.
        is_young = (
            ring.current_since is None or self._clock() - ring.current_since < FORGOTTEN_AFTER
        )
        if key_id == ring.current or is_young:
            raise SealsStill(key=key_id, minutes=int(FORGOTTEN_AFTER.total_seconds() // 60))
        if uses := (await self.uses(progress)).get(key_id):
            raise SealedStill(key_id, uses)
        self._keys.forget_key(key_id)

    async def _page(self, spec: CollectionSpec, after: str) -> list[Document]:
        return await self._store[spec].find({"_id": {"$gt": after}}, limit=_DOCUMENTS_AT_ONCE)


def _key_ids(value: Value) -> Iterator[str]:
    """Yield the key id of everything that looks sealed, wherever it lies in a document."""
    if isinstance(value, str):
        yield from (found[1] for found in _SEALED.finditer(value))
    elif is_dictionary(value):
        for member in value.values():
            yield from _key_ids(member)
    elif is_list(value):
        for element in value:
            yield from _key_ids(element)
