from typing import Annotated

import strawberry

from api.context import Info
from api.tourism.events.conflict_error import EventConflictError
from api.tourism.events.inputs import EventChangesInput, OccurrenceChangeInput
from api.tourism.events.records import Event as EventRecord
from api.tourism.events.schema import Event
from api.tourism.tourism_error import TourismError

_KEY = "16 to 128 visible ASCII characters, made anew for each"
_VERSION = "Of the event as you saw it; a newer one is an EDIT_CONFLICT."
_EDITORS = "For content editors."


@strawberry.input
class AddEventInput:
    event: EventChangesInput
    idempotency_key: str = strawberry.field(description=f"{_KEY} event.")


@strawberry.input
class ChangeEventInput:
    id: strawberry.ID
    version: int = strawberry.field(description=_VERSION)
    changes: EventChangesInput
    idempotency_key: str = strawberry.field(description=f"{_KEY} change.")


@strawberry.input
class ChangeEventOccurrenceInput:
    event_id: strawberry.ID
    version: int = strawberry.field(description=_VERSION)
    occurrence: OccurrenceChangeInput
    idempotency_key: str = strawberry.field(description=f"{_KEY} change.")


@strawberry.input
class RemoveEventInput:
    id: strawberry.ID
    version: int = strawberry.field(description=_VERSION)
    idempotency_key: str = strawberry.field(description=f"{_KEY} removal.")


@strawberry.type
class AddEventSuccess:
    event: Event


@strawberry.type
class ChangeEventSuccess:
    event: Event


@strawberry.type
class ChangeEventOccurrenceSuccess:
    event: Event


@strawberry.type
class RemoveEventSuccess:
    id: strawberry.ID


AddEventResult = Annotated[AddEventSuccess | TourismError, strawberry.union("AddEventResult")]
ChangeEventResult = Annotated[
    ChangeEventSuccess | EventConflictError | TourismError, strawberry.union("ChangeEventResult")
]
ChangeEventOccurrenceResult = Annotated[
    ChangeEventOccurrenceSuccess | EventConflictError | TourismError,
    strawberry.union("ChangeEventOccurrenceResult"),
]
RemoveEventResult = Annotated[
    RemoveEventSuccess | EventConflictError | TourismError, strawberry.union("RemoveEventResult")
]


@strawberry.type
class EventsMutation:
    @strawberry.mutation(description=f"Add an event, at once for everybody to see. {_EDITORS}")
    async def add_event(self, info: Info, input: AddEventInput) -> AddEventResult:
        event = await info.context.services.tourism.event_editing.add(
            info.context.caller, input.event.change(), input.idempotency_key
        )
        return AddEventSuccess(event=await _seen(event, info))

    @strawberry.mutation(
        description="Change an event. What was said of single occurrences stays, as long as the schedule gives"
        f" them. {_EDITORS}"
    )
    async def change_event(self, info: Info, input: ChangeEventInput) -> ChangeEventResult:
        event = await info.context.services.tourism.event_editing.change(
            info.context.caller,
            input.id,
            input.version,
            input.changes.change(),
            input.idempotency_key,
        )
        return ChangeEventSuccess(event=await _seen(event, info))

    @strawberry.mutation(
        description=f"Announce, postpone, cancel or move one occurrence of an event. {_EDITORS}"
    )
    async def change_event_occurrence(
        self, info: Info, input: ChangeEventOccurrenceInput
    ) -> ChangeEventOccurrenceResult:
        event = await info.context.services.tourism.event_editing.change_occurrence(
            info.context.caller,
            input.event_id,
            input.version,
            input.occurrence.said(),
            input.idempotency_key,
        )
        return ChangeEventOccurrenceSuccess(event=await _seen(event, info))

    @strawberry.mutation(
        description=f"Take an event out of all lists, also if it is held again. {_EDITORS}"
    )
    async def remove_event(self, info: Info, input: RemoveEventInput) -> RemoveEventResult:
        await info.context.services.tourism.event_editing.remove(
            info.context.caller, input.id, input.version, input.idempotency_key
        )
        return RemoveEventSuccess(id=input.id)


async def _seen(event: EventRecord, info: Info) -> Event:
    return Event.of(await info.context.services.tourism.calendar.seen(event), info)
