"""The steps of the API's questionnaire, asked with all answers so far."""

from __future__ import annotations

from collections.abc import Sequence

from dialogue.form import Slots
from dialogue.province import Answer, Asked, Refused

_QUESTIONS_AT_MOST = 25
NUMBERS = range(1, 9)
"""Of the questions that are asked one by one; no complaint has more of them."""
OVER = ""


async def suggest(asked: Asked, slots: Slots, answers: Sequence[str]) -> Answer:
    """Return the next question, or the end; `answers`: "question=yes" or "question=no"."""
    told = [one.split("=") for one in answers]
    try:
        return await asked.do(
            "health/SuggestSpecialties",
            version=slots["version"],
            isForMyself=slots.get("person") == "me",
            ageGroup=slots["age"],
            isPregnant=slots.get("pregnant") == "yes",
            complaint=slots["complaint"],
            answers=[{"question": code, "isYes": said == "yes"} for code, said in told],
        )
    except Refused as refused:
        return {"__typename": "Refused", "message": refused.message}


def answers_of(slots: Slots) -> list[str]:
    kept = [slots.get("danger", OVER), *(slots.get(f"answer_{n}", OVER) for n in NUMBERS)]
    return [one for text in kept for one in text.split(",") if "=" in one]


def all_no(signs: Sequence[Answer]) -> str:
    return ",".join(f"{sign['question']}=no" for sign in signs)


async def urgent_signs(asked: Asked, slots: Slots) -> list[Answer]:
    """Return the urgent signs that the API asks for first, one after the other."""
    signs: list[Answer] = []
    for _ in range(_QUESTIONS_AT_MOST):
        answers = [f"{sign['question']}=no" for sign in signs]
        step = await suggest(asked, slots, answers)
        if step["__typename"] != "TriageQuestion" or not step["isRedFlag"]:
            break
        signs.append(step)
    return signs
