"""Builds what reads and edits trails."""

from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.store import Store
from api.tourism.closures.ways import Places
from api.tourism.commune_index import CommuneIndex
from api.tourism.trails.editing import TrailEditing
from api.tourism.trails.repository import TRAIL_LINES, TRAILS, TRAILS_CONTENT

TRAIL_COLLECTIONS = (TRAILS, TRAIL_LINES, TRAILS_CONTENT)


def trail_editing_on(
    store: Store, places: Places, communes: CommuneIndex, audit: AuditLog, clock: Clock
) -> TrailEditing:
    """Return the service over an opened store."""
    return TrailEditing(store, places, communes, Idempotency(store, clock), audit, clock)
