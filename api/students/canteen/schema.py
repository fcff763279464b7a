from typing import Annotated

import strawberry

from api.context import Info
from api.credentials.scans.records import scan_id_of
from api.kit.schema_types import Money
from api.students.canteen.service import Meal as MealRecord
from api.students.canteen.service import MealMoney as MoneyRecord
from api.students.student_error import StudentError

_KEY = "16 to 128 visible ASCII characters, made anew for each"


@strawberry.type(description="The money on a pupil's card.")
class MealMoney:
    pupil_id: strawberry.ID
    account_id: strawberry.ID = strawberry.field(
        description="Shown at a counter, where anybody may pay in."
    )
    balance: Money
    a_day: Money | None = strawberry.field(
        description="What may be spent a day; null: no limit of a guardian's."
    )
    spent_today: Money

    @classmethod
    def of(cls, record: MoneyRecord, language: str) -> "MealMoney":
        return cls(
            pupil_id=strawberry.ID(record.pupil_id),
            account_id=strawberry.ID(record.account_id),
            balance=Money.of(record.balance, language),
            a_day=None if record.a_day is None else Money.of(record.a_day, language),
            spent_today=Money.of(record.spent_today, language),
        )


@strawberry.type(description="A meal that was paid, or what was given back of one.")
class Meal:
    id: strawberry.ID
    amount: Money

    @classmethod
    def of(cls, record: MealRecord, language: str) -> "Meal":
        return cls(id=strawberry.ID(record.id), amount=Money.of(record.amount, language))


@strawberry.input
class AllowMealsInput:
    pupil_id: strawberry.ID
    a_day: int | None = strawberry.field(description="Đồng; 0: nothing; null: no limit of yours.")


@strawberry.input
class TopUpMealMoneyInput:
    pupil_id: strawberry.ID
    amount: int = strawberry.field(description="Đồng, from your wallet.")
    idempotency_key: str = strawberry.field(description=f"{_KEY} top-up.")


@strawberry.input
class TakeBackMealMoneyInput:
    pupil_id: strawberry.ID
    amount: int = strawberry.field(description="Đồng, into your wallet.")
    idempotency_key: str = strawberry.field(description=f"{_KEY} time.")


@strawberry.input
class PayMealInput:
    gate: strawberry.ID = strawberry.field(description="Of your desk.")
    scan_id: strawberry.ID = strawberry.field(
        description="Of the scan (purpose MEAL) at your desk, at most five minutes ago, as you named it."
    )
    amount: int = strawberry.field(description="Đồng.")
    idempotency_key: str = strawberry.field(description=f"{_KEY} meal.")


@strawberry.input
class RefundMealInput:
    school_id: strawberry.ID
    meal_id: strawberry.ID
    amount: int = strawberry.field(description="Đồng.")
    idempotency_key: str = strawberry.field(description=f"{_KEY} refund.")


@strawberry.type
class AllowMealsSuccess:
    money: MealMoney


@strawberry.type
class TopUpMealMoneySuccess:
    money: MealMoney


@strawberry.type
class TakeBackMealMoneySuccess:
    money: MealMoney


@strawberry.type
class PayMealSuccess:
    meal: Meal


@strawberry.type
class RefundMealSuccess:
    refund: Meal


AllowMealsResult = Annotated[AllowMealsSuccess | StudentError, strawberry.union("AllowMealsResult")]
TopUpMealMoneyResult = Annotated[
    TopUpMealMoneySuccess | StudentError, strawberry.union("TopUpMealMoneyResult")
]
TakeBackMealMoneyResult = Annotated[
    TakeBackMealMoneySuccess | StudentError, strawberry.union("TakeBackMealMoneyResult")
]
PayMealResult = Annotated[PayMealSuccess | StudentError, strawberry.union("PayMealResult")]

RefundMealResult = Annotated[RefundMealSuccess | StudentError, strawberry.union("RefundMealResult")]


@strawberry.type
class CanteenQuery:
    @strawberry.field(description="The money on a pupil's card. For her guardians.")
    async def meal_money(self, info: Info, pupil_id: strawberry.ID) -> MealMoney:
        found = await info.context.services.students.canteen.money(info.context.caller, pupil_id)
        return MealMoney.of(found, info.context.language)


@strawberry.type
class CanteenMutation:
    @strawberry.mutation(
        description="Say how much may be spent with the card a day. For guardians of the pupil."
    )
    async def allow_meals(self, info: Info, input: AllowMealsInput) -> AllowMealsResult:
        money = await info.context.services.students.canteen.allow(
            info.context.caller, input.pupil_id, input.a_day
        )
        return AllowMealsSuccess(money=MealMoney.of(money, info.context.language))

    @strawberry.mutation(
        description="Put money from your wallet on the card. For guardians of the pupil."
    )
    async def top_up_meal_money(
        self, info: Info, input: TopUpMealMoneyInput
    ) -> TopUpMealMoneyResult:
        money = await info.context.services.students.canteen.top_up(
            info.context.caller, input.pupil_id, input.amount, input.idempotency_key
        )
        return TopUpMealMoneySuccess(money=MealMoney.of(money, info.context.language))

    @strawberry.mutation(
        description="Take money from the card into your wallet. For guardians of the pupil."
    )
    async def take_back_meal_money(
        self, info: Info, input: TakeBackMealMoneyInput
    ) -> TakeBackMealMoneyResult:
        money = await info.context.services.students.canteen.take_back(
            info.context.caller, input.pupil_id, input.amount, input.idempotency_key
        )
        return TakeBackMealMoneySuccess(money=MealMoney.of(money, info.context.language))

    @strawberry.mutation(
        description="Let a card that was just scanned pay a meal. For gatekeepers of the school."
    )
    async def pay_meal(self, info: Info, input: PayMealInput) -> PayMealResult:
        meal = await info.context.services.students.canteen.pay(
            info.context.caller,
            scan_id_of(input.gate, input.scan_id),
            input.amount,
            input.idempotency_key,
        )
        return PayMealSuccess(meal=Meal.of(meal, info.context.language))

    @strawberry.mutation(
        description="Give back a part of what a meal took, or all. For clerks of the school."
    )
    async def refund_meal(self, info: Info, input: RefundMealInput) -> RefundMealResult:
        refund = await info.context.services.students.canteen.refund(
            info.context.caller,
            input.school_id,
            input.meal_id,
            input.amount,
            input.idempotency_key,
        )
        return RefundMealSuccess(refund=Meal.of(refund, info.context.language))
