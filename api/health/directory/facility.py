"""Facilities as the product ships them (data/facilities.json). Their ids are those of roles' scopes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.accounts.caller import Role, Scope, ScopeKind
from api.health.directory.records import Facility, FacilityLevel
from api.health.errors import FacilityNotFound
from api.health.specialties import SPECIALTIES
from api.kit.geo import Position, distance_metres
from api.province import province_file
from api.tourism.content_rows import Latitude, Longitude, Names, Text
from api.tourism.records import Confidence

SHIPPED_FACILITIES = Path(__file__).parents[1] / "data" / "facilities.json"


def _known_specialty(code: str) -> str:
    if code not in SPECIALTIES:
        raise ValueError(f"{code} is no specialty")
    return code


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    names: Names
    level: FacilityLevel
    address_before_july_2025: Text
    commune_code: Text
    latitude: Latitude
    longitude: Longitude
    specialties: Annotated[
        list[Annotated[str, AfterValidator(_known_specialty)]], Field(min_length=1)
    ]
    confidence: Literal["HIGH", "MEDIUM", "LOW"]

    def record(self, *, is_sample: bool) -> Facility:
        return Facility(
            id=self.id,
            names=self.names,
            level=self.level,
            address=self.address_before_july_2025,
            commune_code=self.commune_code,
            position=Position(self.latitude, self.longitude),
            specialties=tuple(self.specialties),
            confidence=Confidence[self.confidence],
            is_sample=is_sample,
        )


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Literal[1]
    are_specialties_samples: bool
    facilities: list[_Row]


@dataclass(frozen=True, slots=True)
class FacilityLibrary:
    """All facilities by id, in the order of the file."""

    facilities: Mapping[str, Facility]

    @classmethod
    def in_file(cls, path: Path) -> "FacilityLibrary":
        """Read it. Raises pydantic.ValidationError."""
        file = _File.model_validate_json(path.read_bytes())
        records = [row.record(is_sample=file.are_specialties_samples) for row in file.facilities]
        return cls({one.id: one for one in records})

    def facility(self, facility_id: str) -> Facility:
        """Return the facility. Raises FacilityNotFound."""
        found = self.facilities.get(facility_id)
        if found is None:
            raise FacilityNotFound
        return found

    def by_distance(self, near: Position) -> list[tuple[float, Facility]]:
        """Return all with their distance in metres, the nearest first, ties by id."""
        measured = [(distance_metres(near, one.position), one) for one in self.facilities.values()]
        return sorted(measured, key=lambda it: (it[0], it[1].id))


@cache
def shipped_facilities() -> FacilityLibrary:
    return FacilityLibrary.in_file(province_file(SHIPPED_FACILITIES))


def clerk_scope(facility_id: str) -> tuple[Role, Scope]:
    """Return the role that runs a facility's desk. Raises FacilityNotFound for what can be no id."""
    try:
        return Role.CLERK, Scope(ScopeKind.FACILITY, facility_id)
    except ValueError as error:
        raise FacilityNotFound from error
