"""The error type of the slice in the contract, and what turns refusals into it."""

import strawberry
from strawberry.types.field import StrawberryField
from typing_extensions import override

from api.accounts.errors import NotAllowed, NotSignedIn
from api.context import Info
from api.kit.idempotency import IdempotencyProblem
from api.kit.problem import Problem
from api.wallet.errors import WalletErrorCode, WalletProblem

strawberry.enum(WalletErrorCode)

Refusal = WalletProblem | IdempotencyProblem | NotSignedIn | NotAllowed


@strawberry.type
class WalletError(Problem):
    code: WalletErrorCode


class WalletErrors(strawberry.ExceptionHandler[Refusal, WalletError]):
    """Turns every refusal of the slice into WalletError, in the reader's language."""

    @override
    def handle(self, exception: Refusal, *, field: StrawberryField, info: Info) -> WalletError:
        return WalletError(
            message=exception.localized(info.context.translate),
            code=WalletErrorCode[exception.code.name],
        )
