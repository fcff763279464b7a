from api.kit.errors import N_
from api.students.errors import StudentErrorCode, StudentProblem


class PeriodNotUnderstood(StudentProblem):
    code = StudentErrorCode.INVALID_PERIOD
    field = "ends"
    message = N_("Choose days that follow each other, at most {most} of them.")


class NoSchoolDays(StudentProblem):
    code = StudentErrorCode.INVALID_PERIOD
    field = "starts"
    message = N_("The school does not teach on any of these days, or they are too far from today.")


class NoteNotUnderstood(StudentProblem):
    code = StudentErrorCode.INVALID_NOTE
    field = "note"
    message = N_("Write in a few words why, at most {most} characters.")


class ArrivalNotUnderstood(StudentProblem):
    code = StudentErrorCode.INVALID_PERIOD
    field = "at"
    message = N_("A pupil came today or in the last {days} days, and not in the future.")
