"""The school library: a book is lent on a card that was just shown, and comes back by its code alone."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from api.accounts.caller import Caller
from api.credentials.scans.records import ScanPurpose
from api.kit.clock import Clock
from api.kit.formats import VIETNAM_TIME, day_in_vietnam
from api.kit.idempotency import Idempotency
from api.kit.ids import derived_id, new_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.kit.transactions import transact
from api.students.canteen.service import may_use, require_at_desk
from api.students.cards.desk import HOLDS_FOR, DeskTicket, DeskTickets
from api.students.cards.errors import DeskTicketNotFound
from api.students.guardians.access import PupilAccess
from api.students.library.errors import (
    DueDateNotUnderstood,
    ItemLent,
    ItemNotUnderstood,
    LoanNotFound,
    TooManyLoans,
)
from api.students.library.loans import Loan, LoanRepository, LoanState
from api.students.notices import texts
from api.students.notices.preferences import News
from api.students.notices.telling import Telling
from api.students.notices.texts import Sentence
from api.students.pupils.pupil import Pupil
from api.students.pupils.repository import PupilRepository

REMIND = "students.remind_of_loan"
LOANS_AT_MOST = 5
DAYS_AT_MOST = 60
_USUAL = timedelta(days=14)
_REMINDED_AT = time(7, 30, tzinfo=VIETNAM_TIME)
_ITEM = re.compile(r"[0-9A-Za-z][0-9A-Za-z./-]{0,39}")


class Library:
    def __init__(
        self,
        store: Store,
        loans: LoanRepository,
        pupils: PupilRepository,
        access: PupilAccess,
        tickets: DeskTickets,
        telling: Telling,
        jobs: Jobs,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._loans = loans
        self._pupils = pupils
        self._access = access
        self._tickets = tickets
        self._telling = telling
        self._jobs = jobs
        self._idempotency = idempotency
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {REMIND: self._remind}

    async def lend(
        self, caller: Caller, scan_id: str, item: str, due_on: date | None, idempotency_key: str
    ) -> Loan:
        """Lend a book to whose card was just shown, until a day (None: for two weeks).

        Raises NotSignedIn, DeskTicketNotFound, ItemNotUnderstood, DueDateNotUnderstood, ItemLent,
        TooManyLoans, IdempotencyProblem.
        """
        person_id, code = caller.person(), _item(item)
        due = self._due(due_on)

        async def work() -> dict[str, Any]:
            ticket = await self._ticket(caller, scan_id)
            loan = Loan(new_id(), ticket.school_id, ticket.pupil_id, code, self._clock(), due)
            await self._add(loan)
            # The card opens the desk for one stack of books: its ticket goes by itself.
            return {"loan": loan.id}

        asked = {"scan": scan_id, "item": code, "due": due_on and due_on.isoformat()}
        result = await self._idempotency.once(person_id, "lendBook", idempotency_key, asked, work)
        return await self._found(result["loan"])

    async def give_back(self, caller: Caller, school_id: str, item: str) -> Loan:
        """Note that a book came back. Raises NotSignedIn, NotAllowed, SchoolNotFound, LoanNotFound."""
        return await self._end(caller, school_id, item, LoanState.RETURNED)

    async def give_up(self, caller: Caller, school_id: str, item: str) -> Loan:
        """Note that a book is lost. Raises what `give_back` raises."""
        return await self._end(caller, school_id, item, LoanState.LOST)

    async def of_pupil(self, caller: Caller, pupil_id: str) -> list[Loan]:
        """Return a pupil's loans, the newest first. Raises NotSignedIn, PupilNotFound."""
        await self._access.seen(caller, pupil_id)
        return await self._loans.of_pupil(pupil_id)

    async def pupil_left(self, pupil: Pupil) -> None:
        """Loans stay out: the school asks for its books (KeepsOfPupils)."""

    async def erase_pupil(self, pupil_id: str) -> None:
        await self._loans.remove_of_pupil(pupil_id)

    async def _add(self, loan: Loan) -> None:
        # Holding the pupil, for of two desks at once each would count without the other's book.
        await self._pupils.hold(loan.pupil_id)
        if await self._loans.count_out(loan.pupil_id) >= LOANS_AT_MOST:
            raise TooManyLoans(most=LOANS_AT_MOST)
        if not await self._loans.add(loan):
            raise ItemLent
        reminded = datetime.combine(loan.due_on + timedelta(days=1), _REMINDED_AT)
        await self._jobs.enqueue(
            REMIND, {"loan": loan.id}, id=derived_id(REMIND, loan.id), run_at=reminded
        )
        await self._tell(loan, texts.LENT, f"lent {loan.id}")

    async def _end(self, caller: Caller, school_id: str, item: str, state: LoanState) -> Loan:
        require_at_desk(caller, school_id)

        async def work() -> Loan:
            loan = await self._loans.out(school_id, _item(item))
            ended = await self._loans.end(loan.id, state, self._clock()) if loan else None
            if ended is None:
                raise LoanNotFound
            if state is LoanState.RETURNED:
                await self._tell(ended, texts.BROUGHT_BACK, f"back {ended.id}")
            return ended

        return await transact(self._store, work)

    async def _remind(self, payload: Mapping[str, Any]) -> None:
        async def work() -> None:
            loan = await self._loans.get(payload["loan"])
            today = day_in_vietnam(self._clock())
            if loan is not None and loan.is_overdue(today):
                await self._tell(loan, texts.OVERDUE, f"overdue {loan.id}")

        await transact(self._store, work)

    async def _ticket(self, caller: Caller, scan_id: str) -> DeskTicket:
        ticket = await self._tickets.find(scan_id, ScanPurpose.LOAN, self._clock())
        if ticket is None or not may_use(caller, ticket):
            raise DeskTicketNotFound(minutes=HOLDS_FOR.seconds // 60)
        return ticket

    async def _tell(self, loan: Loan, message: str, key: str) -> None:
        pupil = await self._pupils.get(loan.pupil_id)
        its_class = await self._pupils.get_class(pupil.class_id) if pupil else None
        sentence = Sentence(message, its_class.name if its_class else "?")
        await self._telling.news(loan.pupil_id, News.LIBRARY, sentence, self._clock(), key)

    async def _found(self, loan_id: str) -> Loan:
        loan = await self._loans.get(loan_id)
        if loan is None:
            raise LoanNotFound
        return loan

    def _due(self, due_on: date | None) -> date:
        today = day_in_vietnam(self._clock())
        due = today + _USUAL if due_on is None else due_on
        if not today < due <= today + timedelta(days=DAYS_AT_MOST):
            raise DueDateNotUnderstood(most=DAYS_AT_MOST)
        return due


def _item(typed: str) -> str:
    code = typed.strip().upper()
    if not code.isascii() or not _ITEM.fullmatch(code):
        raise ItemNotUnderstood
    return code
