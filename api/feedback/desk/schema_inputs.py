"""What clerks send."""

import strawberry

from api.feedback.contract_enums import RefusalReason, ReportState
from api.feedback.life.agency_turn import Seen
from api.feedback.life.moving import PROOFS_AT_MOST
from api.feedback.life.steps import Words

_KEY = "16 to 128 visible ASCII characters, made anew for each step."
_SEEN = "As you saw it; when it is another one by now, nothing is done."
_TAG = "BCP 47 tag of the language it is written in."


@strawberry.input
class DeskStepInput:
    agency_id: strawberry.ID
    code: strawberry.ID
    seen_state: ReportState = strawberry.field(description=_SEEN)
    idempotency_key: str = strawberry.field(description=_KEY)

    def seen(self) -> Seen:
        return Seen(self.agency_id, self.code, self.seen_state)


@strawberry.input
class DeskWordsInput(DeskStepInput):
    words: str = strawberry.field(
        description="Everybody may read them, unless the report is private: no names, no numbers."
    )
    language: str = strawberry.field(description=_TAG)

    def said(self) -> Words:
        return Words(self.words, self.language)


@strawberry.input
class ProveFixInput(DeskStepInput):
    photo_ids: list[strawberry.ID] = strawberry.field(
        description=f"Ids of media of yours that are READY, 1 to {PROOFS_AT_MOST}."
    )
    words: str | None = None
    language: str = strawberry.field(default="vi", description=_TAG)

    def said(self) -> Words | None:
        return Words(self.words, self.language) if self.words else None


@strawberry.input
class AcceptReportInput(DeskStepInput):
    pass


@strawberry.input
class AssignReportInput(DeskWordsInput):
    pass


@strawberry.input
class StartReportInput(DeskStepInput):
    pass


@strawberry.input
class AnswerReportInput(DeskWordsInput):
    pass


@strawberry.input
class RefuseReportInput(DeskWordsInput):
    reason: RefusalReason


@strawberry.input
class RerouteReportInput(DeskWordsInput):
    to_agency_id: strawberry.ID


@strawberry.input
class MergeReportsInput:
    agency_id: strawberry.ID
    lead_code: strawberry.ID = strawberry.field(description="Under which all go on.")
    codes: list[strawberry.ID] = strawberry.field(description="The others, 1 to 50.")
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class UnmergeReportInput:
    agency_id: strawberry.ID
    code: strawberry.ID = strawberry.field(description="Which goes on by itself again.")
    idempotency_key: str = strawberry.field(description=_KEY)
