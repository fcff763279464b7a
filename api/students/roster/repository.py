"""Checked rosters, until they are applied or a day has passed; and whose turn it is to apply one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, auto
from typing import Any

from api.kit.ids import derived_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store, WriteConflict
from api.students.calendar.school_calendar import Shift
from api.students.pupils.pupil import PupilDetails
from api.students.roster.comparing import Counts, Outcome
from api.students.roster.rows import RosterRow

HOLDS_FOR = timedelta(hours=24)
ROWS_IN_A_PIECE = 250

ROSTERS = CollectionSpec("rosters", (Index(("expires_at",), expire_after_seconds=0),))
ROSTER_PIECES = CollectionSpec(
    "roster_pieces",
    (Index(("roster_id", "number")), Index(("expires_at",), expire_after_seconds=0)),
)
ROSTER_TURNS = CollectionSpec("roster_turns")


class RosterState(StrEnum):
    CHECKED = auto()
    APPLYING = auto()
    APPLIED = auto()


@dataclass(frozen=True, slots=True)
class Roster:
    """A file that was checked. `digest`: SHA-256 of its bytes, hexadecimal.

    `turn`: the school's when it was checked; `would`: what it would do; `leavers`: who is missing
    in it. `pieces_done`, `rows_done`: how far it is applied; `swept`: the last pupil who was looked
    for in a roster that is the whole school.
    """

    id: str
    school_id: str
    year: int
    digest: str
    state: RosterState
    turn: int
    row_count: int
    fault_count: int
    piece_count: int
    would: Counts
    leavers: int
    expires_at: datetime
    is_whole: bool = False
    pieces_done: int = 0
    rows_done: int = 0
    swept: str = ""


def roster_id(school_id: str, year: int, digest: str) -> str:
    return derived_id("roster", school_id, str(year), digest)


class RosterRepository:
    """All queries on rosters. Rows are sealed, a piece at a time."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._rosters = store[ROSTERS]
        self._pieces = store[ROSTER_PIECES]
        self._turns = store[ROSTER_TURNS]
        self._sealer = sealer

    async def get(self, id: str) -> Roster | None:
        document = await self._rosters.get(id)
        return _roster(document) if document else None

    async def turn(self, school_id: str) -> int:
        """Return how many rosters of a school were begun; joins the open transaction."""
        document = await self._turns.get(school_id)
        if document is not None:
            return int(document["turn"])
        try:
            await self._turns.insert({"_id": school_id, "turn": 0, "running": None})
        except DuplicateKey as error:
            raise WriteConflict from error
        return 0

    async def take_turn(self, roster: Roster) -> bool:
        """Let this roster alone be applied; False when another one was begun since it was checked."""
        taken = await self._turns.update_one(
            {"_id": roster.school_id, "turn": roster.turn, "running": None},
            {"$inc": {"turn": 1}, "$set": {"running": roster.id}},
        )
        return taken is not None

    async def is_running(self, school_id: str) -> bool:
        document = await self._turns.get(school_id)
        return document is not None and document["running"] is not None

    async def put(self, roster: Roster, rows: Sequence[RosterRow]) -> None:
        """Keep what was checked, in place of an earlier check; joins the open transaction.

        Raises WriteConflict when that one is being applied, or was put at the same moment.
        """
        await self._rosters.delete_one(
            {"_id": roster.id, "state": {"$ne": RosterState.APPLYING.value}}
        )
        await self._pieces.delete_many({"roster_id": roster.id})
        try:
            await self._rosters.insert(_document(roster))
        except DuplicateKey as error:
            raise WriteConflict from error
        for number in range(roster.piece_count):
            start = number * ROWS_IN_A_PIECE
            piece = self._piece(roster, number, rows[start : start + ROWS_IN_A_PIECE])
            await self._pieces.insert(piece)

    async def begin(self, roster: Roster, *, is_whole: bool, until: datetime) -> bool:
        """Let it be applied; False when it is not merely checked any more."""
        begun = await self._rosters.update_one(
            {"_id": roster.id, "state": RosterState.CHECKED.value, "turn": roster.turn},
            {
                "$set": {
                    "state": RosterState.APPLYING.value,
                    "is_whole": is_whole,
                    "expires_at": until,
                }
            },
        )
        await self._pieces.update_many({"roster_id": roster.id}, {"$set": {"expires_at": until}})
        return begun is not None

    async def rows(self, roster: Roster, number: int) -> list[RosterRow]:
        """Return the rows of a piece. Raises LookupError when it is gone."""
        document = await self._pieces.get(_piece_id(roster.id, number))
        if document is None:
            raise LookupError(roster.id)
        opened = self._sealer.open(document["rows"], _place(document["_id"]))
        return list(map(_row, opened))

    async def piece_done(self, roster: Roster, rows: int) -> None:
        """Move behind a piece. Raises WriteConflict: another worker did."""
        await self._step(roster, {"$inc": {"pieces_done": 1, "rows_done": rows}})

    async def swept(self, roster: Roster, pupil_id: str) -> None:
        """Move behind a pupil who was looked for. Raises WriteConflict: another worker did."""
        await self._step(roster, {"$set": {"swept": pupil_id}})

    async def finish(self, roster: Roster) -> None:
        """Say that it is applied, forget its rows, and let another one have its turn."""
        await self._step(roster, {"$set": {"state": RosterState.APPLIED.value}})
        await self._pieces.delete_many({"roster_id": roster.id})
        await self._turns.update_one(
            {"_id": roster.school_id, "running": roster.id}, {"$set": {"running": None}}
        )

    async def seal_anew(self) -> int:
        """Seal some pieces anew, as Resealed has it."""
        return await seal_anew(self._pieces, self._sealer, "rows", _place)

    async def _step(self, roster: Roster, update: dict[str, Any]) -> None:
        stepped = await self._rosters.update_one(
            {
                "_id": roster.id,
                "state": RosterState.APPLYING.value,
                "pieces_done": roster.pieces_done,
                "swept": roster.swept,
            },
            update,
        )
        if stepped is None:
            raise WriteConflict

    def _piece(self, roster: Roster, number: int, rows: Sequence[RosterRow]) -> Document:
        piece_id = _piece_id(roster.id, number)
        return {
            "_id": piece_id,
            "roster_id": roster.id,
            "number": number,
            "rows": self._sealer.seal([_row_fields(row) for row in rows], _place(piece_id)),
            "expires_at": roster.expires_at,
        }


