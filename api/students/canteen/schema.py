from typing import Annotated

import strawberry

from api.context import Info
from api.students.canteen.service import Meal as MealRecord
from api.students.canteen.service import MealMoney as MoneyRecord
from api.students.student_error import StudentError

_KEY = "16 to 128 visible ASCII characters, made anew for each"


@strawberry.type(description="The money on a pupil's card.")
class MealMoney:
    pupil_id: strawberry.ID
    balance: int = strawberry.field(description="Đồng.")
    a_day: int | None = strawberry.field(
        description="Đồng that may be spent a day; null: no limit of a guardian's."
    )
    spent_today: int = strawberry.field(description="Đồng.")

    @classmethod
    def of(cls, record: MoneyRecord) -> "MealMoney":
        return cls(
            pupil_id=strawberry.ID(record.pupil_id),
            balance=record.balance,
            a_day=record.a_day,
            spent_today=record.spent_today,
        )


@strawberry.type(description="A meal that was paid.")
class Meal:
    id: strawberry.ID
    amount: int = strawberry.field(description="Đồng.")

    @classmethod
    def of(cls, record: MealRecord) -> "Meal":
        return cls(id=strawberry.ID(record.id), amount=record.amount)


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
    scan_id: strawberry.ID = strawberry.field(
        description="Of the scan (purpose MEAL) at your desk, at most five minutes ago."
    )
    amount: int = strawberry.field(description="Đồng.")
    idempotency_key: str = strawberry.field(description=f"{_KEY} meal.")


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


AllowMealsResult = Annotated[AllowMealsSuccess | StudentError, strawberry.union("AllowMealsResult")]
TopUpMealMoneyResult = Annotated[
    TopUpMealMoneySuccess | StudentError, strawberry.union("TopUpMealMoneyResult")
]
TakeBackMealMoneyResult = Annotated[
    TakeBackMealMoneySuccess | StudentError, strawberry.union("TakeBackMealMoneyResult")
]
PayMealResult = Annotated[PayMealSuccess | StudentError, strawberry.union("PayMealResult")]


@strawberry.type
class CanteenQuery:
    @strawberry.field(description="The money on a pupil's card. For her guardians.")
    async def meal_money(self, info: Info, pupil_id: strawberry.ID) -> MealMoney:
        found = await info.context.services.students.canteen.money(info.context.caller, pupil_id)
        return MealMoney.of(found)


@strawberry.type
class CanteenMutation:
    @strawberry.mutation(
        description="Say how much may be spent with the card a day. For guardians of the pupil."
    )
    async def allow_meals(self, info: Info, input: AllowMealsInput) -> AllowMealsResult:
        money = await info.context.services.students.canteen.allow(
            info.context.caller, input.pupil_id, input.a_day
        )
        return AllowMealsSuccess(money=MealMoney.of(money))

    @strawberry.mutation(
        description="Put money from your wallet on the card. For guardians of the pupil."
    )
    async def top_up_meal_money(
        self, info: Info, input: TopUpMealMoneyInput
    ) -> TopUpMealMoneyResult:
        money = await info.context.services.students.canteen.top_up(
            info.context.caller, input.pupil_id, input.amount, input.idempotency_key
        )
        return TopUpMealMoneySuccess(money=MealMoney.of(money))

    @strawberry.mutation(
        description="Take money from the card into your wallet. For guardians of the pupil."
    )
    async def take_back_meal_money(
        self, info: Info, input: TakeBackMealMoneyInput
    ) -> TakeBackMealMoneyResult:
        money = await info.context.services.students.canteen.take_back(
            info.context.caller, input.pupil_id, input.amount, input.idempotency_key
        )
        return TakeBackMealMoneySuccess(money=MealMoney.of(money))

    @strawberry.mutation(
        description="Let a card that was just scanned pay a meal. For gatekeepers of the school."
    )
    async def pay_meal(self, info: Info, input: PayMealInput) -> PayMealResult:
        meal = await info.context.services.students.canteen.pay(
            info.context.caller, input.scan_id, input.amount, input.idempotency_key
        )
        return PayMealSuccess(meal=Meal.of(meal))
