from api.feedback.errors import FeedbackErrorCode, FeedbackProblem
from api.kit.errors import N_


class ReportHasEnded(FeedbackProblem):
    code = FeedbackErrorCode.REPORT_ENDED
    field = "code"
    message = N_("This report has ended. If it is so again, please make a new one.")
