"""What tourist cards refuse, and why."""

from enum import StrEnum, auto

from typing_extensions import override

from api.kit.errors import N_, DomainError
from locales import Translator


class CardErrorCode(StrEnum):
    """Stable across releases: clients switch on it."""

    NOT_SIGNED_IN = auto()
    NOT_ALLOWED = auto()
    NOT_FOUND = auto()
    INVALID_POSITION = auto()
    INVALID_IDEMPOTENCY_KEY = auto()
    IDEMPOTENCY_KEY_REUSED = auto()
    CHANGED_MEANWHILE = auto()
    INVALID_PRODUCT = auto()
    NOT_ON_SALE = auto()
    PRICE_CHANGED = auto()
    TOO_MANY_PASSES = auto()
    PAYMENT_REFUSED = auto()
    PASS_USED = auto()
    PASS_NOT_YOURS_ALONE = auto()
    PASS_NOT_HELD = auto()
    OFFER_OVER = auto()
    OWN_OFFER = auto()
    PASS_NOT_COVERED = auto()
    PASS_OVER = auto()
    PASS_USED_UP = auto()
    PASS_USED_UP_TODAY = auto()
    PASS_USED_UP_HERE = auto()
    PASS_TOO_SOON = auto()


class CardProblem(DomainError):
    """Any refusal of this slice. `field`: the part of the input that is refused."""

    field: str | None = None


class ProductNotFound(CardProblem):
    code = CardErrorCode.NOT_FOUND
    field = "productId"
    message = N_("There is no such card.")


class PassNotFound(CardProblem):
    """Also the answer to another person's pass."""

    code = CardErrorCode.NOT_FOUND
    field = "passId"
    message = N_("You have no pass with this id.")


class ChangedMeanwhile(CardProblem):
    code = CardErrorCode.CHANGED_MEANWHILE
    message = N_("Somebody changed this card in the meantime. Look at it again.")


class InvalidProduct(CardProblem):
    """`reason`: a msgid without fields."""

    code = CardErrorCode.INVALID_PRODUCT
    message = N_("{field}: {reason}")

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(field=field, reason=reason)

    @override
    def localized(self, translate: Translator) -> str:
        reason = translate(str(self.params["reason"]))
        return translate(self.message).format(field=self.field, reason=reason)


class NotOnSale(CardProblem):
    code = CardErrorCode.NOT_ON_SALE
    field = "productId"
    message = N_("This card is not on sale now.")


class PriceChanged(CardProblem):
    code = CardErrorCode.PRICE_CHANGED
    field = "price"
    message = N_("The price of this card has changed. Look at it again before you buy.")


class TooManyPasses(CardProblem):
    code = CardErrorCode.TOO_MANY_PASSES
    message = N_("You hold {most} unused passes already. Use one before you buy another.")


class PassUsed(CardProblem):
    code = CardErrorCode.PASS_USED
    field = "passId"
    message = N_("This pass has been used. It can be neither given away nor paid back.")


class PassNotYoursAlone(CardProblem):
    """A refund goes to whoever paid, who must hold every pass of the purchase and have given none away."""

    code = CardErrorCode.PASS_NOT_YOURS_ALONE
    field = "passId"
    message = N_("Only who bought the passes and still holds them all is paid back.")


class PassNotHeld(CardProblem):
    code = CardErrorCode.PASS_NOT_HELD
    field = "passId"
    message = N_("This pass has been paid back or blocked.")


class OfferOver(CardProblem):
    """Also the answer to a code that nobody made."""

    code = CardErrorCode.OFFER_OVER
    field = "offerCode"
    message = N_("This code is not valid, or no longer. Ask for a new one.")


class OwnOffer(CardProblem):
    code = CardErrorCode.OWN_OFFER
    field = "offerCode"
    message = N_("You hold this pass already.")
