from api.kit.errors import N_
from api.students.errors import StudentErrorCode, StudentProblem


class ItemNotUnderstood(StudentProblem):
    code = StudentErrorCode.NOT_FOUND
    field = "item"
    message = N_("This is not the code of a book: letters, digits and - are in it.")


class ItemLent(StudentProblem):
    code = StudentErrorCode.ITEM_LENT
    field = "item"
    message = N_("This book is lent already.")


class TooManyLoans(StudentProblem):
    code = StudentErrorCode.TOO_MANY_LOANS
    message = N_("At most {most} books are lent to one pupil at a time.")


class DueDateNotUnderstood(StudentProblem):
    code = StudentErrorCode.INVALID_PERIOD
    field = "dueOn"
    message = N_("A book is lent for 1 to {most} days.")


class LoanNotFound(StudentProblem):
    code = StudentErrorCode.NOT_FOUND
    field = "item"
    message = N_("No book of this code is lent at this school.")
