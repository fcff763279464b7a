from api.bot.errors import ChatErrorCode, ChatProblem
from api.kit.errors import N_


class DeskClosed(ChatProblem):
    """`opens`: day and time in Vietnam."""

    code = ChatErrorCode.DESK_CLOSED
    message = N_("Nobody is at this desk now. It opens again on {opens} (time in Vietnam).")


class HandoffNotFound(ChatProblem):
    code = ChatErrorCode.HANDOFF_NOT_FOUND
    message = N_("No conversation with a person was found here.")


class HandoffTaken(ChatProblem):
    """Another clerk was faster, or it has ended."""

    code = ChatErrorCode.HANDOFF_TAKEN
    message = N_("This conversation is not waiting any more: somebody else has it, or it ended.")


class ClerkBusy(ChatProblem):
    code = ChatErrorCode.CLERK_BUSY
    message = N_("You already have a conversation. End it, or give it back, before the next one.")


class InvalidGrade(ChatProblem):
    code = ChatErrorCode.INVALID_GRADE
    message = N_("Give a grade from 1 to 5.")


class AlreadyRated(ChatProblem):
    code = ChatErrorCode.ALREADY_RATED
    message = N_("You have already rated this conversation.")


class SharingConsentMissing(ChatProblem):
    code = ChatErrorCode.CONSENT_MISSING
    message = N_(
        "The desk sees what the assistant answered only with your consent."
        " Read the text and agree to it first."
    )
