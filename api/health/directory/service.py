"""What anybody may read of facilities, their services and their people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from api.health.directory.facility import FacilityLibrary
from api.health.directory.records import Facility, HealthcareService, Practitioner
from api.health.directory.repository import DirectoryRepository
from api.kit.geo import Position
from api.kit.pages import Listing, Page, checked_first

_BY_ID = Listing("health.facilities", (str,))
_BY_DISTANCE = Listing("health.facilities.near", (float, str))
_SERVICES = Listing("health.services", (str,))
_PRACTITIONERS = Listing("health.practitioners", (str,))

Thing = TypeVar("Thing", HealthcareService, Practitioner)


@dataclass(frozen=True, slots=True)
class FacilityFound:
    """A facility, and metres from where was asked."""

    facility: Facility
    distance_metres: float | None


class Directory:
    def __init__(self, library: FacilityLibrary, repository: DirectoryRepository) -> None:
        self.library = library
        self._repository = repository

    def page(
        self, near: Position | None, specialty: str | None, first: int, after: str | None
    ) -> Page[FacilityFound]:
        """Return facilities, the nearest first, or in the order of their ids.

        Raises InvalidPageSize, InvalidCursor.
        """
        limit = checked_first(first) + 1
        if near is None:
            return self._by_id(specialty, limit, after)
        start = _BY_DISTANCE.values(after)
        found = [
            FacilityFound(one, metres)
            for metres, one in self.library.by_distance(near)
            if specialty in {None, *one.specialties} and (start is None or (metres, one.id) > start)
        ]
        return _BY_DISTANCE.page(
            found[:limit],
            first=first,
            after=after,
            values=lambda it: (it.distance_metres, it.facility.id),
        )

    def _by_id(self, specialty: str | None, limit: int, after: str | None) -> Page[FacilityFound]:
        start = _BY_ID.values(after)
        found = [
            FacilityFound(one, None)
            for facility_id, one in sorted(self.library.facilities.items())
            if specialty in {None, *one.specialties} and (start is None or facility_id > start[0])
        ]
        return _BY_ID.page(
            found[:limit], first=limit - 1, after=after, values=lambda it: (it.facility.id,)
        )

    async def services_page(
        self, facility_id: str, first: int, after: str | None
    ) -> Page[HealthcareService]:
        """Return the services of a facility, those that are given no more too.

        Raises FacilityNotFound, InvalidPageSize, InvalidCursor.
        """
        self.library.facility(facility_id)
        limit, start = checked_first(first) + 1, _SERVICES.values(after)
        found = await self._repository.services_of(
            facility_id, after=start[0] if start else "", limit=limit
        )
        return _SERVICES.page(found, first=first, after=after, values=_id)

    async def practitioners_page(
        self, facility_id: str, first: int, after: str | None
    ) -> Page[Practitioner]:
        """Return the people of a facility, those who left too. Raises as `services_page`."""
        self.library.facility(facility_id)
        limit, start = checked_first(first) + 1, _PRACTITIONERS.values(after)
        found = await self._repository.practitioners_of(
            facility_id, after=start[0] if start else "", limit=limit
        )
        return _PRACTITIONERS.page(found, first=first, after=after, values=_id)

    async def services(self, service_ids: list[str]) -> list[HealthcareService | None]:
        """Return services in the order of their ids, for a loader."""
        return _ordered(service_ids, (await self._repository.services(service_ids)).get)

    async def practitioners(self, practitioner_ids: list[str]) -> list[Practitioner | None]:
        """Return practitioners in the order of their ids, for a loader."""
        return _ordered(
            practitioner_ids, (await self._repository.practitioners(practitioner_ids)).get
        )


def _id(thing: HealthcareService | Practitioner) -> tuple[str]:
    return (thing.id,)


def _ordered(ids: Sequence[str], get: Callable[[str], Thing | None]) -> list[Thing | None]:
    return [get(one) for one in ids]
