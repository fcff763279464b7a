"""`$find`: the places of a facility that can be had, as the appointments that they would be."""

from datetime import datetime, timedelta

from api.health.directory.repository import DirectoryRepository
from api.health.fhir.appointment_resources import AppointmentPresenter
from api.health.fhir.errors import InvalidParameter
from api.health.fhir.exchange import FhirRequest, Resource
from api.health.fhir.parameters import OperationParameters, parameters_of
from api.health.fhir.search_parameters import COUNT, COUNT_AT_MOST, Period, period_of, reference_id
from api.health.fhir.searching import entry_of
from api.health.fhir.systems.access import SystemCaller
from api.health.fhir.terms import Terms
from api.health.slots.records import Slot
from api.health.slots.repository import SlotRepository
from api.kit.clock import Clock
from api.kit.store import Document

DAYS_AT_MOST = 31
PRACTITIONERS_AT_MOST = 20
_KNOWN = (
    "start",
    "end",
    "specialty",
    "practitioner",
    "organization",
    "location-reference",
    "_count",
)
_DATE_CHARACTERS = 10


class Finding:
    def __init__(
        self,
        terms: Terms,
        presenter: AppointmentPresenter,
        directory: DirectoryRepository,
        slots: SlotRepository,
        clock: Clock,
    ) -> None:
        self._terms = terms
        self._presenter = presenter
        self._directory = directory
        self._slots = slots
        self._clock = clock

    async def find(self, caller: SystemCaller, request: FhirRequest) -> Resource:
        """Return the soonest places of the caller's facility. Raises FhirProblem."""
        asked = await parameters_of(request, _KNOWN)
        period, count = self._period(asked), _count(asked)
        found: list[Slot] = []
        if self._is_here(caller, asked):
            for stream in await self._streams(caller, asked):
                found += await self._slots.free(stream, period.since, period.until, limit=count)
        soonest = sorted(found, key=lambda it: (it.start, it.id))[:count]
        bundle: Resource = {"resourceType": "Bundle", "type": "searchset", "total": len(soonest)}
        if soonest:
            proposals = [self._presenter.proposal(slot) for slot in soonest]
            bundle["entry"] = [entry_of(self._terms, proposal) for proposal in proposals]
        return bundle

    def _period(self, asked: OperationParameters) -> Period:
        since = period_of("start", asked.needed("start")).since
        end = asked.needed("end")
        whole = period_of("end", end)
        until = whole.until if len(end) <= _DATE_CHARACTERS else whole.since
        since = max(since, self._clock())
        if until - since > timedelta(days=DAYS_AT_MOST):
            raise InvalidParameter(name="end", expression="end")
        return Period(since, until)

    def _is_here(self, caller: SystemCaller, asked: OperationParameters) -> bool:
        """Tell whether the facility is among those that are asked for."""
        for name, kind in (("organization", "Organization"), ("location-reference", "Location")):
            values = asked.texts(name)
            ids = {reference_id(name, it, [kind], base=self._terms.base) for it in values}
            if values and caller.facility_id not in ids:
                return False
        return True

    async def _streams(self, caller: SystemCaller, asked: OperationParameters) -> list[Document]:
        """Return what each index of places is asked for."""
        codes = await self._specialties(caller, asked)
        practitioners = {
            reference_id("practitioner", it, ["Practitioner"], base=self._terms.base)
            for it in asked.texts("practitioner")
        }
        if len(practitioners) > PRACTITIONERS_AT_MOST:
            raise InvalidParameter(name="practitioner", expression="practitioner")
        here = {"facility_id": caller.facility_id}
        if not practitioners:
            return [
                {**here, "specialty": code, "is_remote": is_remote}
                for code in sorted(codes)
                for is_remote in (False, True)
            ]
        among = {"specialty": {"$in": sorted(codes)}}
        return [{**here, **among, "practitioner_id": it} for it in sorted(practitioners)]

    async def _specialties(self, caller: SystemCaller, asked: OperationParameters) -> set[str]:
        services = await self._directory.services_of(caller.facility_id)
        offered = {service.specialty for service in services if service.is_active}
        tokens = asked.texts("specialty")
        if not tokens:
            return offered
        wanted: set[str] = set()
        for token in tokens:
            system, bar, code = token.rpartition("|")
            wanted |= self._terms.specialty_codes(system if bar else None, code)
        return offered & wanted


def moment_of(name: str, value: object) -> datetime:
    """Return the moment of an instant that the models have checked, who take numbers too.

    Raises InvalidParameter.
    """
    if not isinstance(value, str):
        raise InvalidParameter(name=name, expression=name)
    return period_of(name, value).since


def _count(asked: OperationParameters) -> int:
    value = asked.text("_count")
    if value is None:
        return COUNT
    if not value.isascii() or not value.isdecimal() or not int(value[:9]):
        raise InvalidParameter(name="_count", expression="_count")
    return min(int(value[:9]), COUNT_AT_MOST)
