"""Sessions as documents: what the patients of a morning share, with the numbers of their queue."""

from collections.abc import Sequence
from datetime import datetime

from api.health.schedules.errors import SessionClosed, SessionNotFound
from api.health.schedules.records import ClinicSession, SessionState
from api.kit.ids import derived_id
from api.kit.store import CollectionSpec, Document, Index, Store

HEALTH_SESSIONS = CollectionSpec(
    "health_sessions", (Index(("facility_id", "start")), Index(("schedule_id", "start")))
)


def session_id_of(schedule_id: str, start: datetime) -> str:
    """Return the id of the session of a schedule that begins at a moment."""
    return derived_id("health session", schedule_id, start.isoformat())


class SessionRepository:
    """All queries on sessions. Every call joins the open transaction, if there is one."""

    def __init__(self, store: Store) -> None:
        self._sessions = store[HEALTH_SESSIONS]

    async def get(self, session_id: str) -> ClinicSession | None:
        document = await self._sessions.get(session_id)
        return _session(document) if document else None

    async def get_many(self, session_ids: Sequence[str]) -> dict[str, ClinicSession]:
        found = await self._sessions.get_many(sorted(set(session_ids)))
        return {session_id: _session(document) for session_id, document in found.items()}

    async def of_facility(
        self, facility_id: str, since: datetime, until: datetime
    ) -> list[ClinicSession]:
        """Return the sessions of a facility that begin from `since` to before `until`, by time."""
        return await self._between({"facility_id": facility_id}, since, until)

    async def of_schedule(
        self, schedule_id: str, since: datetime, until: datetime
    ) -> list[ClinicSession]:
        """Return the sessions of a schedule that begin from `since` to before `until`, by time."""
        return await self._between({"schedule_id": schedule_id}, since, until)

    async def make(self, sessions: Sequence[ClinicSession]) -> int:
        """Add the sessions that are not there yet; return how many. What is there stays as it is."""
        there = await self._sessions.get_many([one.id for one in sessions])
        missing = [_document(one) for one in sessions if one.id not in there]
        await self._sessions.insert_many(missing)
        return len(missing)

    async def take_number(self, session_id: str) -> int:
        """Return the next number of the queue, which nobody else is given.

        One conditional write. Raises SessionClosed, SessionNotFound.
        """
        counted = await self._sessions.update_one(
            {"_id": session_id, "state": SessionState.OPEN.value}, {"$inc": {"next_number": 1}}
        )
        if counted is not None:
            return int(counted["next_number"]) - 1
        raise await self._why_not(session_id)

    async def change(
        self, session: ClinicSession, *, delay_minutes: int | None = None, close: bool = False
    ) -> ClinicSession | None:
        """Say how late an open session runs, or end it; None when its version is another by now."""
        unchanged = {
            "_id": session.id,
            "version": session.version,
            "state": SessionState.OPEN.value,
        }
        fields: Document = {} if delay_minutes is None else {"delay_minutes": delay_minutes}
        if close:
            fields["state"] = SessionState.CLOSED.value
        changed = await self._sessions.update_one(
            unchanged, {"$set": fields, "$inc": {"version": 1}}
        )
        return _session(changed) if changed else None

    async def move_end(self, session_id: str, end: datetime) -> None:
        """Let an open session end at another time than planned before."""
        open_one = {"_id": session_id, "state": SessionState.OPEN.value}
        await self._sessions.update_one(open_one, {"$set": {"end": end}})

    async def remove_unused(self, session_ids: Sequence[str]) -> int:
        """Remove open sessions of which no number was ever given. None of their places may be had."""
        unused = {
            "_id": {"$in": list(session_ids)},
            "state": SessionState.OPEN.value,
            "next_number": 1,
        }
        return await self._sessions.delete_many(unused)

    async def forget(self, schedule_id: str, before: datetime) -> int:
        """Remove the sessions of a schedule that began before a moment."""
        return await self._sessions.delete_many(
            {"schedule_id": schedule_id, "start": {"$lt": before}}
        )

    async def _between(
        self, whose: Document, since: datetime, until: datetime
    ) -> list[ClinicSession]:
        asked = {**whose, "start": {"$gte": since, "$lt": until}}
        return list(map(_session, await self._sessions.find(asked, sort=[("start", 1)])))

    async def _why_not(self, session_id: str) -> SessionClosed | SessionNotFound:
        there = await self._sessions.get(session_id)
        return SessionNotFound() if there is None else SessionClosed()


def _document(session: ClinicSession) -> Document:
    return {
        "_id": session.id,
        "schedule_id": session.schedule_id,
        "facility_id": session.facility_id,
        "service_id": session.service_id,
        "practitioner_id": session.practitioner_id,
        "start": session.start,
        "end": session.end,
        "state": session.state.value,
        "next_number": session.next_number,
        "delay_minutes": session.delay_minutes,
        "version": session.version,
    }


def _session(document: Document) -> ClinicSession:
    fields = {name: value for name, value in document.items() if name not in {"_id", "state"}}
    return ClinicSession(id=document["_id"], state=SessionState(document["state"]), **fields)
