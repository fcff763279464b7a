"""The dry run: reads a file, compares it with who is at the school, and changes nobody."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import date

from api.accounts.caller import Caller
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.store import Store
from api.kit.transactions import transact
from api.students.calendar.school_calendar import school_year_of
from api.students.pupils.repository import PupilRepository
from api.students.roster.comparing import Counts, count_outcomes
from api.students.roster.errors import RosterNotFound, RosterRunning, YearOutOfReach
from api.students.roster.reading import read_sheet
from api.students.roster.repository import (
    HOLDS_FOR,
    ROWS_IN_A_PIECE,
    Roster,
    RosterRepository,
    RosterState,
    roster_id,
)
from api.students.roster.rows import CheckedRows, RosterRow, RowFault, check_rows
from api.students.staff import SchoolStaff

_YEARS_AHEAD = 1
_NUMBERS_AT_ONCE = 250
_PUPILS_AT_ONCE = 500


@dataclass(frozen=True, slots=True, repr=False)
class RosterCheck:
    """What a file would do. `faults`: of the first that have one; `ignored`: columns of no use."""

    roster: Roster
    faults: tuple[RowFault, ...]
    ignored: tuple[str, ...]


class RosterChecking:
    def __init__(
        self,
        store: Store,
        rosters: RosterRepository,
        pupils: PupilRepository,
        staff: SchoolStaff,
        clock: Clock,
    ) -> None:
        self._store = store
        self._rosters = rosters
        self._pupils = pupils
        self._staff = staff
        self._clock = clock
        self._reading = asyncio.Lock()

    def right(self, caller: Caller, school_id: str) -> str:
        """Return who sends a file. Raises NotSignedIn, NotAllowed, SchoolNotFound."""
        return self._staff.clerk(caller, school_id)

    async def check(
        self, caller: Caller, school_id: str, year: int | None, content: bytes
    ) -> RosterCheck:
        """Read a roster for a school year (None: this one), and keep it for a day to be applied.

        Raises what `right` raises, RosterFileProblem, YearOutOfReach and RosterRunning.
        """
        self.right(caller, school_id)
        this_year = school_year_of(self._today())
        wanted = this_year if year is None else year
        if not this_year <= wanted <= this_year + _YEARS_AHEAD:
            raise YearOutOfReach
        # One at a time: a file that was made to be slow must not take every thread.
        async with self._reading:
            rows = await asyncio.to_thread(_read, content, wanted)
        digest = hashlib.sha256(content).hexdigest()

        async def work() -> Roster:
            if await self._rosters.is_running(school_id):
                raise RosterRunning
            roster = await self._roster(school_id, wanted, digest, rows)
            await self._rosters.put(roster, rows.rows)
            return roster

        roster = await transact(self._store, work)
        return RosterCheck(roster, rows.faults, rows.ignored)

    async def find(self, caller: Caller, school_id: str, year: int, digest: str) -> Roster:
        """Return a roster that was checked. Raises what `right` raises, and RosterNotFound."""
        self.right(caller, school_id)
        roster = await self._rosters.get(roster_id(school_id, year, digest))
        if roster is None:
            raise RosterNotFound
        return roster

    async def _roster(self, school_id: str, year: int, digest: str, checked: CheckedRows) -> Roster:
        rows = checked.rows
        return Roster(
            id=roster_id(school_id, year, digest),
            school_id=school_id,
            year=year,
            digest=digest,
            state=RosterState.CHECKED,
            turn=await self._rosters.turn(school_id),
            row_count=len(rows),
            fault_count=checked.fault_count,
            piece_count=-(-len(rows) // ROWS_IN_A_PIECE),
            would=await self._would(school_id, year, rows),
            leavers=await self._missing(school_id, rows),
            expires_at=self._clock() + HOLDS_FOR,
        )

    async def _would(self, school_id: str, year: int, rows: tuple[RosterRow, ...]) -> Counts:
        counts = Counts()
        for start in range(0, len(rows), _NUMBERS_AT_ONCE):
            some = rows[start : start + _NUMBERS_AT_ONCE]
            there = await self._pupils.numbered(school_id, [row.details.number for row in some])
            counts += count_outcomes(some, there, school_id, year)
        return counts

    async def _missing(self, school_id: str, rows: tuple[RosterRow, ...]) -> int:
        numbers = {row.details.number for row in rows}
        after, missing = "", 0
        while found := await self._pupils.here(school_id, after=after, limit=_PUPILS_AT_ONCE):
            missing += sum(pupil.details.number not in numbers for pupil in found)
            after = found[-1].id
        return missing

    def _today(self) -> date:
        return day_in_vietnam(self._clock())


def _read(content: bytes, year: int) -> CheckedRows:
    return check_rows(read_sheet(content), year)
