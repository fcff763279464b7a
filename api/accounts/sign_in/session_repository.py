"""Sessions as documents: each a family of refresh tokens, one generation after the other."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Filter, Index, Store

IDLE_AT_MOST = timedelta(days=60)
LASTS_AT_MOST = timedelta(days=365)
_ENDED_KEPT_FOR = timedelta(days=30)

SESSIONS = CollectionSpec(
    "sessions", (Index(("person_id",)), Index(("kept_until",), expire_after_seconds=0))
)


class EndReason(StrEnum):
    SIGNED_OUT = auto()
    REUSED = auto()
    """A refresh token came that had been replaced: one of its two holders is a thief."""
    ERASED = auto()


@dataclass(frozen=True, slots=True, repr=False)
class Session:
    """One signed-in app. `generation`: of the newest refresh token; `rotated_at`: since when.

    `seed` goes into the tokens; `claim` is a digest of the idempotency key that began it.
    """

    id: str
    person_id: str
    seed: str
    claim: str
    generation: int
    rotated_at: datetime
    created_at: datetime
    expires_at: datetime
    app: str
    ended_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at


class SessionRepository:
    """All queries on sessions."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._sessions = store[SESSIONS]
        self._sealer = sealer

    async def get(self, session_id: str) -> Session | None:
        document = await self._sessions.get(session_id)
        return self._session(document) if document else None

    async def add(self, session: Session) -> None:
        await self._sessions.insert(self._document(session))

    async def rotate(self, session: Session, now: datetime) -> Session | None:
        """Begin the next generation; None when somebody was faster, or the session has ended."""
        expires_at = min(now + IDLE_AT_MOST, session.created_at + LASTS_AT_MOST)
        document = await self._sessions.update_one(
            {**_open(now), "_id": session.id, "generation": session.generation},
            {
                "$inc": {"generation": 1},
                "$set": {
                    "rotated_at": now,
                    "expires_at": expires_at,
                    "kept_until": expires_at + _ENDED_KEPT_FOR,
                },
            },
        )
        return self._session(document) if document else None

    async def end(self, session_id: str, reason: EndReason, now: datetime) -> Session | None:
        """End an open session; None when there is none of this id."""
        return await self._end({"_id": session_id}, reason, now)

    async def end_own(self, session_id: str, person_id: str, now: datetime) -> Session | None:
        """End an open session of this person; None when there is none of this id."""
        own = {"_id": session_id, "person_id": person_id}
        return await self._end(own, EndReason.SIGNED_OUT, now)

    async def end_all(self, person_id: str, reason: EndReason, now: datetime) -> list[str]:
        """End every open session of a person, and return their ids."""
        ended: list[str] = []
        while session := await self._end({"person_id": person_id}, reason, now):
            ended.append(session.id)
        return ended

    async def of_person(self, person_id: str, now: datetime) -> list[Session]:
        """Return the open ones, the newest first."""
        found = await self._sessions.find(
            {**_open(now), "person_id": person_id}, sort=[("created_at", -1)]
        )
        return [self._session(document) for document in found]

    async def every_of(self, person_id: str) -> list[Session]:
        """Return the ended ones too, the newest first."""
        found = await self._sessions.find({"person_id": person_id}, sort=[("created_at", -1)])
        return [self._session(document) for document in found]

    async def remove_all(self, person_id: str) -> None:
        await self._sessions.delete_many({"person_id": person_id})

    async def seal_anew(self) -> int:
        """Seal with the current key what an older one sealed; return how many that were."""
        return await seal_anew(self._sessions, self._sealer, "app", _place)

    async def _end(self, which: Filter, reason: EndReason, now: datetime) -> Session | None:
        document = await self._sessions.update_one(
            {**which, "ended_at": None},
            {
                "$set": {
                    "ended_at": now,
                    "ended_because": reason.value,
                    "kept_until": now + _ENDED_KEPT_FOR,
                }
            },
        )
        return self._session(document) if document else None

    def _document(self, session: Session) -> Document:
        return {
            "_id": session.id,
            "person_id": session.person_id,
            "seed": session.seed,
            "claim": session.claim,
            "generation": session.generation,
            "rotated_at": session.rotated_at,
            "created_at": session.created_at,
            "expires_at": session.expires_at,
            "app": self._sealer.seal(session.app, _place(session.id)),
            "ended_at": session.ended_at,
            "kept_until": session.expires_at + _ENDED_KEPT_FOR,
        }

    def _session(self, document: Document) -> Session:
        return Session(
            id=document["_id"],
            person_id=document["person_id"],
            seed=document["seed"],
            claim=document["claim"],
            generation=document["generation"],
            rotated_at=document["rotated_at"],
            created_at=document["created_at"],
            expires_at=document["expires_at"],
            app=self._sealer.open(document["app"], _place(document["_id"])),
            ended_at=document["ended_at"],
        )


def _open(now: datetime) -> dict[str, object]:
    return {"ended_at": None, "expires_at": {"$gt": now}}


def _place(session_id: str) -> str:
    return f"sessions/{session_id}/app"
