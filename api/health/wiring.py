"""Builds the services of the slice, before accounts, which asks some of them about people."""

from dataclasses import dataclass

from api.health.appointments.wiring import BOOKING_COLLECTIONS, BookingServices, booking_on
from api.health.fhir.wiring import FHIR_COLLECTIONS, FhirFoundations, FhirServices, fhir_on
from api.health.record.wiring import RECORD_COLLECTIONS, RecordServices, record_on
from api.health.slots.wiring import PLACE_COLLECTIONS, PlaceServices, places_on
from api.health.triage.wiring import Triage, triage_on
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.jobs import Handler, Jobs
from api.kit.limits import Limits
from api.kit.personal_data import PersonalData
from api.kit.resealing import Resealed
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Store
from api.media.wiring import MediaServices
from notifications.service import Notifications
from notifications.texts import Texts

HEALTH_COLLECTIONS: tuple[CollectionSpec, ...] = (
    *PLACE_COLLECTIONS,
    *BOOKING_COLLECTIONS,
    *RECORD_COLLECTIONS,
    *FHIR_COLLECTIONS,
)


@dataclass(frozen=True, slots=True)
class Foundations:
    """What the slice stands on, of the kit and of lower floors."""

    store: Store
    sealer: Sealer
    jobs: Jobs
    texts: Texts
    notifications: Notifications
    media: MediaServices
    audit: AuditLog
    limits: Limits
    clock: Clock
    public_url: str


@dataclass(frozen=True, slots=True)
class HealthServices:
    """Everything of the slice. `data`: what is kept of people; `resealed`: who holds sealed values."""

    places: PlaceServices
    booking: BookingServices
    triage: Triage
    record: RecordServices
    fhir: FhirServices
    data: tuple[PersonalData, ...]
    resealed: tuple[Resealed, ...]

    def handlers(self) -> dict[str, Handler]:
        return {**self.places.handlers(), **self.booking.handlers(), **self.fhir.handlers()}


def health_on(on: Foundations) -> HealthServices:
    """Build the services."""
    places = places_on(on.store, on.jobs, on.audit, on.clock)
    booking = booking_on(on.store, on.sealer, on.jobs, on.clock)
    places.search.first_do(booking.holds.release_expired)
    record = record_on(
        on.store,
        on.sealer,
        places.staff,
        booking.appointments,
        on.audit,
        on.clock,
        public_url=on.public_url,
    )
    fhir = fhir_on(
        FhirFoundations(
            store=on.store,
            sealer=on.sealer,
            jobs=on.jobs,
            audit=on.audit,
            limits=on.limits,
            clock=on.clock,
            public_url=on.public_url,
            booking=booking,
        )
    )
    return HealthServices(
        places=places,
        booking=booking,
        triage=triage_on(),
        record=record,
        fhir=fhir,
        data=(booking.data, record.data),
        resealed=(booking.appointments, *record.resealed, *fhir.resealed),
    )
