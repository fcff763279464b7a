"""The error type of the slice in the contract, and what turns refusals into it."""

import strawberry
from strawberry.types.field import StrawberryField
from typing_extensions import override

from api.accounts.errors import NotAllowed, NotSignedIn
from api.context import Info
from api.kit.geo import InvalidPosition
from api.kit.idempotency import IdempotencyProblem
from api.kit.problem import Problem
from api.tourist_cards.errors import CardErrorCode, CardProblem
from api.wallet.errors import WalletErrorCode, WalletProblem

strawberry.enum(CardErrorCode)

Refusal = (
    CardProblem | WalletProblem | IdempotencyProblem | InvalidPosition | NotSignedIn | NotAllowed
)


@strawberry.type
class CardError(Problem):
    code: CardErrorCode
    field: str | None = strawberry.field(
        default=None, description="The part of the input that is refused; null: none in particular."
    )
    payment_code: WalletErrorCode | None = strawberry.field(
        default=None, description="With PAYMENT_REFUSED: why the wallet did not pay."
    )


class CardErrors(strawberry.ExceptionHandler[Refusal, CardError]):
    """Turns every refusal of the slice into CardError, in the reader's language."""

    @override
    def handle(self, exception: Refusal, *, field: StrawberryField, info: Info) -> CardError:
        message = exception.localized(info.context.translate)
        if isinstance(exception, WalletProblem):
            return CardError(
                message=message,
                code=CardErrorCode.PAYMENT_REFUSED,
                payment_code=WalletErrorCode[exception.code.name],
            )
        known = exception if isinstance(exception, CardProblem) else None
        return CardError(
            message=message,
            code=CardErrorCode[exception.code.name],
            field=known.field if known else None,
        )
