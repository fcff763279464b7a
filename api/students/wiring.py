"""Builds the services of the slice, in two halves: accounts asks the first about people and consents."""

from dataclasses import dataclass

from api.accounts.sign_in.send_caps import SendCaps
from api.accounts.sign_in.ways_in import WaysIn
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.jobs import Handler, Jobs
from api.kit.personal_data import PersonalData
from api.kit.resealing import Resealed
from api.kit.sealing import Sealer
from api.kit.store import Store
from api.students.calendar.repository import SCHOOL_CALENDARS
from api.students.calendar.service import SchoolCalendars
from api.students.guardians.access import PupilAccess
from api.students.guardians.consent import RecordConsent
from api.students.guardians.following import Following
from api.students.guardians.guardianship import (
    GUARDIAN_INVITATIONS,
    GUARDIANSHIPS,
    GuardianRepository,
)
from api.students.guardians.inviting import GuardianDoors, GuardianInviting
from api.students.guardians.leaving import GuardiansOfLeavers
from api.students.personal_data import GuardianData
from api.students.pupils.leaving import PupilsLeaving
from api.students.pupils.repository import PUPILS, SCHOOL_CLASSES, PupilRepository
from api.students.pupils.service import Pupils
from api.students.roster.applying import RosterApplying
from api.students.roster.checking import RosterChecking
from api.students.roster.repository import (
    ROSTER_PIECES,
    ROSTER_TURNS,
    ROSTERS,
    RosterRepository,
)
from api.students.schools.names import SchoolNames
from api.students.schools.school import SchoolLibrary, shipped_schools
from api.students.staff import SchoolStaff
from api.tourism.opening.holidays import shipped_holidays
from notifications.texts import Texts

STUDENT_COLLECTIONS = (
    SCHOOL_CALENDARS,
    SCHOOL_CLASSES,
    PUPILS,
    ROSTERS,
    ROSTER_PIECES,
    ROSTER_TURNS,
    GUARDIAN_INVITATIONS,
    GUARDIANSHIPS,
)


@dataclass(frozen=True, slots=True)
class StudentServices:
    """Everything of the slice. `data`: what is kept of people; `resealed`: who holds sealed values."""

    library: SchoolLibrary
    names: SchoolNames
    calendars: SchoolCalendars
    pupils: Pupils
    checking: RosterChecking
    applying: RosterApplying
    inviting: GuardianInviting
    following: Following
    leaving: PupilsLeaving
    access: PupilAccess
    consent: RecordConsent
    data: tuple[PersonalData, ...]
    resealed: tuple[Resealed, ...]

    def handlers(self) -> dict[str, Handler]:
        return {**self.applying.handlers(), **self.leaving.handlers()}


def students_on(
    store: Store,
    sealer: Sealer,
    jobs: Jobs,
    texts: Texts,
    audit: AuditLog,
    caps: SendCaps,
    clock: Clock,
) -> StudentServices:
    """Build the services."""
    library = shipped_schools()
    names = SchoolNames(library)
    idempotency = Idempotency(store, clock)
    staff = SchoolStaff(store, library)
    pupils, guardians = PupilRepository(store, sealer), GuardianRepository(store, sealer)
    consent = RecordConsent(store, sealer, clock)
    access = PupilAccess(pupils, guardians, consent, staff)
    rosters = RosterRepository(store, sealer)
    ways = WaysIn(store, sealer)
    return StudentServices(
        library=library,
        names=names,
        calendars=SchoolCalendars(store, library, shipped_holidays(), staff, audit, idempotency),
        pupils=Pupils(pupils, access, staff, audit, clock),
        checking=RosterChecking(store, rosters, pupils, staff, clock),
        applying=RosterApplying(store, rosters, pupils, staff, jobs, audit, idempotency, clock),
        inviting=GuardianInviting(
            store,
            guardians,
            access,
            staff,
            library,
            GuardianDoors(ways, caps, texts, names),
            audit,
            idempotency,
            clock,
        ),
        following=Following(
            store, guardians, pupils, access, consent, staff, ways, audit, idempotency, clock
        ),
        leaving=PupilsLeaving(store, pupils, (GuardiansOfLeavers(guardians),)),
        access=access,
        consent=consent,
        data=(GuardianData(guardians, pupils, access, clock),),
        resealed=(pupils, guardians),
    )
