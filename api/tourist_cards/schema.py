from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.kit.pagination import After, Connection, First
from api.kit.schema_types import LocalizedText, PositionInput
from api.tourism.schema import Place
from api.tourist_cards.buying import Bought
from api.tourist_cards.card_error import CardError
from api.tourist_cards.giving import Offered
from api.tourist_cards.holding import HonouringPlace, PassSeen, PurchaseSeen
from api.tourist_cards.left import Left as LeftRecord
from api.tourist_cards.passes import OFFERED_FOR, PassState
from api.tourist_cards.products import AgeGroup, SaleState
from api.tourist_cards.products import Product as ProductRecord
from api.tourist_cards.room import UNUSED_AT_MOST
from api.tourist_cards.schema_inputs import PutCardProductInput
from api.tourist_cards.terms import Entitlement as EntitlementRecord
from api.tourist_cards.terms import EntitlementKind, RollingHours, Validity

strawberry.enum(
    PassState,
    description="ACTIVE since its first use; OVER: its time is; LAPSED: never used within two years.",
)

_KEY = "16 to 128 visible ASCII characters, made anew for each change."
_OFFER_HOURS = int(OFFERED_FOR.total_seconds() // 3600)


@strawberry.type(description="How long a pass holds from its first use.")
class CardValidity:
    rolling_hours: int | None = strawberry.field(description="To the minute.")
    calendar_days: int | None = strawberry.field(
        description="The day of the first use included; to midnight in Vietnam."
    )

    @classmethod
    def of(cls, validity: Validity) -> "CardValidity":
        if isinstance(validity, RollingHours):
            return cls(rolling_hours=validity.hours, calendar_days=None)
        return cls(rolling_hours=None, calendar_days=validity.days)


@strawberry.type(description="One promise, with its own counter. A null limit does not limit.")
class CardEntitlement:
    id: strawberry.ID
    kind: EntitlementKind
    name: LocalizedText = strawberry.field(description="In the reader's language if we have it.")
    place_ids: list[strawberry.ID] = strawberry.field(description="Places that honour it.")
    uses: int | None = strawberry.field(description="In all.")
    uses_per_day: int | None = strawberry.field(description="A calendar day in Vietnam.")
    uses_per_place: int | None = strawberry.field(description="At each place.")
    minutes_between: int = strawberry.field(description="Least time between uses at one place.")
    discount_percent: int | None = strawberry.field(description="Of a DISCOUNT.")

    @classmethod
    def of(cls, entitlement: EntitlementRecord, info: Info) -> "CardEntitlement":
        return cls(
            id=strawberry.ID(entitlement.id),
            kind=entitlement.kind,
            name=LocalizedText.needed(entitlement.names, info.context.language),
            place_ids=[strawberry.ID(place_id) for place_id in entitlement.place_ids],
            uses=entitlement.uses,
            uses_per_day=entitlement.uses_per_day,
            uses_per_place=entitlement.uses_per_place,
            minutes_between=entitlement.minutes_between,
            discount_percent=entitlement.discount_percent,
        )


@strawberry.type(description="A tourist card that is or was on sale.")
class CardProduct:
    id: strawberry.ID
    name: LocalizedText = strawberry.field(description="In the reader's language if we have it.")
    description: LocalizedText | None
    price: int = strawberry.field(description="Đồng, for all passes together.")
    people: list[AgeGroup] = strawberry.field(
        description="A pass for each; more than one make a family card."
    )
    validity: CardValidity
    entitlements: list[CardEntitlement]
    whole_refund_days: int = strawberry.field(
        description="So many days after the purchase an unused card is paid back whole."
    )
    refund_fee_percent: int = strawberry.field(description="Kept back after that.")
    state: SaleState
    version: int = strawberry.field(description="For staff: `expectedVersion` of a change.")

    @classmethod
    def of(cls, product: ProductRecord, info: Info) -> "CardProduct":
        terms = product.terms
        return cls(
            id=strawberry.ID(product.id),
            name=LocalizedText.needed(product.names, info.context.language),
            description=LocalizedText.of(product.descriptions, info.context.language),
            price=product.price_dong,
            people=list(product.people),
            validity=CardValidity.of(terms.validity),
            entitlements=[CardEntitlement.of(it, info) for it in terms.entitlements],
            whole_refund_days=terms.refund.whole_for_days,
            refund_fee_percent=terms.refund.fee_percent_after,
            state=product.state,
            version=product.version,
        )


@strawberry.type(description="What is left of one promise of a pass.")
class EntitlementLeft:
    entitlement: CardEntitlement
    uses: int | None = strawberry.field(description="In all; null: without a limit.")
    uses_today: int | None = strawberry.field(description="Null: without a limit a day.")
    text: str = strawberry.field(description="In plain words, in the reader's language.")

    @classmethod
    def of(cls, left: LeftRecord, info: Info) -> "EntitlementLeft":
        entitlement = CardEntitlement.of(left.entitlement, info)
        return cls(
            entitlement=entitlement,
            uses=left.uses,
            uses_today=left.today,
            text=left.sentence(info.context.translate, entitlement.name.text),
        )


@strawberry.type(description="What was paid once, for one pass or for all of a family card.")
class CardPurchase:
    id: strawberry.ID = strawberry.field(description="The same on each of its passes.")
    price: int = strawberry.field(description="Đồng that were paid for all of its passes together.")
    pass_count: int
    refund: int | None = strawberry.field(
        description="Đồng that `refundPass` of any of its passes would pay now, for all of them together;"
        " null: it would not."
    )

    @classmethod
    def of(cls, seen: PurchaseSeen) -> "CardPurchase":
        return cls(
            id=strawberry.ID(seen.purchase.id),
            price=seen.purchase.price_dong,
            pass_count=seen.pass_count,
            refund=seen.refund_dong,
        )


@strawberry.type(description="A pass that the caller holds, under the terms it was bought under.")
class CardPass:
    id: strawberry.ID
    product_id: strawberry.ID
    credential_id: strawberry.ID = strawberry.field(
        description="For `takeCredential`: what the phone shows at a gate."
    )
    name: LocalizedText = strawberry.field(description="In the reader's language if we have it.")
    person: AgeGroup
    state: PassState
    bought_at: datetime
    unused_until: datetime = strawberry.field(description="By then it must be used first.")
    first_use: datetime | None
    ends_at: datetime | None = strawberry.field(description="Null before its first use.")
    validity: CardValidity
    left: list[EntitlementLeft] = strawberry.field(
        description="Empty for a pass that holds no more."
    )
    purchase: CardPurchase | None = strawberry.field(
        description="What it was bought with, for its buyer; null for who was given the pass."
    )
    refund: int | None = strawberry.field(
        description="Đồng that `refundPass` would pay now for the whole purchase, not for this pass; null:"
        " it would not. Each pass of a family card says the same: do not add them up.",
        deprecation_reason="Read `purchase.refund`, which says whose refund it is. Goes after 2027-05-31.",
    )
    offered_until: datetime | None = strawberry.field(
        description="Until then whoever has the code may take the pass; null: it is not offered."
    )

    @classmethod
    def of(cls, seen: PassSeen, info: Info) -> "CardPass":
        held = seen.held
        return cls(
            id=strawberry.ID(held.id),
            product_id=strawberry.ID(held.product_id),
            credential_id=strawberry.ID(held.credential_id),
            name=LocalizedText.needed(held.names, info.context.language),
            person=held.person,
            state=seen.state,
            bought_at=held.bought_at,
            unused_until=held.unused_until,
            first_use=held.first_use,
            ends_at=held.ends_at,
            validity=CardValidity.of(held.terms.validity),
            left=[EntitlementLeft.of(it, info) for it in seen.left],
            purchase=CardPurchase.of(seen.bought) if seen.bought else None,
            refund=seen.bought.refund_dong if seen.bought else None,
            offered_until=held.offer.until if held.offer else None,
        )


@strawberry.type(description="A place that honours a card.")
class CardPlace:
    place: Place
    entitlements: list[CardEntitlement] = strawberry.field(description="What it honours.")
    distance: float | None = strawberry.field(
        description="Metres from `near` as the crow flies; null without it."
    )

    @classmethod
    def of(cls, found: HonouringPlace, info: Info) -> "CardPlace":
        return cls(
            place=Place.of(found.place, info),
            entitlements=[CardEntitlement.of(it, info) for it in found.entitlements],
            distance=found.metres,
        )


@strawberry.input
class BuyPassInput:
    product_id: strawberry.ID
    price: int = strawberry.field(description="Đồng, as the buyer was shown it.")
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class PassInput:
    pass_id: strawberry.ID
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class WithdrawPassOfferInput:
    pass_id: strawberry.ID


@strawberry.input
class AcceptPassInput:
    offer_code: str = strawberry.field(description="As the giver's phone shows it.")
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.type
class BuyPassSuccess:
    passes: list[CardPass] = strawberry.field(description="One for each person of the product.")


@strawberry.type
class RefundPassSuccess:
    passes: list[CardPass] = strawberry.field(description="All of the purchase; none holds.")


@strawberry.type
class OfferPassSuccess:
    held: CardPass = strawberry.field(name="pass")
    offer_code: str = strawberry.field(
        description=f"Who redeems it within {_OFFER_HOURS} hours has the pass."
    )


@strawberry.type
class WithdrawPassOfferSuccess:
    held: CardPass = strawberry.field(name="pass")


@strawberry.type
class AcceptPassSuccess:
    held: CardPass = strawberry.field(name="pass")


@strawberry.type
class PutCardProductSuccess:
    product: CardProduct


BuyPassResult = Annotated[BuyPassSuccess | CardError, strawberry.union("BuyPassResult")]
RefundPassResult = Annotated[RefundPassSuccess | CardError, strawberry.union("RefundPassResult")]
OfferPassResult = Annotated[OfferPassSuccess | CardError, strawberry.union("OfferPassResult")]
WithdrawPassOfferResult = Annotated[
    WithdrawPassOfferSuccess | CardError, strawberry.union("WithdrawPassOfferResult")
]
AcceptPassResult = Annotated[AcceptPassSuccess | CardError, strawberry.union("AcceptPassResult")]
PutCardProductResult = Annotated[
    PutCardProductSuccess | CardError, strawberry.union("PutCardProductResult")
]


@strawberry.type
class TouristCardsQuery:
    @strawberry.field(description="Tourist cards on sale, the cheapest first.")
    async def card_products(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[CardProduct]:
        page = await info.context.services.cards.selling.on_sale(first, after)
        return Connection[CardProduct].of(page, lambda it: CardProduct.of(it, info))

    @strawberry.field(description="Drafts and withdrawn ones too. For administrators.")
    async def all_card_products(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[CardProduct]:
        page = await info.context.services.cards.selling.all(info.context.caller, first, after)
        return Connection[CardProduct].of(page, lambda it: CardProduct.of(it, info))

    @strawberry.field(description="A card that is or was on sale; null if there is none.")
    async def card_product(self, info: Info, id: strawberry.ID) -> CardProduct | None:
        found = await info.context.services.cards.selling.product(id)
        return CardProduct.of(found, info) if found else None

    @strawberry.field(description="Where a product is honoured, the nearest first.")
    async def card_product_places(
        self,
        info: Info,
        product_id: strawberry.ID,
        near: PositionInput | None = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[CardPlace]:
        page = await info.context.services.cards.holding.places_of_product(
            product_id, near.position() if near else None, first, after
        )
        return Connection[CardPlace].of(page, lambda it: CardPlace.of(it, info))

    @strawberry.field(description="The caller's passes, the latest bought first.")
    async def my_passes(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[CardPass]:
        page = await info.context.services.cards.holding.of(info.context.caller, first, after)
        return Connection[CardPass].of(page, lambda it: CardPass.of(it, info))

    @strawberry.field(
        description="Where what is left of the caller's pass is honoured, the nearest first."
    )
    async def pass_places(
        self,
        info: Info,
        pass_id: strawberry.ID,
        near: PositionInput | None = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[CardPlace]:
        page = await info.context.services.cards.holding.places_of_pass(
            info.context.caller, pass_id, near.position() if near else None, first, after
        )
        return Connection[CardPlace].of(page, lambda it: CardPlace.of(it, info))


@strawberry.type
class TouristCardsMutation:
    @strawberry.mutation(
        description="Pay a card from the wallet. A person holds at most"
        f" {UNUSED_AT_MOST} unused passes."
    )
    async def buy_pass(self, info: Info, input: BuyPassInput) -> BuyPassResult:
        bought = await info.context.services.cards.buying.buy(
            info.context.caller, input.product_id, input.price, input.idempotency_key
        )
        return BuyPassSuccess(passes=await _passes(bought, info))

    @strawberry.mutation(
        description="Pay an unused purchase back to the wallet it was paid from, family cards whole."
    )
    async def refund_pass(self, info: Info, input: PassInput) -> RefundPassResult:
        refunded = await info.context.services.cards.buying.refund(
            info.context.caller, input.pass_id, input.idempotency_key
        )
        return RefundPassSuccess(passes=await _passes(refunded, info))

    @strawberry.mutation(
        description="Make a code with which somebody else takes an unused pass; one made before is void."
    )
    async def offer_pass(self, info: Info, input: PassInput) -> OfferPassResult:
        offered: Offered = await info.context.services.cards.giving.offer(
            info.context.caller, input.pass_id, input.idempotency_key
        )
        seen = await info.context.services.cards.holding.seen(offered.held)
        return OfferPassSuccess(held=CardPass.of(seen, info), offer_code=offered.code)

    @strawberry.mutation(description="Make the code of a pass void.")
    async def withdraw_pass_offer(
        self, info: Info, input: WithdrawPassOfferInput
    ) -> WithdrawPassOfferResult:
        cards = info.context.services.cards
        held = await cards.giving.withdraw(info.context.caller, input.pass_id)
        return WithdrawPassOfferSuccess(held=CardPass.of(await cards.holding.seen(held), info))

    @strawberry.mutation(
        description="Take a pass that somebody gives; it leaves the giver's phone."
    )
    async def accept_pass(self, info: Info, input: AcceptPassInput) -> AcceptPassResult:
        cards = info.context.services.cards
        held = await cards.giving.accept(
            info.context.caller, input.offer_code, input.idempotency_key
        )
        return AcceptPassSuccess(held=CardPass.of(await cards.holding.seen(held), info))

    @strawberry.mutation(description="Add or change a product. For administrators.")
    async def put_card_product(
        self, info: Info, input: PutCardProductInput
    ) -> PutCardProductResult:
        product = await info.context.services.cards.selling.put(
            info.context.caller, input.product(), input.expected_version, input.idempotency_key
        )
        return PutCardProductSuccess(product=CardProduct.of(product, info))


async def _passes(bought: Bought, info: Info) -> list[CardPass]:
    seen = await info.context.services.cards.holding.seen_all(bought.passes)
    return [CardPass.of(it, info) for it in seen]
