"""Visits to hospitals and clinics, as feedback has them rated: where and of whom, never what for.

Health and feedback do not know each other; api.wiring puts this between them.
"""

from collections.abc import Mapping

from api.accounts.caller import Scope, ScopeKind
from api.feedback.satisfaction.inviting import EndedVisit, Inviting
from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.directory.facility import FacilityLibrary
from api.health.directory.records import Facility
from api.health.reaching.place_words import is_named_on_locked_screens


class RatedFacilities:
    """The facilities among the offices that are rated (Institutions)."""

    def __init__(self, library: FacilityLibrary) -> None:
        self._library = library

    def names(self, office: Scope) -> Mapping[str, str] | None:
        facility = self._facility(office)
        return facility.names if facility else None

    def is_named_on_locked_screens(self, office: Scope) -> bool:
        facility = self._facility(office)
        return facility is not None and is_named_on_locked_screens(facility)

    def _facility(self, office: Scope) -> Facility | None:
        is_facility = office.kind is ScopeKind.FACILITY
        return self._library.facilities.get(office.id) if is_facility else None


class RatedVisits:
    """Has each visit rated by whoever booked it, once it is over (HearsOfChanges).

    Walk-ins without an account are not asked: there is a code at the desk.
    """

    def __init__(self, inviting: Inviting) -> None:
        self._inviting = inviting

    async def appointment_changed(
        self, appointment: Appointment, was: AppointmentStatus | None
    ) -> None:
        ended_at, booker = appointment.ended_at, appointment.booker_id
        is_seen = (
            appointment.status is AppointmentStatus.FULFILLED and was is not appointment.status
        )
        if not is_seen or ended_at is None or booker is None:
            return
        await self._inviting.visit_ended(
            EndedVisit(
                id=appointment.id,
                office=Scope(ScopeKind.FACILITY, appointment.facility_id),
                person_id=booker,
                dependant_id=appointment.dependant_id,
                language=appointment.language,
                ended_at=ended_at,
            )
        )
