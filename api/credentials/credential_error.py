"""The error type of the slice in the contract, and what turns refusals into it."""

import strawberry
from strawberry.types.field import StrawberryField
from typing_extensions import override

from api.accounts.errors import NotAllowed, NotSignedIn
from api.accounts.staff.errors import InvalidGrant
from api.context import Info
from api.credentials.errors import CredentialErrorCode, CredentialProblem
from api.kit.geo import InvalidPosition
from api.kit.idempotency import IdempotencyProblem
from api.kit.problem import Problem

strawberry.enum(CredentialErrorCode)

Refusal = (
    CredentialProblem
    | IdempotencyProblem
    | InvalidPosition
    | NotSignedIn
    | NotAllowed
    | InvalidGrant
)
_OTHER_CODES = {
    "INVALID_POSITION": CredentialErrorCode.INVALID_GATE,
    "INVALID_GRANT": CredentialErrorCode.INVALID_GATE,
}


@strawberry.type
class CredentialError(Problem):
    code: CredentialErrorCode
    field: str | None = strawberry.field(
        default=None, description="The part of the input that is refused; null: none in particular."
    )

    @classmethod
    def of(cls, refusal: Refusal, info: Info) -> "CredentialError":
        name = refusal.code.name
        return cls(
            message=refusal.localized(info.context.translate),
            code=_OTHER_CODES[name] if name in _OTHER_CODES else CredentialErrorCode[name],
            field=refusal.field if isinstance(refusal, CredentialProblem) else None,
        )


class CredentialErrors(strawberry.ExceptionHandler[Refusal, CredentialError]):
    """Turns every refusal of the slice into CredentialError, in the reader's language."""

    @override
    def handle(self, exception: Refusal, *, field: StrawberryField, info: Info) -> CredentialError:
        return CredentialError.of(exception, info)
