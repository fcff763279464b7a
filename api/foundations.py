"""What every slice is built on: of the kit and of notifications, each made once a process."""

from dataclasses import dataclass

from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.events import Events
from api.kit.idempotency import Idempotency
from api.kit.jobs import Jobs
from api.kit.limits import Limits
from api.kit.sealing import Sealer
from api.kit.seeing import Seeing
from api.kit.store import Store
from api.kit.tickets import Tickets
from notifications.service import Notifications
from notifications.texts import Texts


@dataclass(frozen=True, slots=True)
class Foundations:
    """`public_url`: where the world reaches this product, without a slash at its end."""

    seeing: Seeing
    store: Store
    sealer: Sealer
    jobs: Jobs
    events: Events
    tickets: Tickets
    texts: Texts
    limits: Limits
    notifications: Notifications
    audit: AuditLog
    idempotency: Idempotency
    clock: Clock
    public_url: str
