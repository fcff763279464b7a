from datetime import date, datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.credentials.scans.records import scan_id_of
from api.students.library.loans import Loan as LoanRecord
from api.students.library.loans import LoanState
from api.students.library.service import DAYS_AT_MOST
from api.students.student_error import StudentError

strawberry.enum(LoanState, name="BookLoanState")


@strawberry.type(description="A book that is or was lent to a pupil.")
class BookLoan:
    id: strawberry.ID
    item: str = strawberry.field(description="The code on the book.")
    state: LoanState
    lent_at: datetime
    due_on: date
    ended_at: datetime | None

    @classmethod
    def of(cls, record: LoanRecord) -> "BookLoan":
        return cls(
            id=strawberry.ID(record.id),
            item=record.item,
            state=record.state,
            lent_at=record.lent_at,
            due_on=record.due_on,
            ended_at=record.ended_at,
        )


@strawberry.input
class LendBookInput:
    gate: strawberry.ID = strawberry.field(description="Of your desk.")
    scan_id: strawberry.ID = strawberry.field(
        description="Of the scan (purpose LOAN) at your desk, at most five minutes ago, as you named it."
    )
    item: str = strawberry.field(description="The code on the book.")
    due_on: date | None = strawberry.field(
        default=None, description=f"1 to {DAYS_AT_MOST} days from now; null: in two weeks."
    )
    idempotency_key: str = strawberry.field(
        description="16 to 128 visible ASCII characters, made anew for each loan."
    )


@strawberry.input
class ReturnBookInput:
    school_id: strawberry.ID
    item: str = strawberry.field(description="The code on the book.")


@strawberry.input
class GiveUpBookInput:
    school_id: strawberry.ID
    item: str = strawberry.field(description="The code on the book.")


@strawberry.type
class LendBookSuccess:
    loan: BookLoan


@strawberry.type
class ReturnBookSuccess:
    loan: BookLoan


@strawberry.type
class GiveUpBookSuccess:
    loan: BookLoan


LendBookResult = Annotated[LendBookSuccess | StudentError, strawberry.union("LendBookResult")]
ReturnBookResult = Annotated[ReturnBookSuccess | StudentError, strawberry.union("ReturnBookResult")]
GiveUpBookResult = Annotated[GiveUpBookSuccess | StudentError, strawberry.union("GiveUpBookResult")]


@strawberry.type(description="Books lent to a pupil.")
class BookLoans:
    loans: list[BookLoan] = strawberry.field(description="The newest first.")


@strawberry.type
class LibraryQuery:
    @strawberry.field(
        description="Books lent to a pupil, the newest first. For her guardians and her school's office."
    )
    async def book_loans(self, info: Info, pupil_id: strawberry.ID) -> BookLoans:
        found = await info.context.services.students.books.of_pupil(info.context.caller, pupil_id)
        return BookLoans(loans=list(map(BookLoan.of, found)))


@strawberry.type
class LibraryMutation:
    @strawberry.mutation(
        description="Lend a book on a card that was just scanned. For gatekeepers of the school."
    )
    async def lend_book(self, info: Info, input: LendBookInput) -> LendBookResult:
        loan = await info.context.services.students.books.lend(
            info.context.caller,
            scan_id_of(input.gate, input.scan_id),
            input.item,
            input.due_on,
            input.idempotency_key,
        )
        return LendBookSuccess(loan=BookLoan.of(loan))

    @strawberry.mutation(
        description="Note that a book came back. For gatekeepers and clerks of the school."
    )
    async def return_book(self, info: Info, input: ReturnBookInput) -> ReturnBookResult:
        loan = await info.context.services.students.books.give_back(
            info.context.caller, input.school_id, input.item
        )
        return ReturnBookSuccess(loan=BookLoan.of(loan))

    @strawberry.mutation(
        description="Note that a book is lost. For gatekeepers and clerks of the school."
    )
    async def give_up_book(self, info: Info, input: GiveUpBookInput) -> GiveUpBookResult:
        loan = await info.context.services.students.books.give_up(
            info.context.caller, input.school_id, input.item
        )
        return GiveUpBookSuccess(loan=BookLoan.of(loan))
