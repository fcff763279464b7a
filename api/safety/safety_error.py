"""The error type of the slice in the contract, and what turns refusals into it."""

import strawberry
from strawberry.types.field import StrawberryField
from typing_extensions import override

from api.accounts.errors import DeviceNotFound, NotAllowed, NotSignedIn
from api.context import Info
from api.kit.geo import InvalidPosition
from api.kit.idempotency import IdempotencyProblem
from api.kit.problem import Problem
from api.safety.errors import SafetyErrorCode, SafetyProblem
from api.tourism.emergency.numbers import EMERGENCY_NUMBERS
from api.tourism.emergency.schema import EmergencyNumber

strawberry.enum(SafetyErrorCode)

Refusal = (
    SafetyProblem | IdempotencyProblem | InvalidPosition | DeviceNotFound | NotSignedIn | NotAllowed
)


def emergency_numbers_for(info: Info) -> list[EmergencyNumber]:
    """Return the numbers to call, in the reader's language."""
    return [EmergencyNumber.of(record, info) for record in EMERGENCY_NUMBERS]


@strawberry.type
class SafetyError(Problem):
    code: SafetyErrorCode
    emergency_numbers: list[EmergencyNumber] = strawberry.field(
        description="Whom to call; show them before anything else."
    )
    field: str | None = strawberry.field(
        default=None, description="The part of the input that is refused; null: none in particular."
    )


class SafetyErrors(strawberry.ExceptionHandler[Refusal, SafetyError]):
    """Turns every refusal of the slice into SafetyError, in the reader's language."""

    @override
    def handle(self, exception: Refusal, *, field: StrawberryField, info: Info) -> SafetyError:
        known = exception if isinstance(exception, SafetyProblem) else None
        return SafetyError(
            message=exception.localized(info.context.translate),
            code=SafetyErrorCode[exception.code.name],
            emergency_numbers=emergency_numbers_for(info),
            field=known.field if known else None,
        )
