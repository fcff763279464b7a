from api.kit.errors import N_
from api.students.errors import StudentErrorCode, StudentProblem


class CardMissing(StudentProblem):
    code = StudentErrorCode.CARD_MISSING
    field = "pupilId"
    message = N_("This pupil has no card yet.")


class ClassNotFound(StudentProblem):
    code = StudentErrorCode.NOT_FOUND
    field = "classId"
    message = N_("The school has no class with this id.")


class DeskTicketNotFound(StudentProblem):
    """Also for one that was used, or is too old."""

    code = StudentErrorCode.NOT_FOUND
    field = "scanId"
    message = N_(
        "Scan the card first: this needs a card that was shown here within {minutes} minutes."
    )
