"""Builds waiting for places, cancelling by a facility, and what is told of both."""

from dataclasses import dataclass

from api.accounts.people.repository import AccountRepository
from api.accounts.sign_in.send_caps import SendCaps
from api.accounts.sign_in.ways_in import WaysIn
from api.foundations import Foundations
from api.health.appointments.wiring import BookingServices
from api.health.directory.repository import DirectoryRepository
from api.health.moving.cancelled_session import (
    HEALTH_CANCELLED_SESSIONS,
    CancelledSessionRepository,
)
from api.health.moving.cancelling import SessionCancelling, SessionStores
from api.health.moving.nearest import NearestPlaces
from api.health.moving.replacing import Replacing
from api.health.moving.telling import CancellationTelling
from api.health.queue.wiring import QueueServices
from api.health.reaching.reaching import Reaching
from api.health.reaching.wording import Wording
from api.health.reminders.personal_data import ReminderData
from api.health.reminders.preferences import HEALTH_REMINDER_WISHES, ReminderWishes
from api.health.reminders.service import Reminders
from api.health.reminders.way_out import CannotCome, CannotComeLinks
from api.health.reminders.wishing import ReminderWishing
from api.health.schedules.session_repository import SessionRepository
from api.health.slots.repository import SlotRepository
from api.health.slots.wiring import PlaceServices
from api.health.waitlist.answering import Answering
from api.health.waitlist.holding import OfferHolding
from api.health.waitlist.joining import Joining, WaitlistStores
from api.health.waitlist.offering import Offering
from api.health.waitlist.personal_data import WaitlistData
from api.health.waitlist.repository import HEALTH_KEPT_PLACES, HEALTH_WAITLIST, WaitlistRepository
from api.health.waitlist.telling import OfferTelling
from api.kit.jobs import Handler
from api.kit.personal_data import PersonalData

WAITING_COLLECTIONS = (
    HEALTH_WAITLIST,
    HEALTH_KEPT_PLACES,
    HEALTH_CANCELLED_SESSIONS,
    HEALTH_REMINDER_WISHES,
)


@dataclass(frozen=True, slots=True)
class WaitingServices:
    """`cannot_come`: by the link of a reminder somebody who cannot come gives the place back."""

    joining: Joining
    answering: Answering
    offering: Offering
    offer_telling: OfferTelling
    cancelling: SessionCancelling
    cancellation_telling: CancellationTelling
    replacing: Replacing
    reminders: Reminders
    reminder_wishing: ReminderWishing
    cannot_come: CannotCome
    waitlist_data: WaitlistData
    data: tuple[PersonalData, ...]

    def handlers(self) -> dict[str, Handler]:
        return {
            **self.offering.handlers(),
            **self.offer_telling.handlers(),
            **self.cancelling.handlers(),
            **self.cancellation_telling.handlers(),
            **self.reminders.handlers(),
        }


class _Parts:
    """What the services share, each once."""

    def __init__(self, on: Foundations, caps: SendCaps, places: PlaceServices) -> None:
        store, sealer = on.store, on.sealer
        self.waitlist = WaitlistRepository(store)
        self.slots = SlotRepository(store)
        self.sessions = SessionRepository(store)
        self.directory = DirectoryRepository(store)
        self.accounts = AccountRepository(store, sealer)
        self.cancelled = CancelledSessionRepository(store)
        self.wishes = ReminderWishes(store)
        self.idempotency = on.idempotency
        self.wording = Wording(places.library, self.directory)
        self.waitlist_data = WaitlistData(self.waitlist, self.accounts)
        self.reaching = Reaching(
            store, on.notifications, on.texts, WaysIn(store, sealer), caps, on.clock
        )


def waiting_on(
    on: Foundations,
    caps: SendCaps,
    places: PlaceServices,
    booking: BookingServices,
    queue: QueueServices,
) -> WaitingServices:
    """Build the services, and let them hear of what is booked, cancelled and freed."""
    parts = _Parts(on, caps, places)
    links = CannotComeLinks(booking.tickets, on.public_url)
    offering = _offering(on, parts, booking)
    reminders = Reminders(
        booking.appointments,
        parts.wishes,
        parts.wording,
        parts.reaching,
        links,
        queue.standings,
        on.notifications,
        on.jobs,
        on.clock,
    )
    booking.changes.listen(offering)
    booking.changes.listen(reminders)
    booking.changes.listen_for_places(offering)
    return WaitingServices(
        joining=_joining(on, parts, places, booking),
        answering=Answering(booking.booking, booking.holding),
        offering=offering,
        offer_telling=OfferTelling(booking.appointments, parts.wording, parts.reaching),
        cancelling=_cancelling(on, parts, places, booking),
        cancellation_telling=CancellationTelling(
            booking.appointments, parts.cancelled, parts.wording, parts.reaching, on.clock
        ),
        replacing=_replacing(on, parts, places, booking),
        reminders=reminders,
        reminder_wishing=ReminderWishing(on.store, parts.accounts, parts.wishes),
        cannot_come=CannotCome(
            booking.appointments, booking.tickets, booking.cancelling, parts.wording
        ),
        waitlist_data=parts.waitlist_data,
        data=(parts.waitlist_data, ReminderData(parts.wishes)),
    )


def _offering(on: Foundations, parts: _Parts, booking: BookingServices) -> Offering:
    holding = OfferHolding(parts.slots, booking.patients, booking.consent, booking.holds)
    return Offering(on.store, parts.waitlist, parts.slots, holding, on.jobs, on.clock)


def _joining(
    on: Foundations, parts: _Parts, places: PlaceServices, booking: BookingServices
) -> Joining:
    stores = WaitlistStores(
        parts.waitlist, booking.appointments, parts.accounts, parts.directory, places.library
    )
    return Joining(
        stores, booking.patients, booking.consent, booking.changes, parts.idempotency, on.clock
    )


def _cancelling(
    on: Foundations, parts: _Parts, places: PlaceServices, booking: BookingServices
) -> SessionCancelling:
    stores = SessionStores(
        parts.sessions, parts.slots, booking.appointments, parts.directory, parts.cancelled
    )
    return SessionCancelling(
        on.store,
        stores,
        booking.changes,
        places.staff,
        on.jobs,
        on.audit,
        parts.idempotency,
        on.clock,
    )


def _replacing(
    on: Foundations, parts: _Parts, places: PlaceServices, booking: BookingServices
) -> Replacing:
    return Replacing(
        booking.appointments,
        parts.sessions,
        NearestPlaces(parts.slots, parts.directory, places.library, on.clock),
        booking.holds,
        booking.patients,
        booking.consent,
        booking.changes,
        parts.idempotency,
        on.clock,
    )
