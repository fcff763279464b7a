"""Builds the queue: checking in, calling, what patients see of it, and the end of a session."""

from dataclasses import dataclass

from api.health.appointments.changes import AppointmentChanges
from api.health.appointments.repository import AppointmentRepository
from api.health.desk.access import DeskAccess
from api.health.desk.walk_in_repository import HEALTH_WALK_INS, WalkInRepository
from api.health.queue.calling import Calling
from api.health.queue.check_in_code import CheckInCodes
from api.health.queue.checking_in import CheckingIn
from api.health.queue.ending import SessionEnding
from api.health.queue.leaving import Leaving
from api.health.queue.line import Lines
from api.health.queue.moves import QueueMoves
from api.health.queue.repository import HEALTH_QUEUES, QueueRepository
from api.health.queue.standing import Standings
from api.health.schedules.session_repository import SessionRepository
from api.health.slots.repository import SlotRepository
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.events import Events
from api.kit.idempotency import Idempotency
from api.kit.jobs import Handler, Jobs
from api.kit.sealing import Sealer
from api.kit.store import Store

QUEUE_COLLECTIONS = (HEALTH_QUEUES, HEALTH_WALK_INS)


@dataclass(frozen=True, slots=True)
class QueueFoundations:
    """What queue and desk are built on. `changes`: through which every appointment changes."""

    store: Store
    sealer: Sealer
    jobs: Jobs
    events: Events
    audit: AuditLog
    clock: Clock
    public_url: str
    access: DeskAccess
    changes: AppointmentChanges


@dataclass(frozen=True, slots=True)
class QueueServices:
    """`standings`: of a session too, for whoever reminds people; `lines` and `moves` for the desk."""

    codes: CheckInCodes
    checking_in: CheckingIn
    calling: Calling
    standings: Standings
    ending: SessionEnding
    leaving: Leaving
    lines: Lines
    moves: QueueMoves

    def handlers(self) -> dict[str, Handler]:
        return self.ending.handlers()


def queue_on(on: QueueFoundations) -> QueueServices:
    """Build the services, and let them hear of every change of an appointment."""
    store, clock, changes = on.store, on.clock, on.changes
    appointments = AppointmentRepository(store, on.sealer)
    sessions, slots, queues = (
        SessionRepository(store),
        SlotRepository(store),
        QueueRepository(store),
    )
    idempotency, codes = Idempotency(store, clock), CheckInCodes(on.sealer)
    lines, moves = Lines(appointments, slots, queues), QueueMoves(on.events, on.jobs, clock)
    leaving = Leaving(changes, slots, WalkInRepository(store, on.sealer), clock)
    ending = SessionEnding(
        store, appointments, sessions, slots, queues, leaving, moves, on.jobs, clock
    )
    changes.listen(moves)
    changes.listen(ending)
    return QueueServices(
        codes=codes,
        checking_in=CheckingIn(
            appointments, changes, sessions, codes, on.access, on.audit, idempotency, clock
        ),
        calling=Calling(
            appointments,
            changes,
            sessions,
            queues,
            lines,
            leaving,
            on.access,
            on.audit,
            idempotency,
            clock,
        ),
        standings=Standings(appointments, sessions, lines, on.events, clock),
        ending=ending,
        leaving=leaving,
        lines=lines,
        moves=moves,
    )
