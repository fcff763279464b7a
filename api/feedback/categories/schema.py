from typing import Annotated

import strawberry

from api.context import Info
from api.feedback.categories.category import Category, FieldChoice, FieldKind, FormField
from api.feedback.clocks.working_days import Term, TermUnit
from api.kit.schema_types import LocalizedText
from api.tourism.emergency.numbers import EMERGENCY_NUMBERS
from api.tourism.emergency.schema import EmergencyNumber

strawberry.enum(FieldKind, name="ReportFieldKind", description="YES_NO is answered yes or no.")
strawberry.enum(
    TermUnit,
    name="ReportTermUnit",
    description="WORKING_DAYS: by Vietnam's calendar, not counting the day on which it begins.",
)


@strawberry.type(description="How long an agency has.")
class ReportTerm:
    amount: int
    unit: TermUnit

    @classmethod
    def of(cls, term: Term) -> "ReportTerm":
        return cls(amount=term.amount, unit=term.unit)


@strawberry.type
class ReportFieldChoice:
    code: str = strawberry.field(description="What to send as the answer.")
    label: LocalizedText

    @classmethod
    def of(cls, choice: FieldChoice, info: Info) -> "ReportFieldChoice":
        return cls(
            code=choice.code, label=LocalizedText.needed(choice.labels, info.context.language)
        )


@strawberry.type(description="One thing that the form asks.")
class ReportField:
    code: str
    kind: FieldKind
    label: LocalizedText
    is_required: bool
    choices: list[ReportFieldChoice] = strawberry.field(description="Of a CHOICE only.")

    @classmethod
    def of(cls, field: FormField, info: Info) -> "ReportField":
        return cls(
            code=field.code,
            kind=field.kind,
            label=LocalizedText.needed(field.labels, info.context.language),
            is_required=field.is_required,
            choices=[ReportFieldChoice.of(one, info) for one in field.choices],
        )


@strawberry.type(description="Something that can be reported.")
class ReportCategory:
    code: strawberry.ID
    name: LocalizedText
    hint: LocalizedText
    fields: list[ReportField]
    is_urgent: bool = strawberry.field(
        description="Lives may be in danger: show `emergencyNumbers` first."
    )
    emergency_numbers: list[EmergencyNumber]
    accept_within: ReportTerm
    answer_within: ReportTerm
    fix_within: ReportTerm

    @classmethod
    def of(cls, category: Category, info: Info) -> "ReportCategory":
        language = info.context.language
        return cls(
            code=strawberry.ID(category.code),
            name=LocalizedText.needed(category.names, language),
            hint=LocalizedText.needed(category.hints, language),
            fields=[ReportField.of(one, info) for one in category.fields],
            is_urgent=category.is_urgent,
            emergency_numbers=[
                EmergencyNumber.of(one, info)
                for one in EMERGENCY_NUMBERS
                if one.number in category.emergency_numbers
            ],
            accept_within=ReportTerm.of(category.terms.accept),
            answer_within=ReportTerm.of(category.terms.answer),
            fix_within=ReportTerm.of(category.terms.fix),
        )


def category_of(code: str, info: Info) -> ReportCategory:
    return ReportCategory.of(info.context.services.feedback.categories.category(code), info)


@strawberry.type
class ReportCategories:
    categories: list[ReportCategory]


@strawberry.type(description="What a text seems to be about. A suggestion: the person chooses.")
class CategorySuggestion:
    category: ReportCategory
    share: float = strawberry.field(description="How likely among all categories, 0 to 1.")


@strawberry.type
class CategorySuggestions:
    suggestions: list[CategorySuggestion] = strawberry.field(
        description="The likeliest first; none when nothing is likely."
    )


@strawberry.type
class CategoriesQuery:
    @strawberry.field(description="What can be reported, with what is asked and how long it takes.")
    async def report_categories(self, info: Info) -> ReportCategories:
        known = info.context.services.feedback.categories.categories.values()
        return ReportCategories(categories=[ReportCategory.of(one, info) for one in known])

    @strawberry.field(description="Which category a text seems to be of.")
    async def suggest_category(
        self,
        info: Info,
        text: Annotated[
            str, strawberry.argument(description="In any language; the first 500 characters count.")
        ],
    ) -> CategorySuggestions:
        found = info.context.services.feedback.model.suggest(text)
        return CategorySuggestions(
            suggestions=[
                CategorySuggestion(category=category_of(one.category, info), share=one.share)
                for one in found
            ]
        )
