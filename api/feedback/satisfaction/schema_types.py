"""What asking, the desk and the results all show: offices, grades and reasons."""

import strawberry

from api.accounts.caller import Scope
from api.context import Info
from api.feedback.satisfaction.contract_enums import Grade, OfficeKind, Reason
from api.feedback.satisfaction.reasons import GRADE_LABELS, REASON_LABELS
from api.kit.schema_types import LocalizedText


@strawberry.type(description="An answer to choose.")
class OfferedGrade:
    code: Grade
    name: str = strawberry.field(description="In the reader's language.")

    @classmethod
    def of(cls, grade: Grade, info: Info) -> "OfferedGrade":
        return cls(code=grade, name=info.context.translate(GRADE_LABELS[grade]))


@strawberry.type(description="What a grade may be about, good or bad.")
class OfferedReason:
    code: Reason
    name: str = strawberry.field(description="In the reader's language.")

    @classmethod
    def of(cls, reason: Reason, info: Info) -> "OfferedReason":
        return cls(code=reason, name=info.context.translate(REASON_LABELS[reason]))


@strawberry.type(description="An agency, a hospital or a clinic that is rated.")
class RatedOffice:
    kind: OfficeKind
    id: strawberry.ID
    name: LocalizedText | None

    @classmethod
    def of(cls, office: Scope, info: Info) -> "RatedOffice":
        names = info.context.services.feedback.satisfaction.offices.names(office)
        return cls(
            kind=OfficeKind(office.kind.value),
            id=strawberry.ID(office.id),
            name=LocalizedText.of(names, info.context.language) if names else None,
        )
