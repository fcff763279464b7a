"""Builds the services of the slice, before accounts, which asks some of them about people and consents."""

from dataclasses import dataclass

from api.accounts.sign_in.send_caps import SendCaps
from api.accounts.sign_in.ways_in import WaysIn
from api.credentials.issuing import Issuing
from api.credentials.scans.uses import CredentialUse
from api.credentials.subjects import Subjects
from api.foundations import Foundations
from api.kit.jobs import Handler
from api.kit.personal_data import PersonalData
from api.kit.resealing import Resealed
from api.students.attendance.book import AttendanceBook
from api.students.attendance.leaving import AttendanceOfLeavers
from api.students.attendance.missing import Missing
from api.students.attendance.repository import ATTENDANCE, AttendanceRepository
from api.students.attendance.service import Attendance
from api.students.calendar.repository import SCHOOL_CALENDARS
from api.students.calendar.service import SchoolCalendars
from api.students.canteen.leaving import MoneyOfLeavers
from api.students.canteen.service import Canteen
from api.students.cards.desk import DESK_TICKETS, DeskTickets
from api.students.cards.student_cards import StudentCards
from api.students.cards.use import StudentCardUse
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
from api.students.library.loans import LOANS, LoanRepository
from api.students.library.service import Library
from api.students.notices.moving import MoveTelling
from api.students.notices.preferences import NOTICE_WISHES, NoticeWishRepository
from api.students.notices.telling import DAY_NEWS, Telling
from api.students.notices.wishing import NoticeWishing
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
from api.students.transfers.service import PUPIL_TRANSFERS, OffersOfLeavers, PupilsTransferring
from api.tourism.opening.holidays import shipped_holidays
from api.wallet.ledger.ledger import Ledger

STUDENT_COLLECTIONS = (
    SCHOOL_CALENDARS,
    SCHOOL_CLASSES,
    PUPILS,
    PUPIL_TRANSFERS,
    ROSTERS,
    ROSTER_PIECES,
    ROSTER_TURNS,
    GUARDIAN_INVITATIONS,
    GUARDIANSHIPS,
    ATTENDANCE,
    DESK_TICKETS,
    NOTICE_WISHES,
    DAY_NEWS,
    LOANS,
)


@dataclass(frozen=True, slots=True)
class LowerFloors:
    """What the slice asks of slices below it."""

    caps: SendCaps
    issuing: Issuing
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class StudentServices:
    """Everything of the slice.

    `use`: what a scan of a card does; `data`: what is kept of people; `resealed`: who holds sealed
    values; `consent`: what rests on the consent STUDENT_RECORD.
    """

    library: SchoolLibrary
    names: SchoolNames
    calendars: SchoolCalendars
    pupils: Pupils
    checking: RosterChecking
    applying: RosterApplying
    inviting: GuardianInviting
    following: Following
    cards: StudentCards
    attendance: Attendance
    missing: Missing
    telling: Telling
    moves: MoveTelling
    wishing: NoticeWishing
    canteen: Canteen
    books: Library
    leaving: PupilsLeaving
    transferring: PupilsTransferring
    consent: RecordConsent
    use: CredentialUse
    data: tuple[PersonalData, ...]
    resealed: tuple[Resealed, ...]

    def handlers(self) -> dict[str, Handler]:
        return {
            **self.applying.handlers(),
            **self.leaving.handlers(),
            **self.missing.handlers(),
            **self.telling.handlers(),
            **self.moves.handlers(),
            **self.books.handlers(),
        }


class _Parts:
    """What the services share, each once."""

    def __init__(self, on: Foundations, below: LowerFloors) -> None:
        store, sealer = on.store, on.sealer
        self.below = below
        self.library = shipped_schools()
        self.names = SchoolNames(self.library)
        self.idempotency = on.idempotency
        self.staff = SchoolStaff(store, self.library)
        self.pupils = PupilRepository(store, sealer)
        self.guardians = GuardianRepository(store, sealer)
        self.rosters = RosterRepository(store, sealer)
        self.days = AttendanceRepository(store, sealer)
        self.loans = LoanRepository(store)
        self.wishes = NoticeWishRepository(store)
        self.tickets = DeskTickets(store, below.issuing)
        self.ways = WaysIn(store, sealer)
        self.consent = RecordConsent(store, sealer, on.clock)
        self.access = PupilAccess(self.pupils, self.guardians, self.consent, self.staff)
        self.leavers = MoneyOfLeavers(store, self.pupils, self.access, below.ledger, on.clock)
        self.calendars = SchoolCalendars(
            store, self.library, shipped_holidays(), self.staff, on.audit, self.idempotency
        )
        self.telling = Telling(
            store, self.guardians, self.access, self.wishes, on.notifications, on.jobs, on.clock
        )
        self.moves = MoveTelling(
            store,
            self.guardians,
            self.access,
            self.wishes,
            self.library,
            on.notifications,
            on.jobs,
            on.clock,
        )
        self.book = AttendanceBook(self.days, self.pupils, self.calendars, self.telling)


