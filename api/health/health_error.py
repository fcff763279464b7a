"""The error type of the slice in the contract, and what turns refusals into it."""

import strawberry
from strawberry.types.field import StrawberryField
from typing_extensions import override

from api.accounts.errors import NotAllowed, NotSignedIn
from api.context import Info
from api.health.errors import HealthErrorCode, HealthProblem
from api.kit.idempotency import IdempotencyProblem
from api.kit.problem import Problem

strawberry.enum(HealthErrorCode)

Refusal = HealthProblem | IdempotencyProblem | NotSignedIn | NotAllowed


@strawberry.type
class HealthError(Problem):
    code: HealthErrorCode
    field: str | None = strawberry.field(
        default=None, description="The part of the input that is refused; null: none in particular."
    )
    retry_after: int | None = strawberry.field(
        default=None,
        description="Seconds after which it is worth asking again; null: not by waiting.",
    )


class HealthErrors(strawberry.ExceptionHandler[Refusal, HealthError]):
    """Turns every refusal of the slice into HealthError, in the reader's language."""

    @override
    def handle(self, exception: Refusal, *, field: StrawberryField, info: Info) -> HealthError:
        known = exception if isinstance(exception, HealthProblem) else None
        return HealthError(
            message=exception.localized(info.context.translate),
            code=HealthErrorCode[exception.code.name],
            field=known.field if known else None,
            retry_after=known.retry_after_seconds if known else None,
        )
