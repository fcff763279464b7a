"""What a gate's screen says when a pass is not let in."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from api.kit.errors import N_
from api.tourist_cards.errors import CardErrorCode, CardProblem
from api.tourist_cards.usage import Fault


class PassUnknown(CardProblem):
    code = CardErrorCode.NOT_FOUND
    message = N_("There is no such pass.")


class PassNotCovered(CardProblem):
    code = CardErrorCode.PASS_NOT_COVERED
    message = N_("This pass is not for this gate.")


class PassLapsed(CardProblem):
    code = CardErrorCode.PASS_OVER
    message = N_("This pass was not used within two years. It does not hold any more.")


class PassOver(CardProblem):
    code = CardErrorCode.PASS_OVER
    message = N_("The time of this pass is over.")


class PassUsedUp(CardProblem):
    code = CardErrorCode.PASS_USED_UP
    message = N_("Nothing is left on this pass for this gate.")


class PassUsedUpToday(CardProblem):
    code = CardErrorCode.PASS_USED_UP_TODAY
    message = N_("Nothing is left on this pass for today. Tomorrow it holds again.")


class PassUsedUpHere(CardProblem):
    code = CardErrorCode.PASS_USED_UP_HERE
    message = N_("This pass was used here already.")


class PassTooSoon(CardProblem):
    code = CardErrorCode.PASS_TOO_SOON
    message = N_("This pass was used here a moment ago. Wait a little.")


REFUSALS: Final[Mapping[Fault, type[CardProblem]]] = MappingProxyType(
    {
        Fault.NOT_COVERED: PassNotCovered,
        Fault.WAITED_TOO_LONG: PassLapsed,
        Fault.OVER: PassOver,
        Fault.USED_UP: PassUsedUp,
        Fault.USED_UP_TODAY: PassUsedUpToday,
        Fault.USED_UP_HERE: PassUsedUpHere,
        Fault.TOO_SOON: PassTooSoon,
    }
)
