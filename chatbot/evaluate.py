"""Measures the trained model on messages that it has not seen: `make bot-eval`, with `--misses` every miss."""

import asyncio
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import project
from cries import Heard, cries_of, heard
from dialogue.emergency_kinds import EMERGENCY
from understanding import (
    LANGUAGES,
    OUT_OF_SCOPE,
    Score,
    first_numbers,
    messages_of,
    scored,
    understood,
)


async def _parse_all(model: Path, texts: list[str]) -> dict[str, dict[str, Any]]:
    from rasa.core.agent import Agent

    agent = Agent.load(model)
    return {text: await agent.parse_message(text) for text in texts}


@dataclass(frozen=True)
class Evaluation:
    """`languages`: the score of each. `first_numbers`: the share of cries that the right number answers.

    `heard`: of each language, emergencies that are told in people's own ways, and what only sounds like one (cries.py).
    """

    languages: dict[str, Score]
    heard: dict[str, Heard]
    first_numbers: float
    wrong_numbers: list[str]


def evaluate(model: Path) -> Evaluation:
    """Return how well a model's file understands the test messages."""
    sets = {language: messages_of(language)[:: project.takes_one_of()] for language in LANGUAGES}
    told = {language: cries_of(language)[:: project.takes_one_of()] for language in LANGUAGES}
    cries = first_numbers()
    texts = {one.text for some in (*sets.values(), *told.values()) for one in some} | set(cries)
    parsed = asyncio.run(_parse_all(model, sorted(texts)))
    scores = {
        language: scored((one, understood(parsed[one.text])) for one in messages)
        for language, messages in sets.items()
    }
    wrong = [text for text, number in cries.items() if not _is_answered_with(number, parsed[text])]
    hearing = {language: heard(some, parsed) for language, some in told.items()}
    return Evaluation(scores, hearing, 1 - len(wrong) / len(cries), wrong)


def _is_answered_with(number: str, parsed: dict[str, Any]) -> bool:
    from components.emergency import number_to_call_first

    said = number_to_call_first(parsed["entities"])
    return parsed["intent"]["name"] == EMERGENCY and said == number


def figures(score: Score) -> dict[str, float]:
    return {
        "intents": score.accuracy,
        "entities F1": score.entity_f1,
        "whole": score.whole_sentences,
        "emergency recall": score.recall(EMERGENCY),
        "false alarms": score.false_alarms(),
        "in doubt": score.doubts(),
        "out of scope recall": score.recall(OUT_OF_SCOPE),
        "false rejections": score.false_rejections(),
    }


def table(scores: dict[str, Score]) -> str:
    names = list(figures(next(iter(scores.values()))))
    rows = ["| language | messages | " + " | ".join(names) + " |", "|---" * (len(names) + 2) + "|"]
    for language, score in scores.items():
        shares = " | ".join(f"{share:.3f}" for share in figures(score).values())
        rows.append(f"| {language} | {score.messages} | {shares} |")
    return "\n".join(rows)


def hearing_table(hearing: dict[str, Heard]) -> str:
    rows = [
        "| language | heard | false alarms | in doubt | right number of the heard |",
        "|---" * 5 + "|",
    ]
    for language, one in hearing.items():
        shares = (one.recall, one.false_alarms, one.in_doubt, one.right_number)
        rows.append(f"| {language} | " + " | ".join(f"{share:.3f}" for share in shares) + " |")
    return "\n".join(rows)


def main() -> None:
    project.prepare_environment()
    import logging

    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    evaluation = evaluate(project.model())
    scores = evaluation.languages
    if "--json" in sys.argv[1:]:
        shares = {name: figures(score) for name, score in scores.items()}
        told = {
            "languages": shares,
            "heard": {name: asdict(one) for name, one in evaluation.heard.items()},
            "first_numbers": evaluation.first_numbers,
        }
        print(json.dumps(told))  # noqa: T201 - a command's answer
        return
    numbers = f"The right number first: {evaluation.first_numbers:.3f}"
    hard = "Emergencies in people's own ways, and what only sounds like one:"
    print(table(scores), numbers, *evaluation.wrong_numbers, sep="\n")  # noqa: T201 - an answer
    print(hard, hearing_table(evaluation.heard), sep="\n")  # noqa: T201 - an answer
    if "--misses" in sys.argv[1:]:
        for name, score in scores.items():
            print(*(f"{name}: {miss}" for miss in score.misses), sep="\n")  # noqa: T201 - an answer


if __name__ == "__main__":
    main()
