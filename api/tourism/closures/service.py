"""Closures: who may close and lift, and what is closed when; free of HTTP and GraphQL."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from api.accounts.caller import PROVINCE, Caller, Grant, Role
from api.kit.audit_log import AuditEntry, AuditLog, Details
from api.kit.clock import Clock
from api.kit.geo import Position
from api.kit.idempotency import Idempotency
from api.kit.ids import is_id, new_id
from api.kit.pages import Listing, Page, checked_first
from api.tourism.closures.closing import ClosureChanges, NewClosure, check_part
from api.tourism.closures.closure import Closure, Way, WayKind, distance_to_circle
from api.tourism.closures.errors import ClosureEnded, ClosureNotFound, WayNotFound
from api.tourism.closures.repository import ClosureRepository
from api.tourism.closures.roads import Road
from api.tourism.closures.ways import WayKey, Ways
from api.tourism.commune_index import CommuneIndex
from api.tourism.errors import ChangedMeanwhile
from api.tourism.moments import checked_moment
from api.tourism.place_query import PlaceQuery

_ROADS = Listing("roads", (int,))
_BY_START = Listing("closures", (datetime, str))
_BY_DISTANCE = Listing("closures.near", (float, str))
_RIGHT = str(Grant(Role.CONTENT_EDITOR, PROVINCE))
_FAR = 1e8
"""Where nobody knows how far a way is, it comes last."""


Work = Callable[[], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class ClosureFound:
    """A closure, what it closes (None: that left the content), and metres from where was asked."""

    closure: Closure
    way: Way | None
    distance_metres: float | None = None


class ClosureService:
    def __init__(
        self,
        closures: ClosureRepository,
        ways: Ways,
        communes: CommuneIndex,
        idempotency: Idempotency,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._closures = closures
        self._ways = ways
        self._communes = communes
        self._idempotency = idempotency
        self._audit = audit
        self._clock = clock

    def roads(self, first: int, after: str | None) -> Page[Road]:
        """Return a page of the roads that can be closed. Raises InvalidPageSize, InvalidCursor."""
        start = _ROADS.values(after)
        numbered = list(enumerate(self._ways.roads.values()))
        rest = [it for it in numbered if start is None or it[0] > start[0]]
        numbers = {road.code: number for number, road in rest}
        found = [road for _, road in rest[: checked_first(first) + 1]]
        return _ROADS.page(found, first=first, after=after, values=lambda it: (numbers[it.code],))

    async def in_force(self, start: datetime, end: datetime) -> tuple[Closure, ...]:
        """Return what is closed at some moment from `start` to `end`; both aware."""
        return tuple(await self._closures.in_force(start, end))

    async def in_force_of(
        self, way: WayKind, way_ids: Collection[str], at: datetime | None = None
    ) -> dict[str, tuple[Closure, ...]]:
        """Return, by id, what is closed of these ways at a moment, now without one."""
        found = await self._closures.in_force_of(way, way_ids, at or self._clock())
        return {way_id: tuple(it for it in found if it.way_id == way_id) for way_id in set(way_ids)}

    async def of_trails(self, trail_ids: Sequence[str]) -> list[list[ClosureFound]]:
        """Return, for each of these trails, what is closed of it now, the latest begun first."""
        now = self._clock()
        closures = await self._closures.in_force_of(WayKind.TRAIL, trail_ids, now)
        found = await self._with_ways(closures)
        return [[it for it in found if it.closure.way_id == trail_id] for trail_id in trail_ids]

    async def closure(self, closure_id: str) -> ClosureFound | None:
        """Return a closure, also one that is over or not begun."""
        closure = await self._closures.get(closure_id) if is_id(closure_id) else None
        return (await self._with_ways([closure]))[0] if closure else None

    async def page(
        self, query: PlaceQuery, at: datetime | None, first: int, after: str | None
    ) -> Page[ClosureFound]:
        """Return what is closed at a moment: nearest first, or the latest begun first.

        Raises InvalidMoment, InvalidPageSize, InvalidCursor.
        """
        checked_first(first)
        moment = self._clock() if at is None else checked_moment(at)
        if query.near is not None:
            return await self._nearest_first(query, query.near, moment, first, after)
        closures = await self._closures.page(moment, _BY_START.values(after), first + 1)
        return _BY_START.page(
            await self._with_ways(closures),
            first=first,
            after=after,
            values=lambda it: (it.closure.starts, it.closure.id),
        )

    async def close(self, caller: Caller, new: NewClosure, idempotency_key: str) -> ClosureFound:
        """Close a way or a part of it; the same call again answers the same closure.

        Raises NotSignedIn, NotAllowed, WayNotFound, InvalidClosedPart, ClosureElsewhere,
        InvalidMoment, InvalidPeriod, InvalidText and IdempotencyProblem.
        """
        person_id = caller.require(Role.CONTENT_EDITOR, PROVINCE)
        closure = new.closure(new_id(), self._clock())
        check_part(await self._way(closure), closure.area, self._communes)

        async def work() -> dict[str, Any]:
            await self._closures.add(closure)
            await self._note(person_id, "closure.add", closure)
            return {"closure": closure.id}

        return await self._once(person_id, "closeWay", idempotency_key, new.asked(), work)

    async def change(
        self,
        caller: Caller,
        closure_id: str,
        expected_version: int,
        changes: ClosureChanges,
        idempotency_key: str,
    ) -> ClosureFound:
        """Change what `changes` names of a closure that is not over.

        Raises what `close` does, ClosureNotFound, ClosureEnded, and ChangedMeanwhile when it is not
        of the expected version any more.
        """
        person_id = caller.require(Role.CONTENT_EDITOR, PROVINCE)

        async def work() -> dict[str, Any]:
            seen = await self._open(closure_id, expected_version)
            changed = changes.of(seen, self._clock())
            check_part(await self._way(changed), changed.area, self._communes)
            await self._replace(person_id, "closure.change", changed)
            return {"closure": closure_id}

        asked = {"id": closure_id, "version": expected_version, **changes.asked()}
        return await self._once(person_id, "changeClosure", idempotency_key, asked, work)

    async def lift(
        self, caller: Caller, closure_id: str, expected_version: int, idempotency_key: str
    ) -> ClosureFound:
        """Open the way again, now; one that has not begun never begins.

        Raises NotSignedIn, NotAllowed, ClosureNotFound, ClosureEnded, ChangedMeanwhile and
        IdempotencyProblem.
        """
        person_id = caller.require(Role.CONTENT_EDITOR, PROVINCE)

        async def work() -> dict[str, Any]:
            seen = await self._open(closure_id, expected_version)
            lifted = replace(seen, lifted_at=self._clock())
            await self._replace(person_id, "closure.lift", lifted)
            return {"closure": closure_id}

        asked = {"id": closure_id, "version": expected_version}
        return await self._once(person_id, "liftClosure", idempotency_key, asked, work)

    async def _once(
        self, person_id: str, operation: str, key: str, asked: dict[str, Any], work: Work
    ) -> ClosureFound:
        result = await self._idempotency.once(person_id, operation, key, asked, work)
        found = await self.closure(result["closure"])
        if found is None:
            raise ClosureNotFound
        return found

    async def _open(self, closure_id: str, expected_version: int) -> Closure:
        closure = await self._closures.get(closure_id) if is_id(closure_id) else None
        if closure is None:
            raise ClosureNotFound
        if closure.until is not None and closure.until <= self._clock():
            raise ClosureEnded
        if closure.version != expected_version:
            raise ChangedMeanwhile
        return closure

    async def _replace(self, person_id: str, action: str, closure: Closure) -> None:
        stored = await self._closures.replace(closure)
        if stored is None:
            raise ChangedMeanwhile
        await self._note(person_id, action, stored)

    async def _note(self, person_id: str, action: str, closure: Closure) -> None:
        details: Details = {
            "way": closure.way.name,
            "id": closure.way_id,
            "version": closure.version,
        }
        await self._audit.append(AuditEntry(person_id, action, closure.id, _RIGHT, details))

    async def _way(self, closure: Closure) -> Way:
        key = (closure.way, closure.way_id)
        way = (await self._ways.known([key])).get(key)
        if way is None:
            raise WayNotFound
        return way

    async def _with_ways(self, closures: Sequence[Closure]) -> list[ClosureFound]:
        keys: set[WayKey] = {(it.way, it.way_id) for it in closures}
        ways = await self._ways.known(keys)
        return [ClosureFound(it, ways.get((it.way, it.way_id))) for it in closures]

    async def _nearest_first(
        self, query: PlaceQuery, near: Position, at: datetime, first: int, after: str | None
    ) -> Page[ClosureFound]:
        start = _BY_DISTANCE.values(after)
        found = await self._with_ways(await self._closures.in_force(at, at))
        within = _FAR if query.within_metres is None else query.within_metres
        measured = (replace(it, distance_metres=_distance(it, near)) for it in found)
        rest = sorted(
            (it for it in measured if (it.distance_metres or 0.0) <= within), key=_by_distance
        )
        behind = [it for it in rest if start is None or _by_distance(it) > start]
        return _BY_DISTANCE.page(behind, first=first, after=after, values=_by_distance)


def _distance(found: ClosureFound, near: Position) -> float | None:
    if found.closure.area is not None:
        return distance_to_circle(near, found.closure.area)
    return found.way.distance_from(near) if found.way else None


def _by_distance(found: ClosureFound) -> tuple[float, str]:
    metres = found.distance_metres
    return (_FAR if metres is None else metres, found.closure.id)
