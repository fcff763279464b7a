from api.kit.errors import N_
from api.students.errors import StudentErrorCode, StudentProblem


class InvalidCalendar(StudentProblem):
    code = StudentErrorCode.INVALID_CALENDAR
    message = N_(
        "This calendar cannot be: terms follow one another within the school year (1 August to"
        " 31 July), days off and extra days lie in it, and a school day ends after it begins."
    )

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


class CalendarChanged(StudentProblem):
    code = StudentErrorCode.CALENDAR_CHANGED
    field = "version"
    message = N_("Somebody changed this calendar meanwhile. Please look at it again.")