def students_on(on: Foundations, below: LowerFloors) -> StudentServices:
    """Build the services."""
    parts = _Parts(on, below)
    cards, canteen, books = _cards(on, parts), _canteen(on, parts), _books(on, parts)
    missing = _missing(on, parts, cards)
    parts.calendars.tell(missing)
    keepers = (
        parts.leavers,
        cards,
        books,
        OffersOfLeavers(on.store),
        AttendanceOfLeavers(parts.days, parts.tickets, parts.telling),
        GuardiansOfLeavers(parts.guardians),
    )
    leaving = PupilsLeaving(on.store, parts.pupils, keepers)
    return StudentServices(
        library=parts.library,
        names=parts.names,
        calendars=parts.calendars,
        pupils=Pupils(parts.pupils, parts.access, parts.staff, on.audit, on.clock),
        checking=RosterChecking(on.store, parts.rosters, parts.pupils, parts.staff, on.clock),
        applying=_applying(on, parts),
        inviting=_inviting(on, parts),
        following=_following(on, parts),
        cards=cards,
        attendance=_attendance(on, parts),
        missing=missing,
        telling=parts.telling,
        moves=parts.moves,
        wishing=NoticeWishing(on.store, parts.access, parts.wishes),
        canteen=canteen,
        books=books,
        leaving=leaving,
        transferring=_transferring(on, parts, leaving),
        consent=parts.consent,
        use=StudentCardUse(parts.pupils, parts.book, parts.tickets),
        data=(_data(parts),),
        resealed=(parts.pupils, parts.guardians, parts.days, parts.rosters),
    )


def _data(parts: _Parts) -> GuardianData:
    return GuardianData(
        parts.guardians,
        parts.pupils,
        parts.access,
        parts.days,
        parts.loans,
        parts.wishes,
        parts.below.ledger,
    )


def _cards(on: Foundations, parts: _Parts) -> StudentCards:
    return StudentCards(
        on.store,
        parts.pupils,
        parts.access,
        parts.staff,
        parts.below.issuing,
        Subjects(on.store, parts.below.issuing),
        on.audit,
        parts.idempotency,
        on.clock,
    )


def _canteen(on: Foundations, parts: _Parts) -> Canteen:
    return Canteen(
        on.store,
        parts.pupils,
        parts.access,
        parts.staff,
        parts.tickets,
        parts.telling,
        parts.below.ledger,
        parts.leavers,
        on.audit,
        parts.idempotency,
        on.clock,
    )


def _books(on: Foundations, parts: _Parts) -> Library:
    return Library(
        on.store,
        parts.loans,
        parts.pupils,
        parts.access,
        parts.tickets,
        parts.telling,
        on.jobs,
        parts.idempotency,
        on.clock,
    )


def _missing(on: Foundations, parts: _Parts, cards: StudentCards) -> Missing:
    return Missing(on.store, parts.pupils, parts.calendars, parts.book, cards, on.jobs, on.clock)


def _attendance(on: Foundations, parts: _Parts) -> Attendance:
    return Attendance(
        parts.days,
        parts.pupils,
        parts.calendars,
        parts.book,
        parts.access,
        parts.staff,
        on.audit,
        parts.idempotency,
        on.clock,
    )


def _applying(on: Foundations, parts: _Parts) -> RosterApplying:
    return RosterApplying(
        on.store,
        parts.rosters,
        parts.pupils,
        parts.staff,
        on.jobs,
        on.audit,
        parts.idempotency,
        on.clock,
    )


def _inviting(on: Foundations, parts: _Parts) -> GuardianInviting:
    return GuardianInviting(
        on.store,
        parts.guardians,
        parts.access,
        parts.staff,
        GuardianDoors(parts.ways, parts.below.caps, on.texts, parts.names),
        on.audit,
        parts.idempotency,
        on.clock,
    )


def _following(on: Foundations, parts: _Parts) -> Following:
    return Following(
        on.store,
        parts.guardians,
        parts.pupils,
        parts.access,
        parts.consent,
        parts.staff,
        parts.ways,
        on.audit,
        parts.idempotency,
        on.clock,
    )


def _transferring(on: Foundations, parts: _Parts, leaving: PupilsLeaving) -> PupilsTransferring:
    return PupilsTransferring(
        on.store,
        parts.pupils,
        parts.guardians,
        parts.access,
        parts.staff,
        parts.library,
        leaving,
        parts.moves,
        on.jobs,
        on.audit,
        parts.idempotency,
        on.clock,
    )
