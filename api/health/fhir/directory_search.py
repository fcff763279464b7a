"""Reading and searching facilities, services and practitioners."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Protocol, TypeVar

from api.health.directory.facility import FacilityLibrary
from api.health.directory.records import Facility
from api.health.directory.repository import DirectoryRepository
from api.health.fhir.directory_resources import (
    healthcare_service_of,
    location_of,
    organization_of,
    practitioner_of,
)
from api.health.fhir.errors import ResourceNotFound
from api.health.fhir.exchange import Resource
from api.health.fhir.search_parameters import SearchQuery, Token
from api.health.fhir.searching import Found, PublicResource
from api.health.fhir.terms import Terms, text_of
from api.kit.folding import fold
from api.kit.pages import Listing
from api.kit.store import Document, Filter

_READ_AT_ONCE = 200
_NAMES = {"name": "string", "name:contains": "string", "name:exact": "string"}
_ORGANIZATION = {"_id": "token", "active": "token", "identifier": "token", **_NAMES}
_LOCATION = {
    "_id": "token",
    "identifier": "token",
    "organization": "reference",
    "status": "token",
    **_NAMES,
}
_SERVICE = {
    "_id": "token",
    "active": "token",
    "location": "reference",
    "organization": "reference",
    "service-type": "token",
    "specialty": "token",
    **_NAMES,
}
_PRACTITIONER = {"_id": "token", "active": "token", **_NAMES}


class _WithId(Protocol):
    @property
    def id(self) -> str: ...


Record = TypeVar("Record", bound=_WithId)


class DirectorySearch:
    """Facilities are Organizations and Locations of the same id."""

    def __init__(
        self, terms: Terms, library: FacilityLibrary, directory: DirectoryRepository
    ) -> None:
        self._terms = terms
        self._library = library
        self._directory = directory

    def resources(self) -> tuple[PublicResource, ...]:
        return (
            PublicResource(
                "Organization",
                _ORGANIZATION,
                partial(self._read_facility, organization_of),
                self._search_organizations,
            ),
            PublicResource(
                "Location",
                _LOCATION,
                partial(self._read_facility, location_of),
                self._search_locations,
            ),
            PublicResource(
                "HealthcareService", _SERVICE, self._read_service, self._search_services
            ),
            PublicResource(
                "Practitioner", _PRACTITIONER, self._read_practitioner, self._search_practitioners
            ),
        )

    async def _read_facility(
        self, present: Callable[[Terms, Facility], Resource], facility_id: str
    ) -> Resource:
        facility = self._library.facilities.get(facility_id)
        if facility is None:
            raise ResourceNotFound
        return present(self._terms, facility)

    async def _search_organizations(self, query: SearchQuery) -> Found:
        is_wanted = query.flag("active") is not False
        return await self._facilities(query, organization_of, is_wanted=is_wanted)

    async def _search_locations(self, query: SearchQuery) -> Found:
        organizations = query.references("organization", "Organization", base=self._terms.base)
        statuses = query.tokens("status")
        is_wanted = all(any(one.code == "active" for one in some) for some in statuses)
        return await self._facilities(
            query, location_of, is_wanted=is_wanted, organizations=organizations
        )

    async def _facilities(
        self,
        query: SearchQuery,
        present: Callable[[Terms, Facility], Resource],
        *,
        is_wanted: bool,
        organizations: frozenset[str] | None = None,
    ) -> Found:
        ids, identifiers = query.ids(), query.tokens("identifier")

        def keeps(facility: Facility) -> bool:
            return (
                is_wanted
                and (ids is None or facility.id in ids)
                and (organizations is None or facility.id in organizations)
                and all(any(self._is_named(facility, it) for it in some) for some in identifiers)
                and has_name(query, sorted(facility.names.values()))
            )

        async def read(after: str, limit: int) -> list[Facility]:
            behind = sorted(one for one in self._library.facilities if one > after)
            return [self._library.facilities[one] for one in behind[:limit]]

        return await page_of(query, read, keeps, partial(present, self._terms))

    def _is_named(self, facility: Facility, token: Token) -> bool:
        return token.system in (None, self._terms.facilities) and token.code == facility.id

    async def _read_service(self, service_id: str) -> Resource:
        service = await self._directory.service(service_id)
        if service is None:
            raise ResourceNotFound
        return healthcare_service_of(self._terms, service)

    async def _search_services(self, query: SearchQuery) -> Found:
        asked = [
            *_among("_id", query.ids()),
            *_among(
                "facility_id",
                query.references("organization", "Organization", base=self._terms.base),
            ),
            *_among("facility_id", query.references("location", "Location", base=self._terms.base)),
            *_among("specialty", specialties_of(self._terms, query)),
            *_active(query),
        ]
        read = partial(_read_from, self._directory.services_matching, asked)
        return await page_of(
            query,
            read,
            lambda it: has_name(query, [text_of(it.names), *it.names.values()]),
            partial(healthcare_service_of, self._terms),
        )

    async def _read_practitioner(self, practitioner_id: str) -> Resource:
        practitioner = await self._directory.practitioner(practitioner_id)
        if practitioner is None:
            raise ResourceNotFound
        return practitioner_of(practitioner)

    async def _search_practitioners(self, query: SearchQuery) -> Found:
        asked = [*_among("_id", query.ids()), *_active(query)]
        read = partial(_read_from, self._directory.practitioners_matching, asked)
        return await page_of(query, read, lambda it: has_name(query, [it.name]), practitioner_of)


async def page_of(
    query: SearchQuery,
    read: Callable[[str, int], Awaitable[list[Record]]],
    keeps: Callable[[Record], bool],
    present: Callable[[Record], Resource],
) -> Found:
    """Return a page of what `read` gives by id and `keeps` leaves. Raises InvalidCursor."""
    listing = Listing("fhir.by-id", (str,))
    start = listing.values(query.cursor)
    after: str = start[0] if start else ""
    kept: list[Record] = []
    while len(kept) <= query.count:
        records = await read(after, _READ_AT_ONCE)
        kept += filter(keeps, records)
        if len(records) < _READ_AT_ONCE:
            break
        after = records[-1].id
    shown = kept[: query.count]
    more = listing.cursor([shown[-1].id]) if len(kept) > len(shown) else None
    return Found([present(one) for one in shown], more)


def has_name(query: SearchQuery, names: Sequence[str]) -> bool:
    """Tell whether a name is as `name` and its modifiers ask; accents and case count only in `exact`."""
    folded = [fold(name) for name in names]
    tests: dict[str, Callable[[str], bool]] = {
        "name": lambda value: any(it.startswith(fold(value)) for it in folded),
        "name:contains": lambda value: any(fold(value) in it for it in folded),
        "name:exact": lambda value: value in names,
    }
    return all(
        any(test(value) for value in some)
        for parameter, test in tests.items()
        for some in query.alternatives(parameter)
    )


def specialties_of(terms: Terms, query: SearchQuery) -> frozenset[str] | None:
    """Return our codes that `specialty` and `service-type` leave; None: neither is asked for."""
    left: frozenset[str] | None = None
    for some in (*query.tokens("specialty"), *query.tokens("service-type")):
        sets = [terms.specialty_codes(one.system, one.code) for one in some]
        codes = frozenset[str]().union(*sets)
        left = codes if left is None else left & codes
    return left


async def _read_from(
    matching: Callable[..., Awaitable[list[Record]]],
    asked: Sequence[Filter],
    after: str,
    limit: int,
) -> list[Record]:
    wanted: Filter = {"$and": asked} if asked else {}
    return await matching(wanted, after=after, limit=limit)


def _among(field: str, values: frozenset[str] | None) -> list[Document]:
    return [] if values is None else [{field: {"$in": sorted(values)}}]


def _active(query: SearchQuery) -> list[Document]:
    flag = query.flag("active")
    return [] if flag is None else [{"is_active": flag}]
