from api.kit.errors import N_
from api.students.errors import StudentErrorCode, StudentProblem


class AddressNotUnderstood(StudentProblem):
    code = StudentErrorCode.INVALID_ADDRESS
    field = "address"
    message = N_("This is neither a mobile number nor an e-mail address.")


class TooManyInvitations(StudentProblem):
    """Wait for so many whole seconds."""

    code = StudentErrorCode.TOO_MANY_INVITATIONS
    field = "address"
    message = N_("Too many messages went out today. Please try again later.")

    def __init__(self, retry_after_seconds: int | None) -> None:
        super().__init__()
        self.retry_after_seconds = retry_after_seconds


class InvitationEnded(StudentProblem):
    """Also the answer to whoever was not invited, so that ids cannot be tried out."""

    code = StudentErrorCode.INVITATION_ENDED
    field = "id"
    message = N_("No open invitation to you has this id. Ask the school for a new one.")


class NoOpenInvitation(StudentProblem):
    """What the office is told, which invites."""

    code = StudentErrorCode.INVITATION_ENDED
    field = "id"
    message = N_("There is no open invitation of this school with this id.")


class GuardianAlready(StudentProblem):
    code = StudentErrorCode.GUARDIAN_ALREADY
    field = "address"
    message = N_("Whoever has this address follows this pupil already.")


class TooManyGuardians(StudentProblem):
    code = StudentErrorCode.TOO_MANY_GUARDIANS
    field = "pupilId"
    message = N_("At most {most} people follow one pupil.")


class NoSuchChild(StudentProblem):
    code = StudentErrorCode.NO_SUCH_CHILD
    field = "dependantId"
    message = N_(
        "This is not one of your dependants with the birth date that the school has. Correct the"
        " date in the app, or ask the school."
    )


class StudentConsentMissing(StudentProblem):
    code = StudentErrorCode.CONSENT_MISSING
    field = "dependantId"
    message = N_(
        "The student record needs your consent for this child, and the child's own from the age of 7."
    )


class GuardianshipNotFound(StudentProblem):
    """Also the answer to whoever has no say in it."""

    code = StudentErrorCode.NOT_FOUND
    field = "id"
    message = N_("There is no guardianship with this id that you may decide.")


class OwnConfirmation(StudentProblem):
    code = StudentErrorCode.OWN_CONFIRMATION
    field = "id"
    message = N_("Nobody confirms themselves: the school or another guardian does.")
