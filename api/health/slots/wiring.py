"""Builds what has to do with facilities, schedules and places."""

from dataclasses import dataclass

from api.health.directory.editing import DirectoryEditing
from api.health.directory.facility import FacilityLibrary, shipped_facilities
from api.health.directory.repository import (
    HEALTH_PRACTITIONERS,
    HEALTH_SERVICES,
    DirectoryRepository,
)
from api.health.directory.service import Directory
from api.health.directory.staff import FacilityStaff
from api.health.schedules.editing import ScheduleEditing
from api.health.schedules.making import SlotMaking
from api.health.schedules.repository import HEALTH_SCHEDULES, ScheduleRepository
from api.health.schedules.session_repository import HEALTH_SESSIONS
from api.health.slots.repository import HEALTH_SLOTS, SlotRepository
from api.health.slots.search import SlotSearch
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.tourism.opening.holidays import shipped_holidays

PLACE_COLLECTIONS = (
    HEALTH_SERVICES,
    HEALTH_PRACTITIONERS,
    HEALTH_SCHEDULES,
    HEALTH_SESSIONS,
    HEALTH_SLOTS,
)


@dataclass(frozen=True, slots=True)
class PlaceServices:
    """`library`: all facilities; `staff`: who may act at their desks."""

    library: FacilityLibrary
    staff: FacilityStaff
    directory: Directory
    editing: DirectoryEditing
    schedules: ScheduleEditing
    making: SlotMaking
    search: SlotSearch

    def handlers(self) -> dict[str, Handler]:
        return self.making.handlers()


def places_on(
    store: Store,
    jobs: Jobs,
    audit: AuditLog,
    clock: Clock,
    library: FacilityLibrary | None = None,
) -> PlaceServices:
    """Build the services. `library`: in place of the facilities that are shipped."""
    known = library or shipped_facilities()
    repository, staff = DirectoryRepository(store), FacilityStaff(store, known)
    making = SlotMaking(store, shipped_holidays(), jobs, clock)
    idempotency = Idempotency(store, clock)
    schedules = ScheduleEditing(
        ScheduleRepository(store), repository, making, staff, audit, idempotency, clock
    )
    return PlaceServices(
        library=known,
        staff=staff,
        directory=Directory(known, repository),
        editing=DirectoryEditing(repository, staff, schedules, audit, idempotency),
        schedules=schedules,
        making=making,
        search=SlotSearch(SlotRepository(store), repository, known, clock),
    )
