"""Builds the services of the slice, before accounts, which asks some of them about people."""

from dataclasses import dataclass

from api.accounts.people.dependants import KeepsOfDependants
from api.accounts.privacy.consents import RestsOnConsent
from api.accounts.sign_in.send_caps import SendCaps
from api.foundations import Foundations
from api.health.appointments.wiring import BOOKING_COLLECTIONS, BookingServices, booking_on
from api.health.desk.access import DeskAccess
from api.health.desk.wiring import DeskServices, desk_on
from api.health.fhir.wiring import FHIR_COLLECTIONS, FhirServices, fhir_on
from api.health.queue.wiring import (
    QUEUE_COLLECTIONS,
    QueueFoundations,
    QueueServices,
    queue_on,
)
from api.health.record.wiring import RECORD_COLLECTIONS, RecordServices, record_on
from api.health.schedules.session_repository import SessionRepository
from api.health.slots.wiring import PLACE_COLLECTIONS, PlaceServices, places_on
from api.health.triage.wiring import Triage, triage_on
from api.health.waiting import WAITING_COLLECTIONS, WaitingServices, waiting_on
from api.kit.jobs import Handler
from api.kit.personal_data import PersonalData
from api.kit.resealing import Resealed
from api.kit.store import CollectionSpec

HEALTH_COLLECTIONS: tuple[CollectionSpec, ...] = (
    *PLACE_COLLECTIONS,
    *BOOKING_COLLECTIONS,
    *QUEUE_COLLECTIONS,
    *WAITING_COLLECTIONS,
    *RECORD_COLLECTIONS,
    *FHIR_COLLECTIONS,
)


@dataclass(frozen=True, slots=True)
class HealthServices:
    """Everything of the slice.

    `data`: what is kept of people; `resealed`: who holds sealed values; `resting`: what rests on the
    consent HEALTH; `keepers`: who lets go of a dependant who is removed.
    """

    places: PlaceServices
    booking: BookingServices
    queue: QueueServices
    desk: DeskServices
    waiting: WaitingServices
    triage: Triage
    record: RecordServices
    fhir: FhirServices
    data: tuple[PersonalData, ...]
    resealed: tuple[Resealed, ...]
    resting: tuple[RestsOnConsent, ...]
    keepers: tuple[KeepsOfDependants, ...]

    def handlers(self) -> dict[str, Handler]:
        return {
            **self.places.handlers(),
            **self.booking.handlers(),
            **self.queue.handlers(),
            **self.waiting.handlers(),
            **self.fhir.handlers(),
        }


def health_on(on: Foundations, caps: SendCaps) -> HealthServices:
    """Build the services."""
    places = places_on(on.store, on.jobs, on.audit, on.clock)
    booking = booking_on(on.store, on.sealer, on.jobs, on.clock)
    places.search.first_do(booking.holds.release_expired)
    below_queue = _below_queue(on, places, booking)
    queue = queue_on(below_queue)
    desk = desk_on(below_queue, queue, places.library)
    waiting = waiting_on(on, caps, places, booking, queue)
    record, fhir = _record(on, places, booking), fhir_on(on, booking, queue.leaving)
    return HealthServices(
        places=places,
        booking=booking,
        queue=queue,
        desk=desk,
        waiting=waiting,
        triage=triage_on(),
        record=record,
        fhir=fhir,
        data=(booking.data, record.data, *waiting.data),
        resealed=(booking.appointments, *desk.resealed, *record.resealed, *fhir.resealed),
        resting=(booking.consent, record.forgetting, waiting.waitlist_data),
        keepers=(booking.consent, record.forgetting, waiting.waitlist_data),
    )


def _below_queue(
    on: Foundations, places: PlaceServices, booking: BookingServices
) -> QueueFoundations:
    return QueueFoundations(
        store=on.store,
        sealer=on.sealer,
        jobs=on.jobs,
        events=on.events,
        audit=on.audit,
        clock=on.clock,
        public_url=on.public_url,
        access=DeskAccess(SessionRepository(on.store), booking.appointments, places.staff),
        changes=booking.changes,
    )


def _record(on: Foundations, places: PlaceServices, booking: BookingServices) -> RecordServices:
    return record_on(
        on.store,
        on.sealer,
        places.staff,
        booking.appointments,
        on.audit,
        on.clock,
        public_url=on.public_url,
    )
