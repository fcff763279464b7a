"""The error type of the slice in the contract, and what turns refusals into it."""

import strawberry
from strawberry.types.field import StrawberryField
from typing_extensions import override

from api.accounts.errors import NotAllowed, NotSignedIn
from api.context import Info
from api.kit.idempotency import IdempotencyProblem
from api.kit.problem import Problem
from api.students.errors import StudentErrorCode, StudentProblem

strawberry.enum(StudentErrorCode)

Refusal = StudentProblem | IdempotencyProblem | NotSignedIn | NotAllowed


@strawberry.type
class StudentError(Problem):
    code: StudentErrorCode
    field: str | None = strawberry.field(
        default=None, description="The part of the input that is refused; null: none in particular."
    )
    retry_after: int | None = strawberry.field(
        default=None,
        description="Seconds after which it is worth asking again; null: not by waiting.",
    )


class StudentErrors(strawberry.ExceptionHandler[Refusal, StudentError]):
    """Turns every refusal of the slice into StudentError, in the reader's language."""

    @override
    def handle(self, exception: Refusal, *, field: StrawberryField, info: Info) -> StudentError:
        known = exception if isinstance(exception, StudentProblem) else None
        return StudentError(
            message=exception.localized(info.context.translate),
            code=StudentErrorCode[exception.code.name],
            field=known.field if known else None,
            retry_after=known.retry_after_seconds if known else None,
        )
