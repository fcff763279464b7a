"""Searching the appointments of one facility: by time, what its system may see of them."""

from collections.abc import Callable
from datetime import datetime

from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.appointments.repository import AppointmentRepository
from api.health.directory.repository import DirectoryRepository
from api.health.fhir.appointment_resources import AppointmentPresenter
from api.health.fhir.errors import InvalidParameter
from api.health.fhir.exchange import Resource
from api.health.fhir.facility_bookings import is_seen
from api.health.fhir.search_parameters import SearchQuery
from api.health.fhir.searching import Found
from api.health.fhir.systems.access import SystemCaller
from api.health.fhir.terms import Terms
from api.kit.pages import Listing

PARAMETERS = {
    "_id": "token",
    "actor": "reference",
    "date": "date",
    "location": "reference",
    "patient:identifier": "token",
    "practitioner": "reference",
    "slot": "reference",
    "status": "token",
}
_BY_START = Listing("fhir.Appointment", (datetime, str))
_READ_AT_ONCE = 200
_READS_AT_MOST = 20
"""For one page: a search that few appointments meet has short pages, even empty ones, with a next one."""
_KNOWN_STATUSES = frozenset({*map(str, AppointmentStatus), "proposed", "entered-in-error"})
Test = Callable[[Appointment], bool]


class AppointmentSearch:
    def __init__(
        self,
        terms: Terms,
        appointments: AppointmentRepository,
        directory: DirectoryRepository,
        presenter: AppointmentPresenter,
    ) -> None:
        self._terms = terms
        self._appointments = appointments
        self._directory = directory
        self._presenter = presenter

    async def shown(self, appointment: Appointment) -> Resource:
        service = await self._directory.service(appointment.service_id)
        return self._presenter.resource(appointment, service.specialty if service else None)

    async def search(self, caller: SystemCaller, query: SearchQuery) -> Found:
        """Return a page. Raises FhirProblem, InvalidCursor."""
        statuses, test = statuses_of(query), self.test(query)
        after: tuple[datetime, str] | None = _BY_START.values(query.cursor)
        period, kept = query.period("date"), list[Appointment]()
        for _ in range(_READS_AT_MOST if statuses else 0):
            read = await self._appointments.of_facility(
                caller.facility_id,
                period.since,
                period.until,
                statuses=statuses,
                after=after,
                limit=_READ_AT_ONCE,
            )
            kept += [it for it in read if is_seen(caller, it) and test(it)]
            after = (read[-1].start, read[-1].id) if len(read) == _READ_AT_ONCE else None
            if len(kept) > query.count:
                after = kept[query.count - 1].start, kept[query.count - 1].id
            if after is None or len(kept) > query.count:
                break
        return await self._page(kept[: query.count], after if statuses else None)

    def test(self, query: SearchQuery) -> Test:
        """Return what tells whether an appointment is as a query asks, its status and date aside."""
        base, ids = self._terms.base, query.ids()
        slots = query.references("slot", "Slot", base=base)
        locations = query.references("location", "Location", base=base)
        practitioners = query.references("practitioner", "Practitioner", base=base)
        actors = query.references(
            "actor", "Location", "Practitioner", "HealthcareService", base=base
        )
        aliases = [
            {it.code for it in some if it.system in (None, self._terms.patients)}
            for some in query.tokens("patient:identifier")
        ]

        def test(it: Appointment) -> bool:
            its_actors = {it.facility_id, it.service_id, it.practitioner_id}
            return (
                (ids is None or it.id in ids)
                and (slots is None or it.slot_id in slots)
                and (locations is None or it.facility_id in locations)
                and (practitioners is None or it.practitioner_id in practitioners)
                and (actors is None or bool(actors & its_actors))
                and all(self._presenter.patient_alias(it) in some for some in aliases)
            )

        return test

    async def _page(self, shown: list[Appointment], end: tuple[datetime, str] | None) -> Found:
        """`end`: where the page ended, None for the last one."""
        services = await self._directory.services([it.service_id for it in shown])
        specialties = {key: one.specialty for key, one in services.items()}
        resources = [self._presenter.resource(it, specialties.get(it.service_id)) for it in shown]
        return Found(resources, _BY_START.cursor(end) if end else None)


def statuses_of(query: SearchQuery) -> frozenset[AppointmentStatus]:
    """Return the states that `status` leaves. Raises InvalidParameter."""
    left = frozenset(AppointmentStatus)
    for some in query.tokens("status"):
        codes = {it.code for it in some}
        if not codes <= _KNOWN_STATUSES:
            raise InvalidParameter(name="status")
        left &= {it for it in AppointmentStatus if it.value in codes}
    return left
