"""Loans as records and as documents. Of a book nothing is known but its code: what a child reads is her own."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum, auto

from api.kit.formats import VIETNAM_TIME
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store
from api.students.calendar.school_calendar import school_year_of
from api.students.pupils.pupil import kept_until

LOANS = CollectionSpec(
    "library_loans",
    (
        Index(("school_id", "item"), unique=True, partial={"is_out": True}),
        Index(("pupil_id", "lent_at")),
        Index(("kept_until",), expire_after_seconds=0),
    ),
)


class LoanState(StrEnum):
    OUT = auto()
    RETURNED = auto()
    LOST = auto()


@dataclass(frozen=True, slots=True)
class Loan:
    """`ended_at`: when it came back, or was given up for lost."""

    id: str
    school_id: str
    pupil_id: str
    item: str
    lent_at: datetime
    due_on: date
    state: LoanState = LoanState.OUT
    ended_at: datetime | None = None

    def is_overdue(self, today: date) -> bool:
        return self.state is LoanState.OUT and today > self.due_on


class LoanRepository:
    """All queries on loans."""

    def __init__(self, store: Store) -> None:
        self._loans = store[LOANS]

    async def add(self, loan: Loan) -> bool:
        """Keep it; False when this book is lent already. Joins the open transaction."""
        try:
            await self._loans.insert(_document(loan))
        except DuplicateKey:
            return False
        return True

    async def get(self, loan_id: str) -> Loan | None:
        document = await self._loans.get(loan_id)
        return _loan(document) if document else None

    async def out(self, school_id: str, item: str) -> Loan | None:
        document = await self._loans.find_one(
            {"school_id": school_id, "item": item, "is_out": True}
        )
        return _loan(document) if document else None

    async def of_pupil(self, pupil_id: str) -> list[Loan]:
        """Return a pupil's loans, the newest first."""
        found = await self._loans.find({"pupil_id": pupil_id}, sort=[("lent_at", -1)])
        return list(map(_loan, found))

    async def count_out(self, pupil_id: str) -> int:
        return await self._loans.count({"pupil_id": pupil_id, "is_out": True})

    async def end(self, loan_id: str, state: LoanState, now: datetime) -> Loan | None:
        """Say that a book came back or is lost; None when it is not out."""
        document = await self._loans.update_one(
            {"_id": loan_id, "is_out": True},
            {"$set": {"state": state.value, "is_out": False, "ended_at": now}},
        )
        return _loan(document) if document else None

    async def remove_of_pupil(self, pupil_id: str) -> None:
        await self._loans.delete_many({"pupil_id": pupil_id})


def _document(loan: Loan) -> Document:
    until = kept_until(school_year_of(loan.due_on))
    return {
        "_id": loan.id,
        "school_id": loan.school_id,
        "pupil_id": loan.pupil_id,
        "item": loan.item,
        "lent_at": loan.lent_at,
        "due_on": loan.due_on.isoformat(),
        "state": loan.state.value,
        "is_out": loan.state is LoanState.OUT,
        "ended_at": loan.ended_at,
        "kept_until": datetime.combine(until, time(), VIETNAM_TIME),
    }


def _loan(document: Document) -> Loan:
    return Loan(
        id=document["_id"],
        school_id=document["school_id"],
        pupil_id=document["pupil_id"],
        item=document["item"],
        lent_at=document["lent_at"],
        due_on=date.fromisoformat(document["due_on"]),
        state=LoanState(document["state"]),
        ended_at=document["ended_at"],
    )
