"""Who is safe after a warning."""

from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.kit.schema_types import Position, PositionInput
from api.safety.contract_enums import MusterAnswer
from api.safety.safe.muster import NOTE_CHARACTERS_AT_MOST, NewAnswer
from api.safety.safe.records import Answered, Muster
from api.safety.safe.words import SharedWord
from api.safety.safety_error import SafetyError, emergency_numbers_for
from api.safety.schema_inputs import SafetyDeviceInput
from api.safety.sos.schema import DeskId
from api.tourism.emergency.schema import EmergencyNumber


@strawberry.type(description="How many last said what in a commune.")
class MusterCount:
    commune_code: strawberry.ID
    expected: int = strawberry.field(
        description="People whose devices took the warning and were last there, within 5 km², or else live there."
        " An estimate, at most a minute old; others may answer too."
    )
    safe: int
    need_help: int


@strawberry.type
class MusterCounts:
    warned: int = strawberry.field(description="Devices that took the warning, everywhere.")
    counts: list[MusterCount]

    @classmethod
    def of(cls, record: Muster) -> "MusterCounts":
        counts = [
            MusterCount(
                commune_code=strawberry.ID(one.commune_code),
                expected=one.expected,
                safe=one.safe,
                need_help=one.need_help,
            )
            for one in record.counts
        ]
        return cls(warned=record.warned, counts=counts)


@strawberry.type(description="Somebody who said to need help. Each reading is in the audit log.")
class MusterHelp:
    commune_code: strawberry.ID
    at: datetime
    position: Position | None
    note: str | None

    @classmethod
    def of(cls, record: Answered) -> "MusterHelp":
        return cls(
            commune_code=strawberry.ID(record.commune_code),
            at=record.at,
            position=Position.of(record.position) if record.position else None,
            note=record.note,
        )


@strawberry.type
class MusterHelpList:
    people: list[MusterHelp] = strawberry.field(description="The first one first.")


@strawberry.input
class AnswerMusterInput:
    alert_id: strawberry.ID
    answer: MusterAnswer
    position: PositionInput = strawberry.field(
        description="Of whoever is SAFE only the commune is kept."
    )
    note: str | None = strawberry.field(
        default=None,
        description=f"Kept of NEED_HELP alone; at most {NOTE_CHARACTERS_AT_MOST} characters.",
    )
    device: SafetyDeviceInput | None = None

    def new_answer(self) -> NewAnswer:
        """Return it. Raises InvalidPosition."""
        return NewAnswer(self.alert_id, self.answer, self.position.position(), self.note)


@strawberry.input
class ShareSafetyInput:
    called: str = strawberry.field(description="By what the others know you; no links.")
    note: str | None = None
    device: SafetyDeviceInput | None = None


@strawberry.input
class TakeBackSafetyInput:
    device: SafetyDeviceInput | None = None


@strawberry.type
class AnswerMusterSuccess:
    emergency_numbers: list[EmergencyNumber]
    answer: MusterAnswer


@strawberry.type(description="Your word that you are safe, to be shared.")
class ShareSafetySuccess:
    url: str = strawberry.field(description="Whoever has it reads your word; it is told this once.")
    ends_at: datetime

    @classmethod
    def of(cls, record: SharedWord) -> "ShareSafetySuccess":
        return cls(url=record.url, ends_at=record.word.ends_at)


@strawberry.type
class TakeBackSafetySuccess:
    is_taken_back: bool = True


ShareSafetyResult = Annotated[
    ShareSafetySuccess | SafetyError, strawberry.union("ShareSafetyResult")
]
TakeBackSafetyResult = Annotated[
    TakeBackSafetySuccess | SafetyError, strawberry.union("TakeBackSafetyResult")
]
AnswerMusterResult = Annotated[
    AnswerMusterSuccess | SafetyError, strawberry.union("AnswerMusterResult")
]


@strawberry.type
class SafeQuery:
    @strawberry.field(description="How many said after a warning to be safe or to need help.")
    async def muster_counts(
        self, info: Info, desk_id: DeskId, alert_id: strawberry.ID
    ) -> MusterCounts:
        muster = info.context.services.safety.muster
        return MusterCounts.of(await muster.counts(info.context.caller, desk_id, alert_id))

    @strawberry.field(description="Who needs help after a warning; the reading is audited.")
    async def muster_help(
        self, info: Info, desk_id: DeskId, alert_id: strawberry.ID
    ) -> MusterHelpList:
        muster = info.context.services.safety.muster
        found = await muster.needing_help(info.context.caller, desk_id, alert_id)
        return MusterHelpList(people=list(map(MusterHelp.of, found)))


@strawberry.type
class SafeMutation:
    @strawberry.mutation(
        description="Say after a warning that you are safe, or need help; the last answer counts. A danger to"
        " life is for raiseSos."
    )
    async def answer_muster(self, info: Info, input: AnswerMusterInput) -> AnswerMusterResult:
        shown = input.device.shown() if input.device else None
        answer = await info.context.services.safety.muster.answer(
            info.context.caller, shown, input.new_answer()
        )
        return AnswerMusterSuccess(emergency_numbers=emergency_numbers_for(info), answer=answer)

    @strawberry.mutation(
        description="Say that you are safe by a link to share, good for a week; an earlier one ends."
    )
    async def share_safety(self, info: Info, input: ShareSafetyInput) -> ShareSafetyResult:
        shown = input.device.shown() if input.device else None
        shared = await info.context.services.safety.words.share(
            info.context.caller, shown, input.called, input.note
        )
        return ShareSafetySuccess.of(shared)

    @strawberry.mutation(description="Let the link that you shared end.")
    async def take_back_safety(
        self, info: Info, input: TakeBackSafetyInput
    ) -> TakeBackSafetyResult:
        shown = input.device.shown() if input.device else None
        await info.context.services.safety.words.take_back(info.context.caller, shown)
        return TakeBackSafetySuccess()
