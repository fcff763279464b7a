"""What editing keeps of an editor."""

from typing import Any

from api.kit.errors import N_
from api.tourism.editing.repository import EditingRepository


class EditingData:
    """Drafts go with the person; what was published stays, and is nobody's."""

    name = "edited-places"
    explanation = N_("The places that you changed as an editor, and your drafts.")

    def __init__(self, repository: EditingRepository) -> None:
        self._repository = repository

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        return {
            "drafts": [
                {"place": draft.place_id, "changes": draft.values}
                for draft in await self._repository.drafts_of(person_id)
            ],
            "published": [
                {
                    "place": version.place_id,
                    "version": version.number,
                    "at": version.at.isoformat(),
                }
                for version in await self._repository.published_by(person_id)
            ],
        }

    async def erase(self, person_id: str) -> None:
        await self._repository.forget(person_id)
