"""Facilities, practitioners and services (FHIR R4: Location, Practitioner, HealthcareService)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from api.accounts.caller import Scope, ScopeKind
from api.kit.geo import Position
from api.tourism.records import Confidence


class FacilityLevel(StrEnum):
    PROVINCIAL = "PROVINCIAL"
    REGIONAL = "REGIONAL"
    COMMUNE = "COMMUNE"
    PRIVATE = "PRIVATE"


class Payment(StrEnum):
    """Which line a patient stands in. INSURANCE: the health insurance (BHYT) card pays its part."""

    INSURANCE = "INSURANCE"
    SELF_PAY = "SELF_PAY"


class ServiceMode(StrEnum):
    IN_PERSON = "IN_PERSON"
    REMOTE = "REMOTE"


@dataclass(frozen=True, slots=True)
class Facility:
    """A hospital or clinic. `id` is that of roles' scopes; the position is good to some 300 m to 3 km.

    `specialties`: codes of api.health.specialties. `is_sample`: what it offers is an example, until
    the facility itself has said so.
    """

    id: str
    names: Mapping[str, str]
    level: FacilityLevel
    address: str
    commune_code: str
    position: Position
    specialties: tuple[str, ...]
    confidence: Confidence
    is_sample: bool

    @property
    def scope(self) -> Scope:
        return Scope(ScopeKind.FACILITY, self.id)


@dataclass(frozen=True, slots=True)
class Practitioner:
    """A doctor, nurse or therapist. `languages`: spoken with patients, BCP 47 tags."""

    id: str
    facility_id: str
    name: str
    qualification: str
    specialties: tuple[str, ...]
    languages: tuple[str, ...]
    is_active: bool
    version: int = 1


@dataclass(frozen=True, slots=True)
class HealthcareService:
    """What can be booked. `preparation`: what to do or bring before, in each language.

    `price_dong`: of the self-pay line, None when the facility does not say.
    """

    id: str
    facility_id: str
    specialty: str
    names: Mapping[str, str]
    preparation: Mapping[str, str]
    mode: ServiceMode
    payments: tuple[Payment, ...]
    price_dong: int | None
    is_active: bool
    version: int = 1
