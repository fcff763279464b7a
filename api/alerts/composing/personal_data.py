"""What drafts of warnings keep of the officers who wrote and issued them."""

from typing import Any

from api.alerts.composing.draft import Draft
from api.alerts.composing.repository import DraftRepository
from api.kit.errors import N_


class ComposingData:
    name = "alert-drafts"
    explanation = N_("Warnings that you wrote or approved for an agency. They stay the agency's.")

    def __init__(self, drafts: DraftRepository) -> None:
        self._drafts = drafts

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        return [_told(draft, person_id) for draft in await self._drafts.of_person(person_id)]

    async def erase(self, person_id: str) -> None:
        """Make what the person wrote nobody's, and throw their open drafts away.

        Warnings and who was warned stay on record.
        """
        await self._drafts.forget(person_id)


def _told(draft: Draft, person_id: str) -> dict[str, Any]:
    return {
        "id": draft.id,
        "agency": draft.agency_id,
        "wrote": person_id in draft.editors,
        "issued": draft.issued_by == person_id,
        "createdAt": draft.created_at.isoformat(),
        "reason": draft.break_glass_reason if draft.issued_by == person_id else None,
    }
