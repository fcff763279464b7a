"""Why a session was cancelled: kept for those who had a place in it, and for the job that tells them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from api.kit.store import CollectionSpec, Index, Store

KEPT_FOR = timedelta(days=60)
"""After the session's end."""

HEALTH_CANCELLED_SESSIONS = CollectionSpec(
    "health_cancelled_sessions", (Index(("kept_until",), expire_after_seconds=0),)
)


class CancellationReason(StrEnum):
    """What patients are told. A text of one's own could name somebody's illness."""

    PRACTITIONER_AWAY = auto()
    EQUIPMENT = auto()
    EMERGENCY = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class CancelledSession:
    session_id: str
    reason: CancellationReason
    at: datetime
    kept_until: datetime


class CancelledSessionRepository:
    """All queries on them. Every call joins the open transaction, if there is one."""

    def __init__(self, store: Store) -> None:
        self._cancelled = store[HEALTH_CANCELLED_SESSIONS]

    async def get(self, session_id: str) -> CancelledSession | None:
        document = await self._cancelled.get(session_id)
        if document is None:
            return None
        return CancelledSession(
            document["_id"],
            CancellationReason(document["reason"]),
            document["at"],
            document["kept_until"],
        )

    async def add(self, cancelled: CancelledSession) -> None:
        """Add one. Raises DuplicateKey when the session was cancelled before."""
        await self._cancelled.insert(
            {
                "_id": cancelled.session_id,
                "reason": cancelled.reason.value,
                "at": cancelled.at,
                "kept_until": cancelled.kept_until,
            }
        )
