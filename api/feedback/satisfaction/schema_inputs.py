"""What whoever rates sends."""

import strawberry

from api.accounts.caller import Scope
from api.feedback.reports.schema_inputs import ReporterDeviceInput
from api.feedback.satisfaction.contract_enums import Grade, OfficeKind, Reason
from api.feedback.satisfaction.rating import WORDS_CHARACTERS_AT_MOST, Said

_KEY = "16 to 128 visible ASCII characters, made anew for each"


@strawberry.input(description="An agency, a hospital or a clinic.")
class OfficeInput:
    kind: OfficeKind
    id: strawberry.ID

    def office(self) -> Scope:
        return self.kind.office(self.id)


@strawberry.input
class OpinionInput:
    grade: Grade
    reasons: list[Reason] = strawberry.field(
        default_factory=list[Reason], description="Those that `ratingForms` offers, each once."
    )
    words: str | None = strawberry.field(
        default=None,
        description=f"1 to {WORDS_CHARACTERS_AT_MOST} characters of plain text, for the office alone.",
    )
    language: str = strawberry.field(
        default="vi", description="BCP 47 tag of the language of `words`; any language."
    )
    idempotency_key: str = strawberry.field(description=f"{_KEY} rating.")

    def said(self) -> Said:
        return Said(self.grade, tuple(self.reasons), self.words, self.language)


@strawberry.input
class RateInput(OpinionInput):
    rating_id: strawberry.ID | None = strawberry.field(
        default=None, description="From `myRatings`, or from the data of the push that asked."
    )
    ticket: str | None = strawberry.field(
        default=None,
        description="In place of `ratingId`: from the link that asked. It counts once, without signing in.",
    )
    device: ReporterDeviceInput | None = strawberry.field(
        default=None, description="Of whoever is not signed in and reported from a device."
    )


@strawberry.input
class RateOfficeInput(OpinionInput):
    code: str = strawberry.field(description="What the QR code at the desk holds.")
    device: ReporterDeviceInput = strawberry.field(
        description="Registered, also of whoever is signed in."
    )