def _row_fields(row: RosterRow) -> list[Any]:
    details = row.details
    return [
        row.row,
        details.number,
        details.name,
        details.born_on.isoformat(),
        row.class_name,
        row.shift and row.shift.value,
        row.left_on and row.left_on.isoformat(),
    ]


def _row(fields: list[Any]) -> RosterRow:
    row, number, name, born_on, class_name, shift, left_on = fields
    return RosterRow(
        row,
        PupilDetails(number, name, date.fromisoformat(born_on)),
        class_name,
        Shift(shift) if shift else None,
        date.fromisoformat(left_on) if left_on else None,
    )


def _document(roster: Roster) -> Document:
    return {
        "_id": roster.id,
        "school_id": roster.school_id,
        "year": roster.year,
        "digest": roster.digest,
        "state": roster.state.value,
        "turn": roster.turn,
        "row_count": roster.row_count,
        "fault_count": roster.fault_count,
        "piece_count": roster.piece_count,
        "would": {outcome.value: count for outcome, count in roster.would.items()},
        "leavers": roster.leavers,
        "expires_at": roster.expires_at,
        "is_whole": roster.is_whole,
        "pieces_done": roster.pieces_done,
        "rows_done": roster.rows_done,
        "swept": roster.swept,
    }


def _roster(document: Document) -> Roster:
    return Roster(
        id=document["_id"],
        school_id=document["school_id"],
        year=document["year"],
        digest=document["digest"],
        state=RosterState(document["state"]),
        turn=document["turn"],
        row_count=document["row_count"],
        fault_count=document["fault_count"],
        piece_count=document["piece_count"],
        would=Counts({Outcome(name): count for name, count in document["would"].items()}),
        leavers=document["leavers"],
        expires_at=document["expires_at"],
        is_whole=document["is_whole"],
        pieces_done=document["pieces_done"],
        rows_done=document["rows_done"],
        swept=document["swept"],
    )


def _piece_id(id: str, number: int) -> str:
    return derived_id("roster piece", id, str(number))


def _place(piece_id: str) -> str:
    return f"roster_pieces/{piece_id}"
