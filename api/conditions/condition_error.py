"""The error type of the slice in the contract, and what turns refusals into it."""

import strawberry
from strawberry.types.field import StrawberryField
from typing_extensions import override

from api.accounts.errors import NotAllowed, NotSignedIn
from api.conditions.errors import ConditionErrorCode, ConditionProblem
from api.context import Info
from api.kit.geo import InvalidPosition
from api.kit.idempotency import IdempotencyProblem
from api.kit.problem import Problem

strawberry.enum(ConditionErrorCode)

Refusal = ConditionProblem | IdempotencyProblem | InvalidPosition | NotSignedIn | NotAllowed


@strawberry.type
class ConditionError(Problem):
    code: ConditionErrorCode
    field: str | None = strawberry.field(
        default=None, description="The part of the input that is refused; null: none in particular."
    )


class ConditionErrors(strawberry.ExceptionHandler[Refusal, ConditionError]):
    """Turns every refusal of the slice into ConditionError, in the reader's language."""

    @override
    def handle(self, exception: Refusal, *, field: StrawberryField, info: Info) -> ConditionError:
        known = exception if isinstance(exception, ConditionProblem) else None
        return ConditionError(
            message=exception.localized(info.context.translate),
            code=ConditionErrorCode[exception.code.name],
            field=known.field if known else None,
        )
