"""Builds the questionnaire, which needs nothing but its rules."""

from dataclasses import dataclass

from api.health.triage.questioning import Questioning
from api.health.triage.rules import Rules
from api.health.triage.shipped_rules import Texts, shipped_rules, shipped_texts


@dataclass(frozen=True, slots=True)
class Triage:
    rules: Rules
    texts: Texts
    questioning: Questioning


def triage_on() -> Triage:
    """Read the rules. Raises ValueError when they are not sound: then nothing starts."""
    rules = shipped_rules()
    return Triage(rules, shipped_texts(), Questioning(rules))
