from api.health.errors import HealthErrorCode, HealthProblem
from api.kit.errors import N_


class TriageProblem(HealthProblem):
    """Any refusal of answers. What was answered is in none of them."""

    code = HealthErrorCode.INVALID_ANSWERS


class UnknownComplaint(TriageProblem):
    field = "complaint"
    message = N_("There is no complaint with this code in the questionnaire.")


class UnknownQuestion(TriageProblem):
    field = "answers"
    message = N_("There is no question with this code in the questionnaire.")


class TooManyAnswers(TriageProblem):
    field = "answers"
    message = N_("There can be {most} answers at most.")


class AnswersContradict(TriageProblem):
    code = HealthErrorCode.CONTRADICTORY_ANSWERS
    field = "answers"
    message = N_("The same question is answered with yes and with no. Please answer it again.")


class PregnancyContradicts(TriageProblem):
    code = HealthErrorCode.CONTRADICTORY_ANSWERS
    field = "isPregnant"
    message = N_("Somebody of this age is not pregnant. Please correct the age or the pregnancy.")


class YoungForThis(TriageProblem):
    code = HealthErrorCode.CONTRADICTORY_ANSWERS
    field = "ageGroup"
    message = N_("A baby does not ask for itself. Please choose that you ask for somebody else.")


class NotForThisPatient(TriageProblem):
    code = HealthErrorCode.CONTRADICTORY_ANSWERS
    field = "complaint"
    message = N_("This is not asked of a patient of this age. Please begin the questions again.")


class QuestionnaireChanged(TriageProblem):
    code = HealthErrorCode.QUESTIONNAIRE_CHANGED
    field = "version"
    message = N_("The questions have changed. Please begin again.")
