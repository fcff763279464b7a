"""Builds what the desk of a facility does with its day."""

from dataclasses import dataclass

from api.health.appointments.repository import AppointmentRepository
from api.health.desk.check_in_codes import DeskCheckInCodes
from api.health.desk.day_list_links import DayListLinks
from api.health.desk.day_lists import DayLists
from api.health.desk.printing import DayListPrinting
from api.health.desk.sessions import DeskSessions
from api.health.desk.walk_in_repository import WalkInRepository
from api.health.desk.walk_ins import WalkIns
from api.health.directory.facility import FacilityLibrary
from api.health.directory.repository import DirectoryRepository
from api.health.queue.repository import QueueRepository
from api.health.queue.wiring import QueueFoundations, QueueServices
from api.health.schedules.session_repository import SessionRepository
from api.health.slots.repository import SlotRepository
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.resealing import Resealed


@dataclass(frozen=True, slots=True)
class DeskServices:
    """`resealed`: who holds sealed values."""

    codes: DeskCheckInCodes
    walk_ins: WalkIns
    sessions: DeskSessions
    lists: DayLists
    printing: DayListPrinting
    clock: Clock
    resealed: tuple[Resealed, ...]


def desk_on(on: QueueFoundations, queue: QueueServices, library: FacilityLibrary) -> DeskServices:
    """Build the services."""
    store, sealer, clock, access = on.store, on.sealer, on.clock, on.access
    appointments, walk_ins = AppointmentRepository(store, sealer), WalkInRepository(store, sealer)
    sessions, idempotency = SessionRepository(store), Idempotency(store, clock)
    lists = DayLists(appointments, walk_ins, queue.lines, access, on.audit, clock)
    return DeskServices(
        codes=DeskCheckInCodes(queue.codes, access, clock),
        walk_ins=WalkIns(
            appointments,
            on.changes,
            sessions,
            SlotRepository(store),
            walk_ins,
            access,
            on.jobs,
            on.audit,
            idempotency,
            clock,
        ),
        sessions=DeskSessions(
            appointments,
            sessions,
            QueueRepository(store),
            queue.ending,
            access,
            queue.moves,
            on.jobs,
            on.audit,
            idempotency,
            clock,
        ),
        lists=lists,
        printing=DayListPrinting(
            lists,
            DayListLinks(sealer, on.public_url, clock),
            library,
            DirectoryRepository(store),
            access,
            on.audit,
        ),
        clock=clock,
        resealed=(walk_ins,),
    )
