"""The cards that are on sale."""

from __future__ import annotations

from dialogue.province import Answer, Asked, nodes
from dialogue.saying import Line, line
from dialogue.tasks.cards.wording import dong, party, party_of, validity

SHOWN_AT_MOST = 6


async def on_sale(asked: Asked) -> list[Answer]:
    data = await asked.ask("tourist_cards/CardProducts", first=20)
    return [card for card in nodes(data["cardProducts"]) if card["state"] == "ON_SALE"]


async def sold(asked: Asked, product_id: str) -> Answer | None:
    """Return a card that is on sale, by its id."""
    return next((card for card in await on_sale(asked) if card["id"] == product_id), None)


def priced(card: Answer, language: str) -> Line:
    """Return a line with what a card costs, for whom, and for how long."""
    return line(
        "line_card_price",
        card=card["name"]["text"],
        price=dong(card["price"], language),
        people=party(party_of(card["people"]), language),
        validity=validity(card),
    )
