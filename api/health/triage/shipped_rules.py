"""Reads the rules and their texts as the product ships them (rules.toml, texts.toml)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.health.triage.rule_checks import check_rules, check_texts
from api.health.triage.rules import (
    AgeGroup,
    Ask,
    Complaint,
    Otherwise,
    Outcome,
    Rules,
    Urgency,
    Who,
)

SHIPPED_RULES = Path(__file__).with_name("rules.toml")
SHIPPED_TEXTS = Path(__file__).with_name("texts.toml")

Words = Mapping[str, Mapping[str, str]]
"""Texts by BCP 47 tag, by their key."""

_Code = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]


@dataclass(frozen=True, slots=True)
class Texts:
    """What is said. `said`: the sentences that stand with every answer."""

    complaint: Words
    question: Words
    advice: Words
    why: Words
    urgency: Words
    said: Words


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _WhoRow(_Row):
    ages: Annotated[frozenset[AgeGroup], Field(min_length=1)] = frozenset(AgeGroup)
    pregnant: bool | None = None

    def who(self) -> Who:
        return Who(self.ages, self.pregnant)


class _AskRow(_WhoRow):
    question: _Code
    emergency: _Code | None = None
    outcome: _Code | None = None

    def record(self) -> Ask:
        return Ask(self.question, self.who(), self.emergency, self.outcome)


class _OtherwiseRow(_WhoRow):
    outcome: _Code


class _ComplaintRow(_WhoRow):
    code: _Code
    danger_signs: bool = True
    asks: list[_AskRow]
    otherwise: list[_OtherwiseRow]

    def record(self) -> Complaint:
        asks = tuple(row.record() for row in self.asks)
        otherwise = tuple(Otherwise(row.outcome, row.who()) for row in self.otherwise)
        return Complaint(self.code, self.who(), self.danger_signs, asks, otherwise)


class _OutcomeRow(_Row):
    specialties: Annotated[tuple[str, ...], Field(min_length=1, max_length=3)]
    urgency: Urgency
    why: _Code


class _RulesRow(_Row):
    version: str
    danger_signs: list[_AskRow]
    complaint: list[_ComplaintRow]
    outcome: dict[_Code, _OutcomeRow]

    def record(self) -> Rules:
        complaints = [row.record() for row in self.complaint]
        return Rules(
            self.version,
            tuple(row.record() for row in self.danger_signs),
            {one.code: one for one in complaints},
            {
                code: Outcome(row.specialties, row.urgency, row.why)
                for code, row in self.outcome.items()
            },
        )


class _TextsRow(_Row):
    complaint: dict[_Code, dict[str, str]]
    question: dict[_Code, dict[str, str]]
    advice: dict[_Code, dict[str, str]]
    why: dict[_Code, dict[str, str]]
    urgency: dict[_Code, dict[str, str]]
    said: dict[_Code, dict[str, str]]

    def record(self) -> Texts:
        return Texts(self.complaint, self.question, self.advice, self.why, self.urgency, self.said)


def rules_of(text: str) -> Rules:
    """Read rules. Raises ValueError when they are not sound (rule_checks.py says what that is)."""
    rows = _RulesRow.model_validate(tomllib.loads(text))
    rules = rows.record()
    if len(rules.complaints) < len(rows.complaint):
        raise ValueError("two complaints have the same code")
    check_rules(rules)
    return rules


def texts_of(text: str, rules: Rules) -> Texts:
    """Read the texts of rules. Raises ValueError when one lacks, or is used by no rule."""
    texts = _TextsRow.model_validate(tomllib.loads(text)).record()
    check_texts(
        rules,
        {
            "complaint": texts.complaint,
            "question": texts.question,
            "advice": texts.advice,
            "why": texts.why,
            "urgency": texts.urgency,
            "said": texts.said,
        },
    )
    return texts


@cache
def shipped_rules() -> Rules:
    return rules_of(SHIPPED_RULES.read_text(encoding="utf-8"))


@cache
def shipped_texts() -> Texts:
    return texts_of(SHIPPED_TEXTS.read_text(encoding="utf-8"), shipped_rules())
