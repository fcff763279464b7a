"""What editors do to trails: import a line, change what is said, withdraw."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from api.accounts.caller import PROVINCE, Caller, Grant, Role
from api.kit.audit_log import AuditEntry, AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.ids import new_id
from api.kit.store import Store
from api.kit.transactions import transact
from api.tourism.closures.ways import Places
from api.tourism.commune_index import CommuneIndex
from api.tourism.errors import ChangedMeanwhile
from api.tourism.trails.courses import course_of
from api.tourism.trails.errors import DifficultyMissing, EndNotFound, TrailNotFound
from api.tourism.trails.files import line_in
from api.tourism.trails.line import Line
from api.tourism.trails.repository import TrailRepository
from api.tourism.trails.trail import Course, Trail, TrailFacts, TrailOrigin
from api.tourism.trails.writing import NOTHING_YET, WrittenFacts, WrittenLine

OPERATOR = "cli"
"""Who acts from the command line, in the audit log."""
_RIGHT = str(Grant(Role.CONTENT_EDITOR, PROVINCE))

Work = Callable[[], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Seen:
    """A trail as an editor saw it."""

    trail_id: str
    version: int


class TrailEditing:
    """Every change is in the audit log, in the same transaction; a trail that was edited stays so."""

    def __init__(
        self,
        store: Store,
        places: Places,
        communes: CommuneIndex,
        idempotency: Idempotency,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._store = store
        self._trails = TrailRepository(store)
        self._places = places
        self._communes = communes
        self._idempotency = idempotency
        self._audit = audit
        self._clock = clock

    async def add(
        self, caller: Caller, line: WrittenLine, facts: WrittenFacts, idempotency_key: str
    ) -> Trail:
        """Make a trail of the line in a file; the same call again answers the same trail.

        Raises NotSignedIn, NotAllowed, IdempotencyProblem, or a TourismProblem for what is refused.
        """
        person_id = caller.require(Role.CONTENT_EDITOR, PROVINCE)
        drawn, course = await self._drawn(line)
        work = self._adding(person_id, _RIGHT, drawn, course, facts)
        asked = {**line.asked(), **facts.asked()}
        return await self._once(person_id, "importTrail", idempotency_key, asked, work)

    async def add_as_operator(self, line: WrittenLine, facts: WrittenFacts) -> Trail:
        """Make a trail from the command line. Raises a TourismProblem for what is refused."""
        drawn, course = await self._drawn(line)
        work = self._adding(OPERATOR, OPERATOR, drawn, course, facts)
        return await self._kept((await transact(self._store, work))["trail"])

    async def redraw(
        self, caller: Caller, seen: Seen, line: WrittenLine, facts: WrittenFacts, key: str
    ) -> Trail:
        """Put the line in a file in place of the trail's. Raises what `add` and `change` do."""
        person_id = caller.require(Role.CONTENT_EDITOR, PROVINCE)
        drawn, course = await self._drawn(line)
        work = self._redrawing(person_id, _RIGHT, seen, drawn, course, facts)
        asked = {**line.asked(), **facts.asked(), "id": seen.trail_id, "version": seen.version}
        return await self._once(person_id, "importTrail", key, asked, work)

    async def redraw_as_operator(
        self, trail_id: str, line: WrittenLine, facts: WrittenFacts
    ) -> Trail:
        """Redraw from the command line, whatever the version."""
        drawn, course = await self._drawn(line)
        seen = Seen(trail_id, (await self._shown(trail_id)).version)
        work = self._redrawing(OPERATOR, OPERATOR, seen, drawn, course, facts)
        return await self._kept((await transact(self._store, work))["trail"])

    async def change(self, caller: Caller, seen: Seen, facts: WrittenFacts, key: str) -> Trail:
        """Change what `facts` names.

        Raises NotSignedIn, NotAllowed, TrailNotFound, EndNotFound, InvalidText, InvalidMonths,
        IdempotencyProblem, and ChangedMeanwhile when the trail is not of the version seen any more.
        """
        person_id = caller.require(Role.CONTENT_EDITOR, PROVINCE)

        async def work() -> dict[str, Any]:
            trail = await self._expected(seen)
            changed = replace(trail, facts=await self._checked(facts, trail.facts, trail.course))
            return await self._replace(person_id, _RIGHT, "trail.change", changed)

        asked = {**facts.asked(), "id": seen.trail_id, "version": seen.version}
        return await self._once(person_id, "changeTrail", key, asked, work)

    async def withdraw(self, caller: Caller, seen: Seen, key: str) -> Trail:
        """Show a trail no more; the shipped content does not bring it back. Raises as `change`."""
        person_id = caller.require(Role.CONTENT_EDITOR, PROVINCE)

        async def work() -> dict[str, Any]:
            withdrawn = replace(await self._expected(seen), is_withdrawn=True)
            return await self._replace(person_id, _RIGHT, "trail.withdraw", withdrawn)

        asked = {"id": seen.trail_id, "version": seen.version}
        return await self._once(person_id, "withdrawTrail", key, asked, work)

    def _adding(
        self, actor: str, right: str, line: Line, course: Course, facts: WrittenFacts
    ) -> Work:
        trail_id = new_id()

        async def work() -> dict[str, Any]:
            trail = Trail(
                id=trail_id,
                facts=await self._checked(facts, NOTHING_YET, course),
                course=course,
                origin=TrailOrigin.EDITED,
                changed_at=self._clock(),
            )
            await self._trails.add(trail, line)
            await self._note(actor, right, "trail.add", trail)
            return {"trail": trail.id}

        return work

    def _redrawing(
        self, actor: str, right: str, seen: Seen, line: Line, course: Course, facts: WrittenFacts
    ) -> Work:
        async def work() -> dict[str, Any]:
            trail = await self._expected(seen)
            said = await self._checked(facts, trail.facts, course)
            changed = replace(trail, facts=said, course=course)
            return await self._replace(actor, right, "trail.redraw", changed, line)

        return work

    async def _drawn(self, written: WrittenLine) -> tuple[Line, Course]:
        def drawn() -> tuple[Line, Course]:
            line = line_in(written.document, written.format, self._communes)
            return line, course_of(line, written.kind, written.accuracy_metres)

        return await asyncio.to_thread(drawn)

    async def _checked(self, written: WrittenFacts, was: TrailFacts, course: Course) -> TrailFacts:
        """Return the facts changed. A place that was at an end before may be gone from the lists."""
        facts = written.of(was)
        if course.is_sketch and facts.difficulty is None:
            raise DifficultyMissing
        ends = {
            "startPlaceId": (was.start_place_id, facts.start_place_id),
            "endPlaceId": (was.end_place_id, facts.end_place_id),
        }
        new = {
            field: now for field, (before, now) in ends.items() if now is not None and now != before
        }
        known = await self._places.places_known(list(new.values()))
        for field, place_id in new.items():
            if place_id not in known:
                raise EndNotFound(field)
        return facts

    async def _once(
        self, person_id: str, operation: str, key: str, asked: dict[str, Any], work: Work
    ) -> Trail:
        result = await self._idempotency.once(person_id, operation, key, asked, work)
        return await self._kept(result["trail"])

    async def _kept(self, trail_id: str) -> Trail:
        trail = await self._trails.get(trail_id)
        if trail is None:
            raise TrailNotFound
        return trail

    async def _shown(self, trail_id: str) -> Trail:
        trail = await self._trails.shown(trail_id)
        if trail is None:
            raise TrailNotFound
        return trail

    async def _expected(self, seen: Seen) -> Trail:
        trail = await self._shown(seen.trail_id)
        if trail.version != seen.version:
            raise ChangedMeanwhile
        return trail

    async def _replace(
        self, actor: str, right: str, action: str, trail: Trail, line: Line | None = None
    ) -> dict[str, Any]:
        edited = replace(trail, origin=TrailOrigin.EDITED, changed_at=self._clock())
        stored = await self._trails.replace(edited, line)
        if stored is None:
            raise ChangedMeanwhile
        await self._note(actor, right, action, stored)
        return {"trail": trail.id}

    async def _note(self, actor: str, right: str, action: str, trail: Trail) -> None:
        details = {"version": trail.version, "points": trail.course.points}
        await self._audit.append(AuditEntry(actor, action, trail.id, right, details))
