from api.feedback.errors import FeedbackErrorCode, FeedbackProblem
from api.kit.errors import N_


class AgencyNotFound(FeedbackProblem):
    code = FeedbackErrorCode.INVALID_AGENCY
    field = "agencyId"
    message = N_("There is no agency with this id.")
