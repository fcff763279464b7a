"""Applies a checked roster: asked for in one transaction, done by a job in steps that are each whole.

Killed between two steps, the job goes on behind the last one. A roster that was applied already
changes nothing when it comes again: the pupil number says who is who.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from api.accounts.caller import Caller
from api.kit.audit_log import AuditLog, Details
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.idempotency import Idempotency
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import DuplicateKey, Store, WriteConflict
from api.kit.transactions import transact
from api.students.calendar.school_calendar import Shift
from api.students.pupils.leaving import ask_to_end
from api.students.pupils.pupil import Pupil, SchoolClass, class_id
from api.students.pupils.repository import PupilRepository, left
from api.students.roster.comparing import Outcome, applied, erase_at, outcome_of
from api.students.roster.errors import (
    RosterChanged,
    RosterHasFaults,
    RosterNotFound,
    RosterRunning,
)
from api.students.roster.repository import (
    HOLDS_FOR,
    Roster,
    RosterRepository,
    RosterState,
    roster_id,
)
from api.students.roster.rows import RosterRow
from api.students.staff import SchoolStaff, office_entry

APPLY_ROSTER = "students.apply_roster"
_PUPILS_AT_ONCE = 200

log = structlog.get_logger()


class RosterApplying:
    def __init__(
        self,
        store: Store,
        rosters: RosterRepository,
        pupils: PupilRepository,
        staff: SchoolStaff,
        jobs: Jobs,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._rosters = rosters
        self._pupils = pupils
        self._staff = staff
        self._jobs = jobs
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {APPLY_ROSTER: self._apply}

    async def apply(
        self,
        caller: Caller,
        school_id: str,
        year: int,
        digest: str,
        idempotency_key: str,
        *,
        is_whole: bool,
    ) -> Roster:
        """Ask for a checked roster to be applied. `is_whole`: whoever is missing in it has left.

        Raises NotSignedIn, NotAllowed, SchoolNotFound, RosterNotFound, RosterHasFaults,
        RosterChanged, RosterRunning and IdempotencyProblem.
        """
        person_id = self._staff.clerk(caller, school_id)
        checked_id = roster_id(school_id, year, digest)

        async def work() -> dict[str, Any]:
            await self._staff.hold_clerk(person_id, school_id)
            roster = await self._checked(checked_id)
            await self._begin(roster, is_whole=is_whole)
            await self._note(person_id, roster, is_whole=is_whole)
            return {"roster": checked_id}

        asked = {"roster": checked_id, "is_whole": is_whole}
        await self._idempotency.once(person_id, "applyRoster", idempotency_key, asked, work)
        return await self._found(checked_id)

    async def _checked(self, id: str) -> Roster:
        roster = await self._found(id)
        if roster.fault_count or not roster.row_count:
            raise RosterHasFaults(count=roster.fault_count)
        return roster

    async def _found(self, id: str) -> Roster:
        roster = await self._rosters.get(id)
        if roster is None:
            raise RosterNotFound
        return roster

    async def _begin(self, roster: Roster, *, is_whole: bool) -> None:
        if not await self._rosters.take_turn(roster):
            is_running = await self._rosters.is_running(roster.school_id)
            raise RosterRunning if is_running else RosterChanged
        until = self._clock() + HOLDS_FOR
        if not await self._rosters.begin(roster, is_whole=is_whole, until=until):
            raise RosterChanged
        job_id = derived_id("apply roster", roster.id, str(roster.turn))
        await self._jobs.enqueue(APPLY_ROSTER, {"roster": roster.id}, id=job_id)

    async def _apply(self, payload: Mapping[str, Any]) -> None:
        while await transact(self._store, lambda: self._step(payload["roster"])):
            pass

    async def _step(self, id: str) -> bool:
        """Do the next part; False when there is none."""
        roster = await self._rosters.get(id)
        if roster is None or roster.state is not RosterState.APPLYING:
            return False
        if roster.pieces_done < roster.piece_count:
            await self._apply_piece(roster)
        elif not (roster.is_whole and await self._sweep(roster)):
            await self._rosters.finish(roster)
            log.info("roster applied", school=roster.school_id, rows=roster.row_count)
            return False
        return True

    async def _apply_piece(self, roster: Roster) -> None:
        rows = await self._rosters.rows(roster, roster.pieces_done)
        numbers = [row.details.number for row in rows]
        there = await self._pupils.numbered(roster.school_id, numbers)
        await self._put_classes(roster, rows)
        for row in rows:
            await self._apply_row(roster, row, there.get(row.details.number))
        await self._rosters.piece_done(roster, len(rows))

    async def _apply_row(self, roster: Roster, row: RosterRow, pupil: Pupil | None) -> None:
        its_class = class_id(roster.school_id, roster.year, row.class_name)
        if outcome_of(row, pupil, its_class) is Outcome.SAME:
            return
        changed = applied(row, pupil, roster.school_id, its_class, self._clock())
        await self._put(pupil, changed)

    async def _put(self, was: Pupil | None, pupil: Pupil) -> None:
        if was is None:
            try:
                await self._pupils.add(pupil)
            except DuplicateKey as error:
                raise WriteConflict from error
        elif await self._pupils.replace(pupil) is None:
            raise WriteConflict
        await ask_to_end(self._jobs, pupil)

    async def _put_classes(self, roster: Roster, rows: Sequence[RosterRow]) -> None:
        said: dict[str, tuple[str, Shift | None]] = {}
        for row in rows:
            its_class = class_id(roster.school_id, roster.year, row.class_name)
            name, shift = said.get(its_class, (row.class_name, None))
            said[its_class] = name, shift or row.shift
        there = await self._pupils.classes_by_id(list(said))
        for its_class, (name, shift) in said.items():
            known = there.get(its_class)
            if known is None or shift not in (None, known.shift):
                wanted = shift or Shift.MORNING
                await self._pupils.put_class(
                    SchoolClass.of(roster.school_id, roster.year, name, wanted)
                )

    async def _sweep(self, roster: Roster) -> bool:
        """Let some leave who are missing in a whole roster; False when none is left to look for."""
        found = await self._pupils.here(roster.school_id, after=roster.swept, limit=_PUPILS_AT_ONCE)
        if not found:
            return False
        named = await self._numbers(roster)
        today = day_in_vietnam(self._clock())
        for pupil in found:
            if pupil.details.number not in named:
                await self._put(pupil, left(pupil, today, erase_at(today)))
        await self._rosters.swept(roster, found[-1].id)
        return True

    async def _numbers(self, roster: Roster) -> frozenset[str]:
        numbers: set[str] = set()
        for piece in range(roster.piece_count):
            rows = await self._rosters.rows(roster, piece)
            numbers.update(row.details.number for row in rows)
        return frozenset(numbers)

    async def _note(self, person_id: str, roster: Roster, *, is_whole: bool) -> None:
        school_id = roster.school_id
        details: Details = {
            "digest": roster.digest,
            "rows": roster.row_count,
            "whole": is_whole,
        }
        await self._audit.append(
            office_entry(person_id, "school.roster", school_id, school_id, details)
        )
