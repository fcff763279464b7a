from api.feedback.errors import FeedbackErrorCode, FeedbackProblem
from api.kit.errors import N_


class ReportChanged(FeedbackProblem):
    """It is not in the state, or not with the agency, in which the caller saw it."""

    code = FeedbackErrorCode.REPORT_CHANGED
    field = "seenState"
    message = N_("Somebody else was faster: this report is not as you saw it. Look at it again.")


class NotInThisState(FeedbackProblem):
    code = FeedbackErrorCode.NOT_IN_THIS_STATE
    field = "seenState"
    message = N_("This cannot be done with a report in this state.")


class ReportIsMerged(FeedbackProblem):
    code = FeedbackErrorCode.INVALID_MERGE
    field = "code"
    message = N_("This report is part of another one: {lead}. Go on with that one.")


class ProofMissing(FeedbackProblem):
    code = FeedbackErrorCode.PROOF_MISSING
    field = "photoIds"
    message = N_("A report is fixed only with a photo that shows it: give 1 to {most}.")


class TooLate(FeedbackProblem):
    code = FeedbackErrorCode.TOO_LATE
    message = N_("This can be done within {days} days only. Please make a new report.")


class NotYours(FeedbackProblem):
    code = FeedbackErrorCode.NOT_YOURS
    field = "code"
    message = N_("Only those who reported this can do it.")


class SameAgency(FeedbackProblem):
    code = FeedbackErrorCode.INVALID_AGENCY
    field = "toAgencyId"
    message = N_("This agency has the report already. Choose another one.")
