"""The refusal that says who changed an event meanwhile; a type of its own, since it tells who they are."""

from datetime import datetime

import strawberry
from strawberry.types.field import StrawberryField
from typing_extensions import override

from api.context import Info
from api.kit.problem import Problem
from api.tourism.errors import TourismErrorCode
from api.tourism.events.errors import EventChanged


@strawberry.type
class EventConflictError(Problem):
    code: TourismErrorCode
    version: int = strawberry.field(description="That holds now.")
    changed_by: strawberry.ID | None = strawberry.field(
        description="Id of the editor; null: the content file changed it."
    )
    changed_by_name: str | None = strawberry.field(description="What the editor is called.")
    changed_at: datetime


class EventConflictErrors(strawberry.ExceptionHandler[EventChanged, EventConflictError]):
    """Turns EventChanged into its own type; it stands before TourismErrors, which would take it too."""

    @override
    def handle(
        self, exception: EventChanged, *, field: StrawberryField, info: Info
    ) -> EventConflictError:
        return EventConflictError(
            message=exception.localized(info.context.translate),
            code=TourismErrorCode.EDIT_CONFLICT,
            version=exception.version,
            changed_by=strawberry.ID(exception.changed_by) if exception.changed_by else None,
            changed_by_name=exception.changed_by_name,
            changed_at=exception.changed_at,
        )
