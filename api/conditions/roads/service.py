"""Events on the road: clerks of agencies add and end them, anybody sees them."""

import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.accounts.errors import NotAllowed
from api.conditions.errors import ChangedMeanwhile
from api.conditions.roads.along import EventOnRoute, Route
from api.conditions.roads.errors import (
    InvalidBounds,
    InvalidNotes,
    InvalidRoadEvent,
    InvalidRoute,
    RoadEventNotFound,
)
from api.conditions.roads.repository import RoadEventRepository
from api.conditions.roads.road_event import Bounds, RoadDirection, RoadEvent, RoadEventKind
from api.conditions.roads.telling_jobs import ask_to_tell
from api.kit.area import METRES_PER_DEGREE
from api.kit.audit_log import AuditEntry, AuditLog, Details
from api.kit.clock import Clock
from api.kit.geo import Position
from api.kit.idempotency import Idempotency
from api.kit.ids import is_id, new_id
from api.kit.jobs import Jobs
from locales import AVAILABLE

POINTS_AT_MOST, ROUTE_POINTS_AT_MOST = 200, 500
DAYS_AT_MOST = 60
NOTE_CHARACTERS_AT_MOST, SOURCE_CHARACTERS_AT_MOST = 500, 200
WITHIN_AT_LEAST, WITHIN_AT_MOST = 10.0, 2_000.0
_DEGREES_EAST_FOR_ONE_NORTH = 1.2
"""In the province, with something to spare."""


class Communes(Protocol):
    """Where positions lie: CommuneIndex, in the product."""

    def at(self, position: Position) -> str | None: ...


@dataclass(frozen=True, slots=True)
class NewRoadEvent:
    """As it was typed. Without `starts` it starts now, without `ends` it stays until it is ended."""

    agency_id: str
    kind: RoadEventKind
    line: tuple[Position, ...]
    source: str
    direction: RoadDirection = RoadDirection.BOTH
    road: str | None = None
    notes: tuple[tuple[str, str], ...] = ()
    report_code: str | None = None
    starts: datetime | None = None
    ends: datetime | None = None

    def event(self, now: datetime) -> RoadEvent:
        """Return it checked, but for where it lies. Raises InvalidNotes, InvalidRoadEvent."""
        texts = (self.source, self.road or "-", self.report_code or "-")
        moments = [it for it in (self.starts, self.ends) if it is not None]
        is_sound = (
            1 <= len(self.line) <= POINTS_AT_MOST
            and all(map(_is_line, texts))
            and all(it.tzinfo is not None for it in moments)
        )
        starts = self.starts or now
        if not is_sound or not _is_period(starts, self.ends, now):
            raise InvalidRoadEvent(points=POINTS_AT_MOST, days=DAYS_AT_MOST)
        return RoadEvent(
            id=new_id(),
            agency_id=self.agency_id,
            kind=self.kind,
            road=self.road,
            line=self.line,
            direction=self.direction,
            notes=_notes(self.notes),
            source=self.source.strip(),
            report_code=self.report_code,
            starts=starts.astimezone(UTC),
            ends=self.ends and self.ends.astimezone(UTC),
        )

    def asked(self) -> dict[str, Any]:
        """Return what tells one request from another."""
        return {
            "agency": self.agency_id,
            "kind": self.kind.value,
            "line": [[it.latitude, it.longitude] for it in self.line],
            "texts": [self.source, self.road, self.report_code],
            "direction": self.direction.value,
            "notes": [list(it) for it in self.notes],
            "times": [it and it.isoformat() for it in (self.starts, self.ends)],
        }


