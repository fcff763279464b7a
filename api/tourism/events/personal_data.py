"""What events keep of an editor."""

from typing import Any

from api.kit.errors import N_
from api.tourism.events.repository import EventRepository


class EventEditingData:
    """Events stay when the person who changed them last goes; they are nobody's then."""

    name = "edited-events"
    explanation = N_("The events that you, as an editor, were the last to change.")

    def __init__(self, repository: EventRepository) -> None:
        self._repository = repository

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        return [
            {"event": state.id, "version": state.version, "at": state.changed_at.isoformat()}
            for state in await self._repository.changed_by(person_id)
        ]

    async def erase(self, person_id: str) -> None:
        await self._repository.forget(person_id)
