"""Builds the services of the slice, before accounts, which asks some of them about people."""

from dataclasses import dataclass

from api.accounts.privacy.consents import RestsOnConsent
from api.accounts.sign_in.send_caps import SendCaps
from api.health.appointments.wiring import BOOKING_COLLECTIONS, BookingServices, booking_on
from api.health.slots.wiring import PLACE_COLLECTIONS, PlaceServices, places_on
from api.health.waiting import WAITING_COLLECTIONS, WaitingFoundations, WaitingServices, waiting_on
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.jobs import Handler, Jobs
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
    *WAITING_COLLECTIONS,
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
    caps: SendCaps
    public_url: str
    clock: Clock


@dataclass(frozen=True, slots=True)
class HealthServices:
    """Everything of the slice.

    `data`: what is kept of people; `resealed`: who holds sealed values; `resting`: what rests on the
    consent HEALTH.
    """

    places: PlaceServices
    booking: BookingServices
    waiting: WaitingServices
    data: tuple[PersonalData, ...]
    resealed: tuple[Resealed, ...]
    resting: tuple[RestsOnConsent, ...]

    def handlers(self) -> dict[str, Handler]:
        return {
            **self.places.handlers(),
            **self.booking.handlers(),
            **self.waiting.handlers(),
        }


def health_on(on: Foundations) -> HealthServices:
    """Build the services."""
    places = places_on(on.store, on.jobs, on.audit, on.clock)
    booking = booking_on(on.store, on.sealer, on.jobs, on.clock)
    waiting = waiting_on(_below_waiting(on), places, booking)
    return HealthServices(
        places=places,
        booking=booking,
        waiting=waiting,
        data=(booking.data, *waiting.data),
        resealed=(booking.appointments,),
        resting=(booking.consent, waiting.waitlist_data),
    )


def _below_waiting(on: Foundations) -> WaitingFoundations:
    return WaitingFoundations(
        store=on.store,
        sealer=on.sealer,
        jobs=on.jobs,
        texts=on.texts,
        notifications=on.notifications,
        audit=on.audit,
        caps=on.caps,
        public_url=on.public_url,
        clock=on.clock,
    )
