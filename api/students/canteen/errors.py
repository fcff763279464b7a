from api.kit.errors import N_, DomainError, Dong
from api.students.errors import StudentErrorCode, StudentProblem
from api.wallet.errors import (
    DailyLimitReached,
    InvalidAmount,
    MoreThanLeft,
    NotEnoughMoney,
    WalletProblem,
)


class MoneyMissing(StudentProblem):
    code = StudentErrorCode.MONEY_MISSING
    message = N_("There is not enough money for this.")


class MealLimitReached(StudentProblem):
    code = StudentErrorCode.LIMIT_REACHED
    message = N_("This is more than may be paid with the card today.")


class AmountNotUnderstood(StudentProblem):
    code = StudentErrorCode.INVALID_AMOUNT
    field = "amount"
    message = N_("This amount cannot be: whole đồng, from 1 to {most}.")

    def __init__(self, most: int) -> None:
        super().__init__(most=Dong(most))


class DailyAmountNotUnderstood(StudentProblem):
    code = StudentErrorCode.INVALID_AMOUNT
    field = "aDay"
    message = N_("This amount cannot be: whole đồng, from 0 to {most}.")

    def __init__(self, most: int) -> None:
        super().__init__(most=Dong(most))


class MoreThanPaid(StudentProblem):
    code = StudentErrorCode.INVALID_AMOUNT
    field = "amount"
    message = N_("No more can be given back than was paid and is left of it.")


class MealNotFound(StudentProblem):
    code = StudentErrorCode.NOT_FOUND
    field = "mealId"
    message = N_("No meal of this school was paid under this id.")


class MoneyRefused(StudentProblem):
    """Another refusal of the wallet, in its own words."""

    code = StudentErrorCode.INVALID_AMOUNT
    message = N_("The wallet refused this.")


def refusal_of(problem: WalletProblem, most: int) -> DomainError:
    """Return how this slice says what the wallet refuses."""
    if isinstance(problem, NotEnoughMoney):
        return MoneyMissing()
    if isinstance(problem, DailyLimitReached):
        return MealLimitReached()
    if isinstance(problem, InvalidAmount):
        return AmountNotUnderstood(most=most)
    if isinstance(problem, MoreThanLeft):
        return MoreThanPaid()
    return MoneyRefused()
