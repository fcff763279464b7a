"""Hazards with their levels and words as the product ships them (data/hazards.json, a sample)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from api.alerts.cap_message import Category, Certainty, ResponseType, Severity, Urgency
from api.alerts.composing.errors import InvalidHazard, InvalidLevel
from locales import AVAILABLE

SHIPPED_HAZARDS = Path(__file__).with_name("data") / "hazards.json"
NEEDS_A_SECOND_PERSON = frozenset({Severity.SEVERE, Severity.EXTREME})


class SlotKind(StrEnum):
    """What a value in a text is; it is written as each language writes it. Numbers come in this unit."""

    TEXT = auto()
    """A name that is the same in every language."""
    NUMBER = auto()
    METRES = auto()
    MILLIMETRES = auto()
    HOURS = auto()
    DEGREES = auto()
    """Celsius."""
    MOMENT = auto()


class Stage(StrEnum):
    """What people are to do at a level: get ready, or act."""

    PREPARE = auto()
    ACT = auto()


@dataclass(frozen=True, slots=True)
class Level:
    """`colour`: #RRGGBB. `severity` is the level's; an officer may say urgency and certainty anew."""

    code: str
    names: Mapping[str, str]
    colour: str
    severity: Severity
    urgency: Urgency
    certainty: Certainty
    stage: Stage


@dataclass(frozen=True, slots=True)
class Slot:
    name: str
    kind: SlotKind


@dataclass(frozen=True, slots=True)
class Hazard:
    """`description`, `instructions`: texts by language with slots; None where officers write all of it."""

    code: str
    category: Category
    scheme: str
    levels: tuple[Level, ...]
    names: Mapping[str, str]
    slots: tuple[Slot, ...]
    description: Mapping[str, str] | None
    instructions: Mapping[Stage, Mapping[str, str]] | None
    responses: Mapping[Stage, ResponseType]

    def level(self, code: str) -> Level:
        """Return the level. Raises InvalidLevel."""
        for level in self.levels:
            if level.code == code:
                return level
        raise InvalidLevel


@dataclass(frozen=True, slots=True)
class Phrases:
    """What is said around every hazard, by language."""

    headline: Mapping[str, str]
    all_clear_headline: Mapping[str, str]
    all_clear_instruction: Mapping[str, str]
    exercise: Mapping[str, str]
    test: Mapping[str, str]
    whole_province: Mapping[str, str]
    drawn: Mapping[str, str]
    joint: Mapping[str, str]


def _in_every_language(texts: dict[str, str]) -> dict[str, str]:
    if set(texts) != set(AVAILABLE):
        raise ValueError(f"needs {', '.join(AVAILABLE)}")
    return texts


_Texts = Annotated[dict[str, str], AfterValidator(_in_every_language)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _LevelRow(_Row):
    code: Annotated[str, Field(min_length=1, max_length=20)]
    names: _Texts
    colour: Annotated[str, Field(pattern=r"^#[0-9A-F]{6}$")]
    severity: Severity
    urgency: Urgency
    certainty: Certainty
    stage: Literal["PREPARE", "ACT"]

    def record(self) -> Level:
        return Level(
            self.code,
            self.names,
            self.colour,
            self.severity,
            self.urgency,
            self.certainty,
            Stage[self.stage],
        )


class _SchemeRow(_Row):
    code: str
    source: str
    levels: list[_LevelRow]


class _SlotRow(_Row):
    name: Annotated[str, Field(pattern=r"^[a-z_]{1,20}$")]
    kind: str

    def record(self) -> Slot:
        return Slot(self.name, SlotKind[self.kind])


class _HazardRow(_Row):
    code: Annotated[str, Field(pattern=r"^[a-z-]{1,30}$")]
    category: Category
    scheme: str
    levels: list[str]
    event: _Texts
    slots: list[_SlotRow]
    description: _Texts | None
    instructions: dict[Literal["PREPARE", "ACT"], _Texts] | None
    responses: dict[Literal["PREPARE", "ACT"], ResponseType]

    @model_validator(mode="after")
    def _texts_fit_the_slots(self) -> Self:
        known = {"area": "", "level": "", **{slot.name: "" for slot in self.slots}}
        for text in (self.description or {}).values():
            text.format(**known)
        return self

    def record(self, schemes: Mapping[str, _SchemeRow]) -> Hazard:
        levels = tuple(
            row.record() for row in schemes[self.scheme].levels if row.code in self.levels
        )
        said = self.instructions
        return Hazard(
            code=self.code,
            category=self.category,
            scheme=self.scheme,
            levels=levels,
            names=self.event,
            slots=tuple(slot.record() for slot in self.slots),
            description=self.description,
            instructions={Stage[stage]: texts for stage, texts in said.items()} if said else None,
            responses={Stage[stage]: response for stage, response in self.responses.items()},
        )


class _AllClearRow(_Row):
    headline: _Texts
    instruction: _Texts


class _DrillRow(_Row):
    EXERCISE: _Texts
    TEST: _Texts


class _File(_Row):
    version: Literal[1]
    sample: bool
    note: str
    headline: _Texts
    all_clear: _AllClearRow
    drill: _DrillRow
    whole_province: _Texts
    drawn: _Texts
    joint: _Texts
    schemes: list[_SchemeRow]
    hazards: list[_HazardRow]


class HazardLibrary:
    def __init__(self, hazards: tuple[Hazard, ...], phrases: Phrases) -> None:
        self.hazards = {hazard.code: hazard for hazard in hazards}
        self.phrases = phrases

    @classmethod
    def in_file(cls, path: Path) -> "HazardLibrary":
        """Read the hazards. Raises ValueError for a file that is not sound."""
        file = _File.model_validate_json(path.read_bytes())
        schemes = {scheme.code: scheme for scheme in file.schemes}
        return cls(tuple(row.record(schemes) for row in file.hazards), _phrases(file))

    def hazard(self, code: str) -> Hazard:
        """Return the hazard. Raises InvalidHazard."""
        found = self.hazards.get(code)
        if found is None:
            raise InvalidHazard
        return found


def _phrases(file: _File) -> Phrases:
    return Phrases(
        headline=file.headline,
        all_clear_headline=file.all_clear.headline,
        all_clear_instruction=file.all_clear.instruction,
        exercise=file.drill.EXERCISE,
        test=file.drill.TEST,
        whole_province=file.whole_province,
        drawn=file.drawn,
        joint=file.joint,
    )


@cache
def shipped_hazards() -> HazardLibrary:
    return HazardLibrary.in_file(SHIPPED_HAZARDS)
