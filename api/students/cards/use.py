"""What a scan of a student card does (CredentialUse): attendance at a gate, a ticket at a desk."""

from api.credentials.records import CredentialKind
from api.credentials.scans.records import CheckedScan, Fault, ScanPurpose, Use
from api.kit.errors import N_
from api.kit.formats import day_in_vietnam
from api.students.attendance.book import AttendanceBook
from api.students.cards.desk import DeskTicket, DeskTickets
from api.students.errors import PupilHasLeft, PupilNotFound
from api.students.pupils.pupil import Pupil
from api.students.pupils.repository import PupilRepository

CAME = N_("Welcome. Class {school_class}.")
WENT = N_("Goodbye. Class {school_class}.")
SHOWN = N_("This card is good. Class {school_class}.")
NOBODY = N_("Nobody at this school has this card any more.")
_AT_DESKS = frozenset({ScanPurpose.MEAL, ScanPurpose.LOAN, ScanPurpose.RETURN})
_SOMEBODY_ELSE_MAYBE = frozenset(
    {
        Fault.REVOKED,
        Fault.SUSPENDED,
        Fault.REPLACED,
        Fault.CODE_USED,
        Fault.UNCONFIRMED,
        Fault.EXPIRED,
        Fault.TOO_LATE,
        Fault.CLOCK_AHEAD,
        Fault.KEY_ENDED,
    }
)
"""A late scan with one of these may be of whoever found the card: it makes nobody present."""


class StudentCardUse:
    kind = CredentialKind.STUDENT_CARD

    def __init__(self, pupils: PupilRepository, book: AttendanceBook, tickets: DeskTickets) -> None:
        self._pupils = pupils
        self._book = book
        self._tickets = tickets

    async def used(self, scan: CheckedScan) -> Use:
        """Note what happened. Raises PupilNotFound, PupilHasLeft: online only."""
        pupil = await self._pupils.get(scan.subject_id)
        day = day_in_vietnam(scan.scanned_at)
        if pupil is None or not pupil.is_here(day):
            if not scan.is_late:
                raise PupilNotFound if pupil is None else PupilHasLeft
            return Use(NOBODY, faults=frozenset({Fault.NOT_HONOURED}))
        if not scan.faults & _SOMEBODY_ELSE_MAYBE:
            await self._note(pupil, scan)
        its_class = await self._pupils.get_class(pupil.class_id)
        message = {ScanPurpose.ENTRY: CAME, ScanPurpose.EXIT: WENT}.get(scan.purpose, SHOWN)
        name = its_class.name if its_class else "?"
        return Use(message, {"school_class": name})

    async def _note(self, pupil: Pupil, scan: CheckedScan) -> None:
        if scan.purpose is ScanPurpose.ENTRY:
            await self._book.came(pupil, scan.scanned_at)
        elif scan.purpose is ScanPurpose.EXIT:
            await self._book.went(pupil, scan.scanned_at)
        elif scan.purpose in _AT_DESKS and not scan.is_late:
            ticket = DeskTicket(
                scan.scan_id,
                pupil.id,
                pupil.school_id,
                scan.gate.id,
                scan.purpose,
                scan.scanned_at,
            )
            await self._tickets.add(ticket)
