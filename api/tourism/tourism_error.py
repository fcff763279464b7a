"""The error type of the slice in the contract, and what turns refusals into it."""

from datetime import datetime

import strawberry
from strawberry.types.field import StrawberryField
from typing_extensions import override

from api.accounts.errors import NotAllowed, NotSignedIn
from api.context import Info
from api.kit.geo import InvalidPosition
from api.kit.idempotency import IdempotencyProblem
from api.kit.problem import Problem
from api.tourism.errors import Conflict, TourismErrorCode, TourismProblem

strawberry.enum(TourismErrorCode)

Refusal = TourismProblem | IdempotencyProblem | InvalidPosition | NotSignedIn | NotAllowed


@strawberry.type(description="A field that somebody else changed meanwhile. For editors.")
class TourismConflict:
    field: str = strawberry.field(description="As in the input; of texts, with the language.")
    changed_by: strawberry.ID | None = strawberry.field(
        description="Id of the person; null: the shipped content changed it."
    )
    changed_by_name: str | None = strawberry.field(description="What the person is called.")
    changed_at: datetime

    @classmethod
    def of(cls, conflict: Conflict) -> "TourismConflict":
        return cls(
            field=conflict.field,
            changed_by=strawberry.ID(conflict.changed_by) if conflict.changed_by else None,
            changed_by_name=conflict.changed_by_name,
            changed_at=conflict.changed_at,
        )


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
    conflicts: list[TourismConflict] = strawberry.field(
        default_factory=list, description="What somebody else changed since one's own version."
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
            conflicts=[TourismConflict.of(it) for it in known.conflicts] if known else [],
        )
