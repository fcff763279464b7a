"""Builds the door for hospitals' own systems."""

from dataclasses import dataclass

from api.health.appointments.wiring import BookingServices
from api.health.directory.facility import shipped_facilities
from api.health.directory.repository import DirectoryRepository
from api.health.fhir.appointment_resources import AppointmentPresenter
from api.health.fhir.appointment_search import AppointmentSearch
from api.health.fhir.booking_operations import BookingOperations
from api.health.fhir.directory_search import DirectorySearch
from api.health.fhir.door import FhirDoor
from api.health.fhir.facility_bookings import FacilityBookings
from api.health.fhir.finding import Finding
from api.health.fhir.patients_given import GivenPatients
from api.health.fhir.schedule_search import ScheduleSearch
from api.health.fhir.subscriptions.delivering import Delivering
from api.health.fhir.subscriptions.door import SubscriptionDoor
from api.health.fhir.subscriptions.endpoints import Endpoints
from api.health.fhir.subscriptions.noting import Noting
from api.health.fhir.subscriptions.repository import (
    FHIR_EVENTS,
    FHIR_SUBSCRIPTIONS,
    SubscriptionRepository,
)
from api.health.fhir.subscriptions.service import Subscribing
from api.health.fhir.systems.access import LIFETIME, PURPOSE, SystemAccess
from api.health.fhir.systems.assertions import ClientAssertions
from api.health.fhir.systems.registering import SystemRegistry
from api.health.fhir.systems.repository import FHIR_ASSERTIONS, FHIR_SYSTEMS, SystemRepository
from api.health.fhir.terms import Terms
from api.health.fhir.updating import Updating
from api.health.queue.leaving import Leaving
from api.health.schedules.repository import ScheduleRepository
from api.health.slots.repository import SlotRepository
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.jobs import Handler, Jobs
from api.kit.limits import Limits
from api.kit.resealing import Resealed
from api.kit.sealing import Sealer
from api.kit.signing_keys import SigningKeys
from api.kit.store import Store

FHIR_COLLECTIONS = (FHIR_SYSTEMS, FHIR_ASSERTIONS, FHIR_SUBSCRIPTIONS, FHIR_EVENTS)


@dataclass(frozen=True, slots=True)
class FhirServices:
    """`noting` is to hear of changes of appointments: `fhir_on` has it listen."""

    door: FhirDoor
    registry: SystemRegistry
    subscribing: Subscribing
    noting: Noting
    delivering: Delivering
    resealed: tuple[Resealed, ...]

    def handlers(self) -> dict[str, Handler]:
        return self.delivering.handlers()


@dataclass(frozen=True, slots=True)
class FhirFoundations:
    """What the door stands on, of the kit and of the folders beside it."""

    store: Store
    sealer: Sealer
    jobs: Jobs
    audit: AuditLog
    limits: Limits
    clock: Clock
    public_url: str
    booking: BookingServices
    leaving: Leaving


def fhir_on(on: FhirFoundations, endpoints: Endpoints | None = None) -> FhirServices:
    """Build the services, and have them hear of changes. `endpoints`: another way to call, for tests."""
    terms, directory, slots = (
        Terms(on.public_url),
        DirectoryRepository(on.store),
        SlotRepository(on.store),
    )
    # Whoever develops has no certificate for this machine.
    calling = endpoints or Endpoints(loopback=not on.public_url.startswith("https://"))
    systems = SystemRepository(on.store)
    subscriptions = SubscriptionRepository(on.store, on.sealer)
    patients = GivenPatients(terms, on.sealer)
    presenter = AppointmentPresenter(terms, patients)
    search = AppointmentSearch(terms, on.booking.appointments, directory, presenter)
    noting = Noting(subscriptions, search, on.jobs, on.clock)
    on.booking.changes.listen(noting)
    keys = SigningKeys(on.store, on.sealer, on.clock, PURPOSE, verifies_for=LIFETIME)
    bookings = _bookings(on, directory, slots)
    subscribing = Subscribing(on.store, subscriptions, systems, noting, calling, on.audit, on.clock)
    door = FhirDoor(
        terms=terms,
        public=(
            *DirectorySearch(terms, shipped_facilities(), directory).resources(),
            *ScheduleSearch(terms, directory, ScheduleRepository(on.store), slots).resources(),
        ),
        access=SystemAccess(
            keys,
            ClientAssertions(systems, f"{terms.base}/token", on.clock),
            systems,
            terms.base,
            on.clock,
        ),
        bookings=bookings,
        search=search,
        finding=Finding(terms, presenter, directory, slots, on.clock),
        operations=BookingOperations(terms, bookings, patients, on.clock),
        updating=Updating(terms, slots),
        subscriptions=SubscriptionDoor(terms, subscribing),
        limits=on.limits,
    )
    return FhirServices(
        door=door,
        registry=SystemRegistry(on.store, systems, shipped_facilities(), on.audit, on.clock),
        subscribing=subscribing,
        noting=noting,
        delivering=Delivering(
            on.store, terms, subscriptions, systems, noting, calling, on.jobs, on.clock
        ),
        resealed=(keys, subscriptions),
    )


def _bookings(
    on: FhirFoundations, directory: DirectoryRepository, slots: SlotRepository
) -> FacilityBookings:
    booking = on.booking
    return FacilityBookings(
        store=on.store,
        appointments=booking.appointments,
        slots=slots,
        directory=directory,
        holds=booking.holds,
        bookings=booking.bookings,
        moves=booking.moves,
        changes=booking.changes,
        leaving=on.leaving,
        audit=on.audit,
        idempotency=Idempotency(on.store, on.clock),
        clock=on.clock,
    )
