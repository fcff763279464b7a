"""The rules as records: who is asked what, and what an answer leads to (docs/health_triage.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from itertools import product


class AgeGroup(StrEnum):
    """Under 28 days, to the first birthday, to 16 years, to 60 years, and above."""

    NEWBORN = auto()
    INFANT = auto()
    CHILD = auto()
    ADULT = auto()
    OLDER = auto()


class Urgency(StrEnum):
    NOW = auto()
    TODAY = auto()
    THIS_WEEK = auto()
    ROUTINE = auto()


MAY_BE_PREGNANT = frozenset({AgeGroup.CHILD, AgeGroup.ADULT})
"""With CHILD for those between 10 and 16."""


@dataclass(frozen=True, slots=True)
class Patient:
    """`is_pregnant`: also for who may be, or gave birth in the last six weeks."""

    age: AgeGroup
    is_pregnant: bool = False


EVERY_PATIENT: Sequence[Patient] = tuple(
    Patient(age, is_pregnant)
    for age, is_pregnant in product(AgeGroup, (False, True))
    if not is_pregnant or age in MAY_BE_PREGNANT
)


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a rule is about. `pregnant`: None for both."""

    ages: frozenset[AgeGroup]
    pregnant: bool | None

    def includes(self, patient: Patient) -> bool:
        return patient.age in self.ages and self.pregnant in (None, patient.is_pregnant)


@dataclass(frozen=True, slots=True)
class Ask:
    """A question, and where its "yes" leads: one of both. `emergency`: key of what to do meanwhile."""

    question: str
    who: Who
    emergency: str | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Where it leads when no question was answered with "yes"."""

    outcome: str
    who: Who


@dataclass(frozen=True, slots=True)
class Complaint:
    """`has_danger_signs`: whether everybody's red flags are asked before its own questions."""

    code: str
    who: Who
    has_danger_signs: bool
    asks: tuple[Ask, ...]
    otherwise: tuple[Otherwise, ...]

    def ages(self) -> list[AgeGroup]:
        """Return the ages at which one may have it, the youngest first."""
        return [age for age in AgeGroup if age in self.who.ages]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where to go. `specialties`: one to three codes, the likeliest first; `why`: key of a text."""

    specialties: tuple[str, ...]
    urgency: Urgency
    why: str


@dataclass(frozen=True, slots=True)
class Rules:
    """`complaints` in the order in which they are shown."""

    version: str
    danger_signs: tuple[Ask, ...]
    complaints: Mapping[str, Complaint]
    outcomes: Mapping[str, Outcome]

    def asked(self, complaint: Complaint, patient: Patient) -> list[Ask]:
        """Return what is asked of a patient, in this order."""
        signs = self.danger_signs if complaint.has_danger_signs else ()
        return [ask for ask in (*signs, *complaint.asks) if ask.who.includes(patient)]

    def otherwise(self, complaint: Complaint, patient: Patient) -> str:
        """Return the outcome without any "yes". Raises StopIteration for who cannot have it."""
        return next(one.outcome for one in complaint.otherwise if one.who.includes(patient))
