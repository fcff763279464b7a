"""Builds what has to do with appointments: holding, booking, moving and cancelling them."""

from dataclasses import dataclass

from api.accounts.people.repository import AccountRepository
from api.health.appointments.booking import Booking, Bookings
from api.health.appointments.cancelling import Cancelling, CancellingTickets
from api.health.appointments.caps import PATIENT_TURNS, Caps
from api.health.appointments.changes import AppointmentChanges
from api.health.appointments.consent import HealthConsent
from api.health.appointments.forgetting import Forgetting
from api.health.appointments.holding import Holding, Holds
from api.health.appointments.patients import Patients
from api.health.appointments.personal_data import AppointmentData
from api.health.appointments.reading import AppointmentReading
from api.health.appointments.repository import HEALTH_APPOINTMENTS, AppointmentRepository
from api.health.appointments.rescheduling import Moves, Rescheduling
from api.health.directory.repository import DirectoryRepository
from api.health.schedules.session_repository import SessionRepository
from api.health.slots.repository import SlotRepository
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.jobs import Handler, Jobs
from api.kit.sealing import Sealer
from api.kit.store import Store

BOOKING_COLLECTIONS = (HEALTH_APPOINTMENTS, PATIENT_TURNS)


@dataclass(frozen=True, slots=True)
class BookingServices:
    """`holds`, `bookings`, `moves`: for other folders, free of who asks; `changes`: where they listen.

    `holding`, `booking`, `rescheduling`, `cancelling`, `reading`: what people do themselves.
    """

    appointments: AppointmentRepository
    patients: Patients
    consent: HealthConsent
    changes: AppointmentChanges
    holds: Holds
    bookings: Bookings
    moves: Moves
    forgetting: Forgetting
    tickets: CancellingTickets
    holding: Holding
    booking: Booking
    rescheduling: Rescheduling
    cancelling: Cancelling
    reading: AppointmentReading
    data: AppointmentData

    def handlers(self) -> dict[str, Handler]:
        return self.holds.handlers()


def booking_on(store: Store, sealer: Sealer, jobs: Jobs, clock: Clock) -> BookingServices:
    """Build the services."""
    appointments, slots = AppointmentRepository(store, sealer), SlotRepository(store)
    directory, sessions = DirectoryRepository(store), SessionRepository(store)
    idempotency, patients = Idempotency(store, clock), Patients(store, sealer, clock)
    caps = Caps(store, AccountRepository(store, sealer), appointments, directory, clock)
    changes = AppointmentChanges(store, appointments, slots, clock)
    holds = Holds(store, appointments, slots, changes, caps, jobs, clock)
    bookings = Bookings(store, sessions, directory, changes, clock)
    moves = Moves(store, holds, sessions, bookings, changes, clock)
    forgetting = Forgetting(store, appointments, changes, clock)
    consent = HealthConsent(store, sealer, forgetting, clock)
    tickets = CancellingTickets(sealer)
    return BookingServices(
        appointments=appointments,
        patients=patients,
        consent=consent,
        changes=changes,
        holds=holds,
        bookings=bookings,
        moves=moves,
        forgetting=forgetting,
        tickets=tickets,
        holding=Holding(appointments, holds, patients, consent, changes, idempotency, clock),
        booking=Booking(appointments, holds, bookings, consent, idempotency),
        rescheduling=Rescheduling(
            appointments, directory, holds, moves, patients, idempotency, clock
        ),
        cancelling=Cancelling(store, appointments, changes, tickets, idempotency, clock),
        reading=AppointmentReading(appointments, holds),
        data=AppointmentData(appointments, forgetting),
    )
