"""The error type of the slice in the contract, and what turns refusals into it."""

import strawberry
from strawberry.types.field import StrawberryField
from typing_extensions import override

from api.accounts.errors import AccountErrorCode, AccountProblem
from api.context import Info
from api.kit.idempotency import IdempotencyProblem
from api.kit.problem import Problem

strawberry.enum(AccountErrorCode)


@strawberry.type
class AccountError(Problem):
    code: AccountErrorCode
    retry_after: int | None = strawberry.field(
        default=None,
        description="Seconds after which it is worth asking again; null: not by waiting.",
    )


class AccountErrors(strawberry.ExceptionHandler[AccountProblem | IdempotencyProblem, AccountError]):
    """Turns every refusal of the slice into AccountError, in the reader's language."""

    @override
    def handle(
        self,
        exception: AccountProblem | IdempotencyProblem,
        *,
        field: StrawberryField,
        info: Info,
    ) -> AccountError:
        return AccountError(
            message=exception.localized(info.context.translate),
            code=AccountErrorCode[exception.code.name],
            retry_after=getattr(exception, "retry_after_seconds", None),
        )
