"""Builds the services of the slice, before accounts, which asks some of them about people."""

from dataclasses import dataclass

from api.health.appointments.wiring import BOOKING_COLLECTIONS
from api.health.slots.wiring import PLACE_COLLECTIONS
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
    clock: Clock


@dataclass(frozen=True, slots=True)
class HealthServices:
    """Everything of the slice. `data`: what is kept of people; `resealed`: who holds sealed values."""

    data: tuple[PersonalData, ...]
    resealed: tuple[Resealed, ...]

    def handlers(self) -> dict[str, Handler]:
        return {}


def health_on(on: Foundations) -> HealthServices:
    """Build the services."""
    return HealthServices(data=(), resealed=())
