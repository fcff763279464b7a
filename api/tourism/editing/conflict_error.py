"""The refusal that says what other editors changed; a type of its own, since it tells who they are."""

from datetime import datetime

import strawberry
from strawberry.types.field import StrawberryField
from typing_extensions import override

from api.context import Info
from api.kit.problem import Problem
from api.tourism.editing.errors import Conflict, EditConflict
from api.tourism.errors import TourismErrorCode


@strawberry.type(description="A field that somebody else changed meanwhile.")
class PlaceConflict:
    field: str = strawberry.field(description="As in the input; of texts, with the language.")
    changed_by: strawberry.ID | None = strawberry.field(
        description="Id of the editor; null: the content files changed it."
    )
    changed_by_name: str | None = strawberry.field(description="What the editor is called.")
    changed_at: datetime | None = strawberry.field(description="Null when that is not known.")

    @classmethod
    def of(cls, conflict: Conflict) -> "PlaceConflict":
        return cls(
            field=conflict.field,
            changed_by=strawberry.ID(conflict.changed_by) if conflict.changed_by else None,
            changed_by_name=conflict.changed_by_name,
            changed_at=conflict.changed_at,
        )


@strawberry.type
class PlaceConflictError(Problem):
    code: TourismErrorCode
    conflicts: list[PlaceConflict]


class PlaceConflictErrors(strawberry.ExceptionHandler[EditConflict, PlaceConflictError]):
    """Turns EditConflict into its own type; it stands before TourismErrors, which would take it too."""

    @override
    def handle(
        self, exception: EditConflict, *, field: StrawberryField, info: Info
    ) -> PlaceConflictError:
        return PlaceConflictError(
            message=exception.localized(info.context.translate),
            code=TourismErrorCode.EDIT_CONFLICT,
            conflicts=list(map(PlaceConflict.of, exception.conflicts)),
        )
