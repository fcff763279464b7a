from api.feedback.errors import FeedbackErrorCode, FeedbackProblem
from api.kit.errors import N_


class CategoryNotFound(FeedbackProblem):
    code = FeedbackErrorCode.NOT_FOUND
    field = "categoryCode"
    message = N_("There is no category with this code.")
