"""What the slice adds to the roots of the contract."""

import strawberry

from api.students.calendar.schema import CalendarMutation
from api.students.guardians.schema import GuardiansMutation, GuardiansQuery
from api.students.pupils.schema import PupilsQuery
from api.students.roster.schema import RosterMutation, RosterQuery
from api.students.schools.schema import SchoolsQuery
from api.students.student_error import StudentErrors

__all__ = ["StudentErrors", "StudentsMutation", "StudentsQuery"]


@strawberry.type
class StudentsQuery(SchoolsQuery, PupilsQuery, RosterQuery, GuardiansQuery):
    pass


@strawberry.type
class StudentsMutation(CalendarMutation, RosterMutation, GuardiansMutation):
    pass
