"""The inputs with which staff describe a product."""

import strawberry

from api.tourist_cards.products import (
    DESCRIPTION_CHARACTERS_AT_MOST,
    HOURS_OR_DAYS_AT_MOST,
    NAME_CHARACTERS_AT_MOST,
    PEOPLE_AT_MOST,
    PRICE_DONG_AT_MOST,
    AgeGroup,
    Product,
    SaleState,
)
from api.tourist_cards.terms import (
    CalendarDays,
    Entitlement,
    EntitlementKind,
    RefundRule,
    RollingHours,
    Terms,
    Texts,
)

strawberry.enum(EntitlementKind, description="VISIT and RIDE are let in at a gate.")
strawberry.enum(AgeGroup, description="For whom a pass is: the gate looks.")
strawberry.enum(
    SaleState, description="A DRAFT was never sold; of what is WITHDRAWN the passes still hold."
)

_NAMES = f"In Vietnamese and English at least; at most {NAME_CHARACTERS_AT_MOST} characters each."
_UNLIMITED = "Null: without a limit."


@strawberry.input(description="A text in one language.")
class CardTextInput:
    language: str = strawberry.field(description="BCP 47 tag.")
    text: str


@strawberry.input(one_of=True, description="How long a pass holds from its first use.")
class ValidityInput:
    rolling_hours: int | None = strawberry.field(
        default=strawberry.UNSET, description=f"1 to {HOURS_OR_DAYS_AT_MOST}, to the minute."
    )
    calendar_days: int | None = strawberry.field(
        default=strawberry.UNSET,
        description=f"1 to {HOURS_OR_DAYS_AT_MOST}, the day of the first use included; to midnight in Vietnam.",
    )

    def validity(self) -> RollingHours | CalendarDays:
        # One of the two is there and is a number: the schema itself refuses anything else.
        if isinstance(self.rolling_hours, int):
            return RollingHours(self.rolling_hours)
        return CalendarDays(self.calendar_days or 0)


@strawberry.input(description="One promise of a product, with its own counter.")
class EntitlementInput:
    id: strawberry.ID = strawberry.field(description="Small letters, digits and hyphens.")
    kind: EntitlementKind
    names: list[CardTextInput] = strawberry.field(description=_NAMES)
    place_ids: list[strawberry.ID] = strawberry.field(description="Places that honour it.")
    uses: int | None = strawberry.field(default=None, description=f"In all. {_UNLIMITED}")
    uses_per_day: int | None = strawberry.field(
        default=None, description=f"A calendar day. {_UNLIMITED}"
    )
    uses_per_place: int | None = strawberry.field(
        default=None, description=f"At each place. {_UNLIMITED}"
    )
    minutes_between: int = strawberry.field(
        default=0, description="Least time between two uses at one place."
    )
    discount_percent: int | None = strawberry.field(
        default=None, description="1 to 100, of a DISCOUNT only."
    )

    def entitlement(self) -> Entitlement:
        return Entitlement(
            id=self.id,
            kind=self.kind,
            names=_texts(self.names),
            place_ids=tuple(self.place_ids),
            uses=self.uses,
            uses_per_day=self.uses_per_day,
            uses_per_place=self.uses_per_place,
            minutes_between=self.minutes_between,
            discount_percent=self.discount_percent,
        )


@strawberry.input(description="A product as it shall be from now on.")
class PutCardProductInput:
    id: strawberry.ID = strawberry.field(description="Small letters, digits and hyphens.")
    expected_version: int | None = strawberry.field(
        default=None, description="Null: a new product; else the `version` that you saw."
    )
    names: list[CardTextInput] = strawberry.field(description=_NAMES)
    descriptions: list[CardTextInput] = strawberry.field(
        description=f"At most {DESCRIPTION_CHARACTERS_AT_MOST} characters each."
    )
    price: int = strawberry.field(description=f"Đồng, 0 to {PRICE_DONG_AT_MOST:,}.")
    people: list[AgeGroup] = strawberry.field(
        description=f"A pass for each, 1 to {PEOPLE_AT_MOST}; more than one make a family card."
    )
    validity: ValidityInput
    entitlements: list[EntitlementInput] = strawberry.field(
        description="In the order in which a gate draws on them."
    )
    whole_refund_days: int = strawberry.field(
        description="So many days after the purchase all of the price is paid back; 0 to 730."
    )
    refund_fee_percent: int = strawberry.field(description="Kept back after that; 0 to 100.")
    state: SaleState
    idempotency_key: str = strawberry.field(
        description="16 to 128 visible ASCII characters, made anew for each change."
    )

    def product(self) -> Product:
        return Product(
            id=self.id,
            names=_texts(self.names),
            descriptions=_texts(self.descriptions),
            price_dong=self.price,
            people=tuple(self.people),
            terms=Terms(
                self.validity.validity(),
                tuple(it.entitlement() for it in self.entitlements),
                RefundRule(self.whole_refund_days, self.refund_fee_percent),
            ),
            state=self.state,
        )


def _texts(texts: list[CardTextInput]) -> Texts:
    return {it.language: it.text.strip() for it in texts}
