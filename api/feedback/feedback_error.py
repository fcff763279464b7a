"""The error type of the slice in the contract, and what turns refusals into it."""

import strawberry
from strawberry.types.field import StrawberryField
from typing_extensions import override

from api.accounts.errors import DeviceNotFound, NotAllowed, NotSignedIn
from api.context import Info
from api.feedback.errors import FeedbackErrorCode, FeedbackProblem
from api.kit.geo import InvalidPosition
from api.kit.idempotency import IdempotencyProblem
from api.kit.problem import Problem

strawberry.enum(FeedbackErrorCode)

Refusal = (
    FeedbackProblem
    | IdempotencyProblem
    | InvalidPosition
    | DeviceNotFound
    | NotSignedIn
    | NotAllowed
)


@strawberry.type
class FeedbackError(Problem):
    code: FeedbackErrorCode
    field: str | None = strawberry.field(
        default=None, description="The part of the input that is refused; null: none in particular."
    )
    retry_after: int | None = strawberry.field(
        default=None,
        description="Seconds after which it is worth asking again; null: not by waiting.",
    )


class FeedbackErrors(strawberry.ExceptionHandler[Refusal, FeedbackError]):
    """Turns every refusal of the slice into FeedbackError, in the reader's language."""

    @override
    def handle(self, exception: Refusal, *, field: StrawberryField, info: Info) -> FeedbackError:
        known = exception if isinstance(exception, FeedbackProblem) else None
        return FeedbackError(
            message=exception.localized(info.context.translate),
            code=FeedbackErrorCode[exception.code.name],
            field=known.field if known else None,
            retry_after=known.retry_after_seconds if known else None,
        )
