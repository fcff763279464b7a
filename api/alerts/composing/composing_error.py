"""The error type of the concern in the contract, and what turns refusals into it."""

import strawberry
from strawberry.types.field import StrawberryField
from typing_extensions import override

from api.accounts.errors import DeviceNotFound, NotAllowed, NotSignedIn
from api.alerts.composing.errors import ComposingErrorCode, ComposingProblem
from api.context import Info
from api.kit.geo import InvalidPosition
from api.kit.idempotency import IdempotencyProblem
from api.kit.problem import Problem

strawberry.enum(ComposingErrorCode, name="AlertDraftErrorCode")

Refusal = (
    ComposingProblem
    | IdempotencyProblem
    | InvalidPosition
    | DeviceNotFound
    | NotSignedIn
    | NotAllowed
)


@strawberry.type
class AlertDraftError(Problem):
    code: ComposingErrorCode
    field: str | None = strawberry.field(
        default=None, description="The part of the input that is refused; null: none in particular."
    )

    @classmethod
    def of(cls, problem: Refusal, info: Info) -> "AlertDraftError":
        return cls(
            message=problem.localized(info.context.translate),
            code=ComposingErrorCode[_CODES.get(problem.code.name, problem.code.name)],
            field=problem.field if isinstance(problem, ComposingProblem) else None,
        )


_CODES = {"INVALID_POSITION": "INVALID_AREA"}


class AlertDraftErrors(strawberry.ExceptionHandler[Refusal, AlertDraftError]):
    """Turns every refusal of the concern into AlertDraftError, in the reader's language."""

    @override
    def handle(self, exception: Refusal, *, field: StrawberryField, info: Info) -> AlertDraftError:
        return AlertDraftError.of(exception, info)
