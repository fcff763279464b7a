"""Schools as the product ships them (data/schools.json). Their ids are those of roles' scopes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.accounts.caller import Role, Scope, ScopeKind
from api.kit.geo import Position
from api.province import province_file
from api.students.errors import SchoolNotFound
from api.tourism.content_rows import Latitude, Longitude, Names, Text
from api.tourism.records import Confidence

SHIPPED_SCHOOLS = Path(__file__).parents[1] / "data" / "schools.json"


class SchoolLevel(StrEnum):
    UPPER_SECONDARY = "UPPER_SECONDARY"
    LOWER_AND_UPPER_SECONDARY = "LOWER_AND_UPPER_SECONDARY"
    COLLEGE = "COLLEGE"


@dataclass(frozen=True, slots=True)
class School:
    """A school. `names` by BCP 47 tag; the position is good to some hundred metres."""

    id: str
    names: Mapping[str, str]
    level: SchoolLevel
    commune_code: str
    former_unit: str
    position: Position
    confidence: Confidence

    @property
    def scope(self) -> Scope:
        return Scope(ScopeKind.SCHOOL, self.id)


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    names: Names
    level: SchoolLevel
    former_unit: Text
    commune_code: Text
    latitude: Latitude
    longitude: Longitude
    confidence: Literal["HIGH", "MEDIUM", "LOW"]

    def record(self) -> School:
        return School(
            self.id,
            self.names,
            self.level,
            self.commune_code,
            self.former_unit,
            Position(self.latitude, self.longitude),
            Confidence[self.confidence],
        )


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Literal[1]
    schools: list[_Row]


@dataclass(frozen=True, slots=True)
class SchoolLibrary:
    """All schools by id, in the order of the file."""

    schools: Mapping[str, School]

    @classmethod
    def in_file(cls, path: Path) -> "SchoolLibrary":
        """Read it. Raises pydantic.ValidationError."""
        rows = _File.model_validate_json(path.read_bytes()).schools
        return cls({row.id: row.record() for row in rows})

    def school(self, school_id: str) -> School:
        """Return the school. Raises SchoolNotFound."""
        found = self.schools.get(school_id)
        if found is None:
            raise SchoolNotFound
        return found


@cache
def shipped_schools() -> SchoolLibrary:
    return SchoolLibrary.in_file(province_file(SHIPPED_SCHOOLS))


def clerk_scope(school_id: str) -> tuple[Role, Scope]:
    """Return the role that runs a school's office. Raises SchoolNotFound for what can be no id."""
    try:
        return Role.CLERK, Scope(ScopeKind.SCHOOL, school_id)
    except ValueError as error:
        raise SchoolNotFound from error
