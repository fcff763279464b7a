"""Builds the door for hospitals' own systems."""

from dataclasses import dataclass

from api.foundations import Foundations
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
from api.kit.endpoints import Endpoints
from api.kit.jobs import Handler
from api.kit.resealing import Resealed
from api.kit.signing_keys import SigningKeys

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


class _Parts:
    """What the services share, each once."""

    def __init__(self, on: Foundations, booking: BookingServices) -> None:
        self.terms = Terms(on.public_url)
        self.directory, self.slots = DirectoryRepository(on.store), SlotRepository(on.store)
        # Whoever develops has no certificate for this machine.
        self.endpoints = Endpoints(loopback=not on.public_url.startswith("https://"))
        self.systems = SystemRepository(on.store)
        self.subscriptions = SubscriptionRepository(on.store, on.sealer)
        self.patients = GivenPatients(self.terms, on.sealer)
        self.presenter = AppointmentPresenter(self.terms, self.patients)
        self.search = AppointmentSearch(
            self.terms, booking.appointments, self.directory, self.presenter
        )
        self.noting = Noting(self.subscriptions, self.search, on.jobs, on.clock)
        self.keys = SigningKeys(on.store, on.sealer, on.clock, PURPOSE, verifies_for=LIFETIME)
        self.subscribing = Subscribing(
            on.store,
            self.subscriptions,
            self.systems,
            self.noting,
            self.endpoints,
            on.audit,
            on.clock,
        )


def fhir_on(on: Foundations, booking: BookingServices, leaving: Leaving) -> FhirServices:
    """Build the services, and have them hear of changes."""
    parts = _Parts(on, booking)
    booking.changes.listen(parts.noting)
    return FhirServices(
        door=_door(on, parts, _bookings(on, parts, booking, leaving)),
        registry=SystemRegistry(on.store, parts.systems, shipped_facilities(), on.audit, on.clock),
        subscribing=parts.subscribing,
        noting=parts.noting,
        delivering=Delivering(
            on.store,
            parts.terms,
            parts.subscriptions,
            parts.systems,
            parts.noting,
            parts.endpoints,
            on.jobs,
            on.clock,
        ),
        resealed=(parts.keys, parts.subscriptions),
    )


def _door(on: Foundations, parts: _Parts, bookings: FacilityBookings) -> FhirDoor:
    terms, directory, slots = parts.terms, parts.directory, parts.slots
    schedules = ScheduleRepository(on.store)
    assertions = ClientAssertions(parts.systems, f"{terms.base}/token", on.clock)
    return FhirDoor(
        terms=terms,
        public=(
            *DirectorySearch(terms, shipped_facilities(), directory).resources(),
            *ScheduleSearch(terms, directory, schedules, slots).resources(),
        ),
        access=SystemAccess(parts.keys, assertions, parts.systems, terms.base, on.clock),
        bookings=bookings,
        search=parts.search,
        finding=Finding(terms, parts.presenter, directory, slots, on.clock),
        operations=BookingOperations(terms, bookings, parts.patients, on.clock),
        updating=Updating(terms, slots),
        subscriptions=SubscriptionDoor(terms, parts.subscribing),
        limits=on.limits,
    )


def _bookings(
    on: Foundations, parts: _Parts, booking: BookingServices, leaving: Leaving
) -> FacilityBookings:
    return FacilityBookings(
        store=on.store,
        appointments=booking.appointments,
        slots=parts.slots,
        directory=parts.directory,
        holds=booking.holds,
        bookings=booking.bookings,
        moves=booking.moves,
        changes=booking.changes,
        leaving=leaving,
        audit=on.audit,
        idempotency=on.idempotency,
        clock=on.clock,
    )
