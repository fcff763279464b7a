"""Measures the trained model on held-out messages: `chatbot/.venv/bin/python chatbot/evaluate.py [--json]`."""

import asyncio
import json
import sys
from collections import Counter
from typing import Any

import project

TESTS = project.CHATBOT / "tests"
SETS = ("heldout", "unseen")


async def _parse_all(texts: list[str]) -> dict[str, dict[str, Any]]:
    from rasa.core.agent import Agent

    agent = Agent.load(project.model())
    return {text: await agent.parse_message(text) for text in texts}


def evaluate() -> dict[str, Any]:
    """Return accuracy and emergency recall by set and language, shares between 0 and 1, and every miss."""
    sets = {name: _read(name)["intents"] for name in SETS}
    more = _read("heldout")
    groups = [
        *(texts for languages in sets.values() for i in languages.values() for texts in i.values()),
        *(texts for _, *texts in more["first_numbers"]),
        [text for text, _, _ in more["entities"]],
    ]
    parsed = asyncio.run(_parse_all(sorted({text for texts in groups for text in texts})))
    misses: list[str] = []
    return {
        "sets": {
            name: {
                language: _score(f"{name} {language}", intents, parsed, misses)
                for language, intents in languages.items()
            }
            for name, languages in sets.items()
        },
        "first_numbers": _first_numbers(more["first_numbers"], parsed, misses),
        "entities": _entities(more["entities"], parsed, misses),
        "misses": misses,
    }


def _read(name: str) -> dict[str, Any]:
    import yaml

    return yaml.safe_load((TESTS / f"{name}.yml").read_text(encoding="utf-8"))


def _score(
    where: str, intents: dict[str, list[str]], parsed: dict[str, Any], misses: list[str]
) -> dict[str, Any]:
    right: Counter[str] = Counter()
    for intent, texts in intents.items():
        for text in texts:
            found = parsed[text]["intent"]["name"]
            # "Not understood" and "not my subject" are answered with the same words.
            found = "out_of_scope" if found == "nlu_fallback" else found
            right[intent] += found == intent
            if found != intent:
                misses.append(f"{where}: {text!r} is {intent}, taken for {found}")
    count = sum(map(len, intents.values()))
    others = [text for intent, texts in intents.items() if intent != "emergency" for text in texts]
    alarms = sum(parsed[text]["intent"]["name"] == "emergency" for text in others)
    return {
        "messages": count,
        "accuracy": sum(right.values()) / count,
        "emergency_recall": right["emergency"] / len(intents["emergency"]),
        "false_alarms": alarms / len(others),
    }


def _first_numbers(groups: list[list[str]], parsed: dict[str, Any], misses: list[str]) -> float:
    from components.emergency import number_to_call_first

    right = 0
    cases = [(number, text) for number, *texts in groups for text in texts]
    for number, text in cases:
        found = number_to_call_first(parsed[text]["entities"]) or "112"
        is_right = parsed[text]["intent"]["name"] == "emergency" and found == number
        right += is_right
        if not is_right:
            misses.append(f"{text!r} is {number}, answered with {found}")
    return right / len(cases)


def _entities(cases: list[list[str]], parsed: dict[str, Any], misses: list[str]) -> float:
    right = 0
    for text, kind, value in cases:
        found = [entity["value"] for entity in parsed[text]["entities"] if entity["entity"] == kind]
        right += value in found
        if value not in found:
            misses.append(f"{text!r} names {kind} {value}, found {found}")
    return right / len(cases)


def _table(result: dict[str, Any]) -> str:
    rows = ["set       language  messages  accuracy  emergency recall  false alarms"]
    for name, languages in result["sets"].items():
        for language, score in languages.items():
            rows.append(
                f"{name:<10}{language:<8}{score['messages']:>10}{score['accuracy']:>10.3f}"
                f"{score['emergency_recall']:>18.3f}{score['false_alarms']:>14.3f}"
            )
    rows.append(f"first numbers {result['first_numbers']:.3f}, entities {result['entities']:.3f}")
    return "\n".join([*rows, *result["misses"]])


def main() -> None:
    project.prepare_environment()
    import logging

    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    result = evaluate()
    text = json.dumps(result, ensure_ascii=False) if "--json" in sys.argv[1:] else _table(result)
    print(text)  # noqa: T201 - a command's answer


if __name__ == "__main__":
    main()
