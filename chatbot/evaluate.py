"""Measures the trained model on messages that it has not seen: `make bot-eval`, with `--misses` every miss."""

import asyncio
import json
import sys
from typing import Any

import project
from understanding import EMERGENCY, LANGUAGES, OUT_OF_SCOPE, Score, messages_of, scored, understood


async def _parse_all(texts: list[str]) -> dict[str, dict[str, Any]]:
    from rasa.core.agent import Agent

    agent = Agent.load(project.model())
    return {text: await agent.parse_message(text) for text in texts}


def evaluate() -> dict[str, Score]:
    """Return the score of each language."""
    sets = {language: messages_of(language) for language in LANGUAGES}
    texts = sorted({message.text for messages in sets.values() for message in messages})
    parsed = asyncio.run(_parse_all(texts))
    return {
        language: scored((one, understood(parsed[one.text])) for one in messages)
        for language, messages in sets.items()
    }


def figures(score: Score) -> dict[str, float]:
    return {
        "intents": score.accuracy,
        "entities F1": score.entity_f1,
        "whole": score.whole_sentences,
        "emergency recall": score.recall(EMERGENCY),
        "false alarms": score.false_alarms(),
        "out of scope recall": score.recall(OUT_OF_SCOPE),
        "false rejections": score.false_rejections(),
    }


def _table(scores: dict[str, Score]) -> str:
    names = list(figures(next(iter(scores.values()))))
    rows = ["| language | messages | " + " | ".join(names) + " |", "|---" * (len(names) + 2) + "|"]
    for language, score in scores.items():
        shares = " | ".join(f"{share:.3f}" for share in figures(score).values())
        rows.append(f"| {language} | {score.messages} | {shares} |")
    return "\n".join(rows)


def main() -> None:
    project.prepare_environment()
    import logging

    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    scores = evaluate()
    if "--json" in sys.argv[1:]:
        print(json.dumps({name: figures(score) for name, score in scores.items()}))  # noqa: T201 - an answer
        return
    print(_table(scores))  # noqa: T201 - a command's answer
    if "--misses" in sys.argv[1:]:
        for name, score in scores.items():
            print(*(f"{name}: {miss}" for miss in score.misses), sep="\n")  # noqa: T201 - an answer


if __name__ == "__main__":
    main()
