from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.students.cards.student_cards import StudentCard as CardRecord
from api.students.cards.student_cards import StudentCardState
from api.students.pupils.schema import Pupil
from api.students.student_error import StudentError

strawberry.enum(
    StudentCardState,
    description="LOST: dead until the office lets it count again. ENDED: dead for good.",
)

_KEY = "16 to 128 visible ASCII characters, made anew for each"


@strawberry.type(description="The card of a pupil.")
class StudentCard:
    pupil_id: strawberry.ID
    state: StudentCardState
    valid_until: datetime

    @classmethod
    def of(cls, record: CardRecord) -> "StudentCard":
        return cls(
            pupil_id=strawberry.ID(record.pupil_id),
            state=record.state,
            valid_until=record.valid_until,
        )


@strawberry.type(description="A card to print: with a photo, which the gatekeeper compares.")
class PrintableStudentCard:
    pupil: Pupil
    token: str = strawberry.field(description="What the QR code holds.")
    svg: str = strawberry.field(description="The QR code, to be scaled.")


@strawberry.input
class IssueStudentCardsInput:
    school_id: strawberry.ID
    class_id: strawberry.ID
    idempotency_key: str = strawberry.field(description=f"{_KEY} issue.")


@strawberry.input
class PrintStudentCardInput:
    pupil_id: strawberry.ID


@strawberry.input
class StopStudentCardInput:
    pupil_id: strawberry.ID


@strawberry.input
class ReinstateStudentCardInput:
    pupil_id: strawberry.ID


@strawberry.input
class ReplaceStudentCardInput:
    pupil_id: strawberry.ID


@strawberry.type
class IssueStudentCardsSuccess:
    cards: int = strawberry.field(description="How many pupils of the class have one now.")


@strawberry.type
class PrintStudentCardSuccess:
    card: PrintableStudentCard


@strawberry.type
class StopStudentCardSuccess:
    card: StudentCard


@strawberry.type
class ReinstateStudentCardSuccess:
    card: StudentCard


@strawberry.type
class ReplaceStudentCardSuccess:
    card: StudentCard


IssueStudentCardsResult = Annotated[
    IssueStudentCardsSuccess | StudentError, strawberry.union("IssueStudentCardsResult")
]
PrintStudentCardResult = Annotated[
    PrintStudentCardSuccess | StudentError, strawberry.union("PrintStudentCardResult")
]
StopStudentCardResult = Annotated[
    StopStudentCardSuccess | StudentError, strawberry.union("StopStudentCardResult")
]
ReinstateStudentCardResult = Annotated[
    ReinstateStudentCardSuccess | StudentError, strawberry.union("ReinstateStudentCardResult")
]
ReplaceStudentCardResult = Annotated[
    ReplaceStudentCardSuccess | StudentError, strawberry.union("ReplaceStudentCardResult")
]


@strawberry.type
class StudentCardsQuery:
    @strawberry.field(
        description="The card of a pupil; null: none yet. For her guardians and her school's office."
    )
    async def student_card(self, info: Info, pupil_id: strawberry.ID) -> StudentCard | None:
        found = await info.context.services.students.cards.card(info.context.caller, pupil_id)
        return StudentCard.of(found) if found else None


@strawberry.type
class StudentCardsMutation:
    @strawberry.mutation(
        description="Give every pupil of a class a card for the school year. For clerks of the school."
    )
    async def issue_student_cards(
        self, info: Info, input: IssueStudentCardsInput
    ) -> IssueStudentCardsResult:
        cards = await info.context.services.students.cards.issue(
            info.context.caller, input.school_id, input.class_id, input.idempotency_key
        )
        return IssueStudentCardsSuccess(cards=cards)

    @strawberry.mutation(
        description="A card to print. For clerks of the school; noted in the audit log."
    )
    async def print_student_card(
        self, info: Info, input: PrintStudentCardInput
    ) -> PrintStudentCardResult:
        services = info.context.services
        pupil, credential = await services.students.cards.to_print(
            info.context.caller, input.pupil_id
        )
        printed = await services.credentials.staffing.printed(credential)
        card = PrintableStudentCard(pupil=Pupil.of(pupil), token=printed.token, svg=printed.svg)
        return PrintStudentCardSuccess(card=card)

    @strawberry.mutation(
        description="Let a lost card be dead at once, until the office decides. For guardians and clerks of the school."
    )
    async def stop_student_card(
        self, info: Info, input: StopStudentCardInput
    ) -> StopStudentCardResult:
        card = await info.context.services.students.cards.report_lost(
            info.context.caller, input.pupil_id
        )
        return StopStudentCardSuccess(card=StudentCard.of(card))

    @strawberry.mutation(
        description="Let a card count again that was lost and came back. For clerks of the school."
    )
    async def reinstate_student_card(
        self, info: Info, input: ReinstateStudentCardInput
    ) -> ReinstateStudentCardResult:
        card = await info.context.services.students.cards.found(info.context.caller, input.pupil_id)
        return ReinstateStudentCardSuccess(card=StudentCard.of(card))

    @strawberry.mutation(
        description="Begin a new card; the printed ones of before are dead for good. For clerks of"
        " the school."
    )
    async def replace_student_card(
        self, info: Info, input: ReplaceStudentCardInput
    ) -> ReplaceStudentCardResult:
        card = await info.context.services.students.cards.replace(
            info.context.caller, input.pupil_id
        )
        return ReplaceStudentCardSuccess(card=StudentCard.of(card))
