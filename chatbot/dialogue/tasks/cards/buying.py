"""Buying a card: which, for whom, what it comes to, and one yes that pays from the wallet."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from dialogue import formats
from dialogue.form import Form, Slots
from dialogue.moments import moment_of
from dialogue.province import Answer, Asked, Refused, SignInNeeded
from dialogue.saying import YES_NO, Line, Say, Shown, content, line
from dialogue.state import OpenForm
from dialogue.tasks.cards.ordering import Order, People, Product, order_of
from dialogue.tasks.cards.products import on_sale, sold
from dialogue.tasks.cards.wording import dong, party, party_of, validity

_NOT_SOLD_NOW = {"NOT_ON_SALE", "NOT_FOUND"}


class CardBuy(Form):
    """Nobody need be signed in to see prices; the yes needs it."""

    intent, title = "card_buy", "title_card_buy"
    corrected_by = frozenset({"reschedule_appointment"})
    slots = (Product(), People(), Order())

    @override
    async def begin(self, asked: Asked, form: OpenForm) -> OpenForm | Sequence[Say]:
        cards = await on_sale(asked)
        if not cards:
            return [Say("utter_no_cards_sold")]
        pointed = _pointed_at(asked)
        if any(card["id"] == pointed for card in cards):
            return form.with_slots(product=pointed)
        return form

    @override
    async def read_back(self, asked: Asked, slots: Slots) -> Say:
        card = await sold(asked, slots["product"])
        if card is None:
            return Say("utter_card_not_sold")
        copies, price = order_of(slots)
        adults, children = party_of(card["people"])
        fields = {
            "card": card["name"]["text"],
            "copies": str(copies),
            "people": party((adults * copies, children * copies), asked.language),
            "price": dong(price, asked.language),
            "total": dong(copies * price, asked.language),
        }
        lines = [line("line_card_validity", validity=validity(card)), _refunds(card)]
        lines += await _wallet_lines(asked, copies * price)
        shown = (Shown("card", card["id"]),)
        return Say("utter_card_read_back", fields, lines, choices=[*YES_NO], shows=shown)

    @override
    async def commit(self, asked: Asked, form: OpenForm) -> Sequence[Say]:
        """Pay each card for itself, as the contract has it; the key of each is that of the form and its number."""
        if not asked.turn.is_signed_in:
            raise SignInNeeded
        copies, price = order_of(form.slots)
        passes: list[Answer] = []
        for number in range(1, copies + 1):
            try:
                bought = await asked.do(
                    "tourist_cards/BuyPass",
                    productId=form.slots["product"],
                    price=price,
                    idempotencyKey=f"{form.key}-{number}",
                )
            except Refused as refused:
                if number == 1:
                    raise
                return [_bought_in_part(asked, refused, number - 1, copies, price)]
            passes += bought["passes"]
        return [_bought(asked, passes, copies * price)]

    @override
    def ends_with_no(self, form: OpenForm) -> bool:
        return not form.is_read_back

    @override
    def is_left_for_another(self, form: OpenForm) -> bool:
        """Who asks for prices has not begun to buy."""
        return not form.slots

    @override
    def after_refusal(self, code: str, form: OpenForm) -> OpenForm | None:
        if code in _NOT_SOLD_NOW:
            return form.without("product", "order")
        if code == "PRICE_CHANGED":
            return form.without("order")
        return form if code == "PAYMENT_REFUSED" else None


def _pointed_at(asked: Asked) -> str | None:
    """Return the card meant by "that one" or "the second", if it is clear which."""
    shown = [one for one in asked.state.shown if one.kind == "card"]
    if asked.turn.first("card") or (len(shown) != 1 and not asked.turn.first("ordinal")):
        return None
    thing = asked.thing("card")
    return thing.value if thing else None


def _refunds(card: Answer) -> Line:
    return line(
        "line_card_refund",
        days=str(card["wholeRefundDays"]),
        percent=str(card["refundFeePercent"]),
    )


async def _wallet_lines(asked: Asked, total: int) -> list[Line]:
    if not asked.turn.is_signed_in:
        return [line("line_card_sign_in")]
    wallet = (await asked.ask("wallet/Wallet", first=1))["wallet"]
    available = wallet["available"]
    lines = [line("line_wallet_available", amount=available["text"])]
    if available["amount"] < total:
        missing = dong(total - available["amount"], asked.language)
        lines += [line("line_wallet_short", missing=missing), line("line_top_up")]
    return lines


def _bought(asked: Asked, passes: list[Answer], total: int) -> Say:
    fields = {
        "count": str(len(passes)),
        "card": passes[0]["name"]["text"],
        "total": dong(total, asked.language),
    }
    first_use = formats.day(moment_of(passes[0]["unusedUntil"]).date(), asked.language)
    lines = [line("line_pass_first_use", day=first_use), line("line_pass_on_phone")]
    return Say("utter_card_bought", fields, lines, shows=(Shown("card", passes[0]["productId"]),))


def _bought_in_part(asked: Asked, refused: Refused, bought: int, wanted: int, price: int) -> Say:
    fields = {
        "bought": str(bought),
        "wanted": str(wanted),
        "total": dong(bought * price, asked.language),
    }
    return Say("utter_card_bought_in_part", fields, [content(refused.message)])
