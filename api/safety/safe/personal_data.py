"""What is kept of whoever answered after a warning."""

from typing import Any

from api.kit.errors import N_
from api.safety.askers import person_key
from api.safety.safe.repository import MusterRepository
from api.safety.safe.words import SafetyWords


class SafeData:
    """Answers go with the account; that somebody answered stays counted."""

    name = "safety-answers"
    explanation = N_(
        "What you answered after warnings, safe or in need of help, and that you told others to be safe."
    )

    def __init__(self, musters: MusterRepository, words: SafetyWords) -> None:
        self._musters = musters
        self._words = words

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        who = person_key(person_id)
        answers = [
            {
                "alert": one.alert_id,
                "answer": one.answer.name,
                "commune": one.commune_code,
                "at": one.at.isoformat(),
                "latitude": one.position.latitude if one.position else None,
                "longitude": one.position.longitude if one.position else None,
                "note": one.note,
            }
            for one in await self._musters.by(who)
        ]
        words = [
            {"called": one.called, "note": one.note, "at": one.at.isoformat()}
            for one in await self._words.by(who)
        ]
        return {"answers": answers, "words": words}

    async def erase(self, person_id: str) -> None:
        await self._musters.forget(person_key(person_id))
        await self._words.forget(person_key(person_id))
