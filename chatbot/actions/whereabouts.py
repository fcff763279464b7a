"""Where a question is about: a place or commune that it names, else where the person is."""

from __future__ import annotations

from dataclasses import dataclass

from actions.province import nodes
from actions.question import Question


@dataclass(frozen=True)
class Whereabouts:
    """`name` is None for the person's own position; `place_id` is None unless a place was named."""

    position: dict[str, float]
    name: str | None = None
    place_id: str | None = None


async def named_in(question: Question) -> Whereabouts | None:
    """Return the first place or commune that `question` names, None when it names none we know."""
    if place_id := question.value("place"):
        place = (await question.ask("tourism/Place", id=place_id))["place"]
        if place:
            return Whereabouts(place["position"], place["name"]["text"], place_id)
    if code := question.value("commune"):
        return await _commune(question, code)
    return None


async def _commune(question: Question, code: str) -> Whereabouts | None:
    found = await question.ask("tourism/Communes", search=question.name("commune"), first=10)
    communes = nodes(found["communes"])
    commune = next((one for one in communes if one["code"] == code), None)
    return Whereabouts(commune["position"], commune["name"]["text"]) if commune else None


async def of(question: Question) -> Whereabouts | None:
    """Return what is named, else the person's own position, else None."""
    if named := await named_in(question):
        return named
    if question.position and not question.value("province"):
        return Whereabouts(question.position)
    return None
