from api.conditions.errors import ConditionErrorCode, ConditionProblem
from api.kit.errors import N_


class InvalidRule(ConditionProblem):
    code = ConditionErrorCode.INVALID_RULE
    message = N_(
        "A rule has a name, a level and an all-clear level that this property can have, known stations,"
        " known communes, and holds for at most {hours} hours."
    )


class InvalidWarning(ConditionProblem):
    code = ConditionErrorCode.INVALID_RULE
    field = "hazard"
    message = N_(
        "The agency may warn of no such hazard and level, for 1 to {hours} hours; or the warning needs"
        " words of an officer, and cannot be automatic."
    )


class RuleNotFound(ConditionProblem):
    """Also the answer to whoever may not do this with it."""

    code = ConditionErrorCode.NOT_FOUND
    field = "id"
    message = N_("There is no such rule.")


class SecondPersonNeeded(ConditionProblem):
    code = ConditionErrorCode.SECOND_PERSON_NEEDED
    message = N_("A rule is approved by somebody else than who proposed it.")
