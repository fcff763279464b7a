from datetime import date, datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.students.pupils.schema import Pupil
from api.students.schools.schema import School
from api.students.student_error import StudentError
from api.students.transfers.service import HOLDS_FOR
from api.students.transfers.service import PupilTransfer as TransferRecord

_KEY = "16 to 128 visible ASCII characters, made anew for each"


@strawberry.type(description="A pupil whom another school offers.")
class PupilTransfer:
    id: strawberry.ID
    name: str
    born_on: date
    offered_at: datetime
    expires_at: datetime
    record: strawberry.Private[TransferRecord]

    @classmethod
    def of(cls, record: TransferRecord) -> "PupilTransfer":
        return cls(
            id=strawberry.ID(record.id),
            name=record.name,
            born_on=record.born_on,
            offered_at=record.offered_at,
            expires_at=record.expires_at,
            record=record,
        )

    @strawberry.field(description="Where the pupil is still.")
    async def school(self, info: Info) -> School:
        library = info.context.services.students.library
        return School.of(library.school(self.record.from_school))


@strawberry.input
class OfferPupilInput:
    pupil_id: strawberry.ID
    to_school_id: strawberry.ID
    idempotency_key: str = strawberry.field(description=f"{_KEY} offer.")


@strawberry.input
class TakeInPupilInput:
    school_id: strawberry.ID
    id: strawberry.ID = strawberry.field(description="Of the transfer.")
    class_id: strawberry.ID
    idempotency_key: str = strawberry.field(description=f"{_KEY} pupil.")


@strawberry.type
class OfferPupilSuccess:
    id: strawberry.ID = strawberry.field(description="Of the transfer.")


@strawberry.type
class TakeInPupilSuccess:
    pupil: Pupil


OfferPupilResult = Annotated[OfferPupilSuccess | StudentError, strawberry.union("OfferPupilResult")]
TakeInPupilResult = Annotated[
    TakeInPupilSuccess | StudentError, strawberry.union("TakeInPupilResult")
]


@strawberry.type(description="Who is offered to a school.")
class PupilTransfers:
    transfers: list[PupilTransfer] = strawberry.field(description="The newest first.")


@strawberry.type
class TransfersQuery:
    @strawberry.field(description="Who is offered to a school. For clerks of that school.")
    async def pupil_transfers(self, info: Info, school_id: strawberry.ID) -> PupilTransfers:
        found = await info.context.services.students.transferring.offered(
            info.context.caller, school_id
        )
        return PupilTransfers(transfers=list(map(PupilTransfer.of, found)))


@strawberry.type
class TransfersMutation:
    @strawberry.mutation(
        description="Offer a pupil to another school. For clerks of hers. It holds for"
        f" {HOLDS_FOR.days} days."
    )
    async def offer_pupil(self, info: Info, input: OfferPupilInput) -> OfferPupilResult:
        offer_id = await info.context.services.students.transferring.offer(
            info.context.caller, input.pupil_id, input.to_school_id, input.idempotency_key
        )
        return OfferPupilSuccess(id=strawberry.ID(offer_id))

    @strawberry.mutation(
        description="Take an offered pupil into a class: her name, number, birth date and guardians"
        " come along, nothing else. The guardians wait until you confirm them. For clerks of the school."
    )
    async def take_in_pupil(self, info: Info, input: TakeInPupilInput) -> TakeInPupilResult:
        pupil = await info.context.services.students.transferring.take_in(
            info.context.caller,
            input.school_id,
            input.id,
            input.class_id,
            input.idempotency_key,
        )
        return TakeInPupilSuccess(pupil=Pupil.of(pupil))
