"""Categories as the product ships them (data/categories.json): what is asked, who answers, until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.feedback.categories.errors import CategoryNotFound
from api.feedback.clocks.working_days import Term, TermUnit
from api.tourism.closures.roads import read_roads
from api.tourism.content_rows import Names
from api.tourism.emergency.numbers import EMERGENCY_NUMBERS

SHIPPED_CATEGORIES = Path(__file__).parents[1] / "data" / "categories.json"
ROAD_FIELD = "road"
"""The code of the field that names a road, by which routing knows its owner."""
_ROADS = "ROADS"
_Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class FieldKind(StrEnum):
    TEXT = "TEXT"
    CHOICE = "CHOICE"
    NUMBER = "NUMBER"
    YES_NO = "YES_NO"


class RouteKind(StrEnum):
    """COMMUNE: of where it lies. AGENCY: one for the province. ROAD_OWNER: of the named road, else the commune."""

    COMMUNE = "COMMUNE"
    AGENCY = "AGENCY"
    ROAD_OWNER = "ROAD_OWNER"


@dataclass(frozen=True, slots=True)
class FieldChoice:
    code: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FormField:
    code: str
    kind: FieldKind
    is_required: bool
    labels: Mapping[str, str]
    choices: tuple[FieldChoice, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """How long an agency has to accept a report, to answer it and to fix what it tells of."""

    accept: Term
    answer: Term
    fix: Term


@dataclass(frozen=True, slots=True)
class Category:
    """`emergency_numbers`: to be called first; `duplicate_metres`: how far apart one thing is reported.

    `agency_id`: of a category whose route is AGENCY.
    """

    code: str
    names: Mapping[str, str]
    hints: Mapping[str, str]
    route: RouteKind
    agency_id: str | None
    duplicate_metres: int
    terms: Terms
    emergency_numbers: tuple[str, ...]
    fields: tuple[FormField, ...]

    @property
    def is_urgent(self) -> bool:
        """Tell whether lives may be in danger."""
        return bool(self.emergency_numbers)


class _Choice(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: _Code
    labels: Names


class _Field(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: _Code
    kind: FieldKind
    required: bool
    labels: Names
    choices: list[_Choice] = []
    choices_of: Literal["ROADS"] | None = None

    def record(self) -> FormField:
        choices = tuple(FieldChoice(one.code, one.labels) for one in self.choices)
        if self.choices_of == _ROADS:
            choices = tuple(FieldChoice(it.code, it.names) for it in read_roads().values())
        if (self.kind is FieldKind.CHOICE) != bool(choices):
            raise ValueError(f"choices of {self.code}")
        return FormField(self.code, self.kind, self.required, self.labels, choices)


class _Term(BaseModel):
    model_config = ConfigDict(extra="forbid")

    amount: Annotated[int, Field(ge=1, le=365)]
    unit: TermUnit

    def record(self) -> Term:
        return Term(self.amount, self.unit)


class _Terms(BaseModel):
    model_config = ConfigDict(extra="forbid")

    accept: _Term
    answer: _Term
    fix: _Term


class _Route(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: RouteKind
    agency: str | None = None


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: _Code
    names: Names
    hints: Names
    route: _Route
    duplicate_metres: Annotated[int, Field(ge=1, le=1000)]
    terms: _Terms
    emergency_numbers: list[str]
    fields: list[_Field]

    def record(self) -> Category:
        terms = self.terms
        return Category(
            code=self.code,
            names=self.names,
            hints=self.hints,
            route=self.route.kind,
            agency_id=self.route.agency,
            duplicate_metres=self.duplicate_metres,
            terms=Terms(terms.accept.record(), terms.answer.record(), terms.fix.record()),
            emergency_numbers=tuple(self.emergency_numbers),
            fields=tuple(one.record() for one in self.fields),
        )


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Literal[1]
    sample: bool
    note: str
    categories: list[_Row]


class CategoryLibrary:
    """All categories by code, in the order of the file.

    Raises ValueError for a code that is there twice, or an emergency number that is not one.
    """

    def __init__(self, categories: tuple[Category, ...]) -> None:
        self.categories: Mapping[str, Category] = {one.code: one for one in categories}
        numbers = {one.number for one in EMERGENCY_NUMBERS}
        if len(self.categories) < len(categories):
            raise ValueError("a code is there twice")
        if any(set(one.emergency_numbers) - numbers for one in categories):
            raise ValueError("an emergency number is not one")

    @classmethod
    def in_file(cls, path: Path) -> "CategoryLibrary":
        """Read it. Raises pydantic.ValidationError, ValueError."""
        rows = _File.model_validate_json(path.read_bytes()).categories
        return cls(tuple(row.record() for row in rows))

    def category(self, code: str) -> Category:
        """Return the category. Raises CategoryNotFound."""
        found = self.categories.get(code)
        if found is None:
            raise CategoryNotFound
        return found


@cache
def shipped_categories() -> CategoryLibrary:
    return CategoryLibrary.in_file(SHIPPED_CATEGORIES)
