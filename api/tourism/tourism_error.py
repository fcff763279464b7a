"""The error type of the slice in the contract, and what turns refusals into it."""

import strawberry
from strawberry.types.field import StrawberryField
from typing_extensions import override

from api.accounts.errors import NotAllowed, NotSignedIn
from api.context import Info
from api.kit.geo import InvalidPosition
from api.kit.idempotency import IdempotencyProblem
from api.kit.problem import Problem
from api.tourism.errors import TourismErrorCode, TourismProblem

strawberry.enum(TourismErrorCode)

Refusal = TourismProblem | IdempotencyProblem | InvalidPosition | NotSignedIn | NotAllowed


@strawberry.type
class TourismError(Problem):
    code: TourismErrorCode
    field: str | None = strawberry.field(
        default=None, description="The part of the input that is refused; null: none in particular."
    )
    retry_after: int | None = strawberry.field(
        default=None,
        description="Seconds after which it is worth asking again; null: not by waiting.",
    )


class TourismErrors(strawberry.ExceptionHandler[Refusal, TourismError]):
    """Turns every refusal of the slice into TourismError, in the reader's language."""

    @override
    def handle(self, exception: Refusal, *, field: StrawberryField, info: Info) -> TourismError:
        known = exception if isinstance(exception, TourismProblem) else None
        return TourismError(
            message=exception.localized(info.context.translate),
            code=TourismErrorCode[exception.code.name],
            field=known.field if known else None,
            retry_after=known.retry_after_seconds if known else None,
        )