class RoadEventService:
    def __init__(
        self,
        events: RoadEventRepository,
        communes: Communes,
        jobs: Jobs,
        idempotency: Idempotency,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._events = events
        self._communes = communes
        self._jobs = jobs
        self._idempotency = idempotency
        self._audit = audit
        self._clock = clock

    async def within(self, bounds: Bounds, at: datetime | None = None) -> list[RoadEvent]:
        """Return what holds on a map at a moment, the latest begun first. Raises InvalidBounds."""
        is_sound = (
            -90 <= bounds.south < bounds.north <= 90 and -180 <= bounds.west < bounds.east <= 180
        )
        if not is_sound or (at is not None and at.tzinfo is None):
            raise InvalidBounds
        return await self._events.within(bounds, at or self._clock())

    async def closed(self, start: datetime, end: datetime) -> list[RoadEvent]:
        """Return the stretches that are closed at some moment of a time, 500 at most."""
        return await self._events.closed(start, end)

    async def along(self, points: Sequence[Position], within_metres: float) -> list[EventOnRoute]:
        """Return what holds now on a route, the first on it first. Raises InvalidRoute."""
        is_sound = (
            2 <= len(points) <= ROUTE_POINTS_AT_MOST
            and math.isfinite(within_metres)
            and WITHIN_AT_LEAST <= within_metres <= WITHIN_AT_MOST
        )
        if not is_sound:
            raise InvalidRoute(
                points=ROUTE_POINTS_AT_MOST, least=int(WITHIN_AT_LEAST), most=int(WITHIN_AT_MOST)
            )
        north = within_metres / METRES_PER_DEGREE
        around = Bounds.around(tuple(points))
        wide = around.widened(north, north * _DEGREES_EAST_FOR_ONE_NORTH)
        return Route(points).met(await self._events.within(wide, self._clock()), within_metres)

    async def add(self, caller: Caller, new: NewRoadEvent, key: str) -> RoadEvent:
        """Add an event, of which those who follow a route over it are told.

        Raises NotSignedIn, NotAllowed, InvalidNotes, InvalidRoadEvent, IdempotencyProblem.
        """
        person_id = caller.person()
        if not _is_clerk(caller, new.agency_id):
            raise NotAllowed
        event = new.event(self._clock())
        if not any(self._communes.at(it) for it in event.line):
            raise InvalidRoadEvent(points=POINTS_AT_MOST, days=DAYS_AT_MOST)

        async def work() -> dict[str, Any]:
            await self._events.add(event)
            await ask_to_tell(self._jobs, event, self._clock())
            await self._note(person_id, "road_event.add", event)
            return {"event": event.id}

        return await self._once(person_id, "addRoadEvent", key, new.asked(), work)

    async def end(self, caller: Caller, event_id: str, version: int, key: str) -> RoadEvent:
        """End an event now.

        Raises NotSignedIn, RoadEventNotFound, ChangedMeanwhile, IdempotencyProblem.
        """
        person_id = caller.person()

        async def work() -> dict[str, Any]:
            seen = await self._events.get(event_id) if is_id(event_id) else None
            if seen is None or not _is_clerk(caller, seen.agency_id):
                raise RoadEventNotFound
            if seen.version != version:
                raise ChangedMeanwhile
            ended = await self._events.replace(replace(seen, ended_at=self._clock()))
            if ended is None:
                raise ChangedMeanwhile
            await ask_to_tell(self._jobs, ended, self._clock())
            await self._note(person_id, "road_event.end", ended)
            return {"event": ended.id}

        asked = {"id": event_id, "version": version}
        return await self._once(person_id, "endRoadEvent", key, asked, work)

    async def _once(
        self,
        person_id: str,
        operation: str,
        key: str,
        asked: dict[str, Any],
        work: Callable[[], Awaitable[dict[str, Any]]],
    ) -> RoadEvent:
        result = await self._idempotency.once(person_id, operation, key, asked, work)
        found = await self._events.get(result["event"])
        if found is None:
            raise RoadEventNotFound
        return found

    async def _note(self, person_id: str, action: str, event: RoadEvent) -> None:
        right = str(Grant(Role.CLERK, Scope(ScopeKind.AGENCY, event.agency_id)))
        details: Details = {"kind": event.kind.name, "version": event.version}
        await self._audit.append(AuditEntry(person_id, action, event.id, right, details))


def _is_clerk(caller: Caller, agency_id: str) -> bool:
    return any(
        it.role is Role.CLERK and it.scope.kind is ScopeKind.AGENCY and it.scope.id == agency_id
        for it in caller.grants
    )


def _is_period(starts: datetime, ends: datetime | None, now: datetime) -> bool:
    longest = timedelta(days=DAYS_AT_MOST)
    return now - longest <= starts <= now + longest and (
        ends is None or (starts < ends <= starts + longest and ends > now)
    )


def _is_line(text: str) -> bool:
    return 0 < len(text.strip()) <= SOURCE_CHARACTERS_AT_MOST and text.isprintable()


def _notes(written: tuple[tuple[str, str], ...]) -> dict[str, str]:
    notes = {language: text.strip() for language, text in written}
    is_sound = (
        len(notes) == len(written)
        and notes.keys() <= set(AVAILABLE)
        and (not notes or "vi" in notes)
        and all(
            0 < len(it) <= NOTE_CHARACTERS_AT_MOST and it.isprintable() for it in notes.values()
        )
    )
    if not is_sound:
        raise InvalidNotes(most=NOTE_CHARACTERS_AT_MOST)
    return notes
