"""A store of snapshots, as MongoDB's transactions are: who began together see nothing of each other.

Of two that wrote the same document the second to commit loses. Two that wrote different ones both
commit, also where each of them decided by what the other changed (write skew): that is what a test
looks for here, since the embedded engine lets one writer in after the other.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass

from typing_extensions import override

from api.kit.store import WriteConflict
from tests.store.model import Documents, ModelStore


@dataclass(slots=True)
class _Snapshot:
    store: "SnapshotStore"
    before: Documents
    documents: Documents

    async def commit(self) -> None:
        self.store.merge(self.before, self.documents)

    async def roll_back(self) -> None:
        return


class SnapshotStore(ModelStore):
    """The first `meeting` transactions wait for each other before they go on from their snapshots."""

    def __init__(self, *, meeting: int) -> None:
        super().__init__()
        self.meet(meeting)
        self.conflicts = 0

    def meet(self, count: int) -> None:
        """Let the next `count` transactions wait for each other."""
        self._meeting = asyncio.Barrier(count) if count else None
        self._to_come = count

    @override
    @asynccontextmanager
    async def _begun(self) -> AsyncGenerator[None]:
        snapshot = _Snapshot(self, self._committed, deepcopy(self._committed))
        if self._meeting is not None and self._to_come:
            self._to_come -= 1
            await self._meeting.wait()
        async with self._transactions.begun(snapshot):  # type: ignore[arg-type] # is all it needs
            yield

    def merge(self, before: Documents, after: Documents) -> None:
        """Take over what changed since the snapshot. Raises WriteConflict for what somebody else changed."""
        merged = deepcopy(self._committed)
        for name, documents in after.items():
            for document_id in {*before[name], *documents}:
                was, is_now = before[name].get(document_id), documents.get(document_id)
                if was == is_now:
                    continue  # not written, or written as it was, which MongoDB does not count either
                if self._committed[name].get(document_id) != was:
                    self.conflicts += 1
                    raise WriteConflict(f"{name} {document_id}")
                if is_now is None:
                    del merged[name][document_id]
                else:
                    merged[name][document_id] = is_now
        self._committed = merged
