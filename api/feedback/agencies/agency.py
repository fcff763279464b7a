"""Agencies as the product ships them (data/agencies.json, a sample). Their ids are those of roles' scopes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.accounts.caller import Grant, Role, Scope, ScopeKind
from api.feedback.agencies.errors import AgencyNotFound
from api.province import province_file
from api.tourism.content_rows import Names, Text

SHIPPED_AGENCIES = Path(__file__).parents[1] / "data" / "agencies.json"
PROVINCE_OFFICE = "province-office"
"""Where everything ends that nobody else answered."""


class AgencyKind(StrEnum):
    """OWNER: of roads or nets. There is no district: communes stand right below the province."""

    OFFICE = "OFFICE"
    DEPARTMENT = "DEPARTMENT"
    OWNER = "OWNER"
    COMMUNE = "COMMUNE"


@dataclass(frozen=True, slots=True)
class Agency:
    """`escalates_to`: the agency above; None for the office of the province."""

    id: str
    kind: AgencyKind
    names: Mapping[str, str]
    escalates_to: str | None
    commune_code: str | None

    @property
    def clerks(self) -> Grant:
        """The role that answers for it."""
        return Grant(Role.CLERK, Scope(ScopeKind.AGENCY, self.id))


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    kind: AgencyKind
    names: Names
    escalates_to: str | None
    commune_code: Text | None = None

    def record(self) -> Agency:
        return Agency(self.id, self.kind, self.names, self.escalates_to, self.commune_code)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Literal[1]
    sample: bool
    note: str
    agencies: list[_Row]


class AgencyLibrary:
    """All agencies by id, in the order of the file.

    Raises ValueError for an id that is there twice, or an agency above that is not there.
    """

    def __init__(self, agencies: Mapping[str, Agency]) -> None:
        self.agencies = agencies
        above = {one.escalates_to for one in agencies.values()} - {None}
        if unknown := above - agencies.keys():
            raise ValueError(f"no such agency: {unknown}")
        self._of_communes = {
            one.commune_code: one for one in agencies.values() if one.commune_code is not None
        }

    @classmethod
    def in_file(cls, path: Path) -> "AgencyLibrary":
        """Read it. Raises pydantic.ValidationError, ValueError."""
        rows = _File.model_validate_json(path.read_bytes()).agencies
        agencies = {row.id: row.record() for row in rows}
        if len(agencies) < len(rows):
            raise ValueError("an id is there twice")
        return cls(agencies)

    def agency(self, agency_id: str) -> Agency:
        """Return the agency. Raises AgencyNotFound."""
        found = self.agencies.get(agency_id)
        if found is None:
            raise AgencyNotFound
        return found

    def of_commune(self, commune_code: str) -> Agency:
        """Return who answers for a commune; the office of the province for one without an agency."""
        return self._of_communes.get(commune_code) or self.agencies[PROVINCE_OFFICE]

    def above(self, agency_id: str) -> tuple[Agency, ...]:
        """Return the agencies above this one, the nearest first."""
        found: list[Agency] = []
        above = self.agencies[agency_id].escalates_to
        while above is not None and len(found) < len(self.agencies):
            found.append(self.agencies[above])
            above = found[-1].escalates_to
        return tuple(found)


@cache
def shipped_agencies() -> AgencyLibrary:
    return AgencyLibrary.in_file(province_file(SHIPPED_AGENCIES))
