"""Builds the service of closures."""

from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.store import Store
from api.tourism.closures.repository import ClosureRepository
from api.tourism.closures.roads import read_roads
from api.tourism.closures.service import ClosureService
from api.tourism.closures.ways import Places, Ways
from api.tourism.commune_index import CommuneIndex
from api.tourism.trails.repository import TrailRepository


def closures_on(
    store: Store, places: Places, communes: CommuneIndex, audit: AuditLog, clock: Clock
) -> ClosureService:
    """Return the service over an opened store. Raises ValueError for a broken file of roads."""
    ways = Ways(read_roads(), places, TrailRepository(store))
    return ClosureService(
        ClosureRepository(store), ways, communes, Idempotency(store, clock), audit, clock
    )
