"""What is kept of whoever answered after a warning."""

from typing import Any

from api.kit.errors import N_
from api.safety.askers import person_key
from api.safety.safe.repository import MusterRepository


class MusterData:
    """Answers go with the account; that somebody answered stays counted."""

    name = "safety-answers"
    explanation = N_("What you answered after warnings: safe, or in need of help.")

    def __init__(self, musters: MusterRepository) -> None:
        self._musters = musters

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        return [
            {
                "alert": one.alert_id,
                "answer": one.answer.name,
                "commune": one.commune_code,
                "at": one.at.isoformat(),
                "latitude": one.position.latitude if one.position else None,
                "longitude": one.position.longitude if one.position else None,
                "note": one.note,
            }
            for one in await self._musters.by(person_key(person_id))
        ]

    async def erase(self, person_id: str) -> None:
        await self._musters.forget(person_key(person_id))
