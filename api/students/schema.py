"""What the slice adds to the roots of the contract."""

import strawberry

from api.students.attendance.schema import AttendanceMutation, AttendanceQuery
from api.students.calendar.schema import CalendarMutation
from api.students.canteen.schema import CanteenMutation, CanteenQuery
from api.students.cards.schema import StudentCardsMutation, StudentCardsQuery
from api.students.guardians.schema import GuardiansMutation, GuardiansQuery
from api.students.library.schema import LibraryMutation, LibraryQuery
from api.students.notices.schema import NoticesMutation, NoticesQuery
from api.students.pupils.schema import PupilsQuery
from api.students.roster.schema import RosterMutation, RosterQuery
from api.students.schools.schema import SchoolsQuery
from api.students.student_error import StudentErrors
from api.students.transfers.schema import TransfersMutation, TransfersQuery

__all__ = ["StudentErrors", "StudentsMutation", "StudentsQuery"]


@strawberry.type
class StudentsQuery(
    SchoolsQuery,
    PupilsQuery,
    TransfersQuery,
    RosterQuery,
    GuardiansQuery,
    StudentCardsQuery,
    AttendanceQuery,
    NoticesQuery,
    CanteenQuery,
    LibraryQuery,
):
    pass


@strawberry.type
class StudentsMutation(
    CalendarMutation,
    RosterMutation,
    TransfersMutation,
    GuardiansMutation,
    StudentCardsMutation,
    AttendanceMutation,
    NoticesMutation,
    CanteenMutation,
    LibraryMutation,
):
    pass
