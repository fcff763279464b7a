"""What has to be known to buy a card: which, for whom, and how many of it."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from typing_extensions import override

from dialogue.form import NotThis, Slot, Slots, Taken, Took
from dialogue.province import Answer, Asked
from dialogue.saying import Choice, Say, Shown, choice, choice_of
from dialogue.tasks.cards.products import SHOWN_AT_MOST, on_sale, priced, sold
from dialogue.tasks.cards.wording import Party, dong, party, party_of

_ALONE = {"me", "mother", "father", "spouse", "grandmother", "grandfather", "sibling", "friend"}
_PASSES_AT_MOST = 40
"""So many unused passes a person holds at most (docs/tourist_cards.md)."""
_OFFERED_PARTIES: tuple[Party, ...] = ((1, 0), (2, 0), (2, 1), (2, 2))


class Product(Slot):
    name, kinds, clears = "product", ("card",), ("order",)

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        cards = (await on_sale(asked))[:SHOWN_AT_MOST]
        return Say(
            "utter_which_card",
            lines=[priced(card, asked.language) for card in cards],
            choices=[_offer(card, asked.language) for card in cards],
            shows=tuple(Shown("card", card["id"]) for card in cards),
        )

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        named = asked.turn.value("card")
        if named is None:
            return None
        card = await sold(asked, named)
        return NotThis(Say("utter_card_not_sold")) if card is None else Took(named)


class People(Slot):
    """The value is "adults+children"; what a message does not name of the two stays."""

    name, kinds, clears = "people", ("person",), ("order",)

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        choices = [
            choice_of(_party_value(one), party(one, asked.language)) for one in _OFFERED_PARTIES
        ]
        return Say("utter_card_for_whom", choices=choices)

    @override
    async def known(self, asked: Asked, slots: Slots) -> Taken:
        """Return the people of a family card, which says itself for whom it is."""
        card = await sold(asked, slots["product"])
        if card is None or len(card["people"]) == 1:
            return None
        return Took(_party_value(party_of(card["people"])))

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        said = asked.turn.values("person")
        if any(value.endswith(":student") for value in said):
            return NotThis(Say("utter_card_no_students"))
        before = _party(slots["people"]) if "people" in slots else (0, 0)
        people = _counted(said, before)
        if people is None:
            return None
        if sum(people) > _PASSES_AT_MOST:
            return NotThis(Say("utter_card_too_many", {"most": str(_PASSES_AT_MOST)}))
        return Took(_party_value(people))


class Order(Slot):
    """How many of the card at which price, as "copies@price": what was shown is what is paid."""

    name = "order"

    @override
    async def known(self, asked: Asked, slots: Slots) -> Taken:
        card = await sold(asked, slots["product"])
        if card is None:
            return None
        people, copies = _party(slots["people"]), _copies(card, _party(slots["people"]))
        adults, children = party_of(card["people"])
        fits = (adults * copies, children * copies) == people
        return Took(_order_value(copies, card)) if fits else None

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        card = await sold(asked, slots["product"])
        if card is None:
            return Say("utter_card_not_sold")
        people, copies = _party(slots["people"]), _copies(card, _party(slots["people"]))
        fields = {
            "card": card["name"]["text"],
            "holds": party(party_of(card["people"]), asked.language),
            "people": party(people, asked.language),
        }
        total = dong(copies * card["price"], asked.language)
        offer = choice(
            _order_value(copies, card), "choice_card_copies", copies=str(copies), total=total
        )
        return Say("utter_card_does_not_fit", fields, choices=[offer])


def order_of(slots: Slots) -> tuple[int, int]:
    """Return how many cards, and the price of each."""
    copies, price = slots["order"].split("@")
    return int(copies), int(price)


def _offer(card: Answer, language: str) -> Choice:
    price = dong(card["price"], language)
    return choice(card["id"], "choice_card", card=card["name"]["text"], price=price)


def _copies(card: Answer, people: Party) -> int:
    """Return how many cards it takes until everybody has a pass for whom the card has any."""
    held = party_of(card["people"])
    needed = [ceil(wanted / has) for wanted, has in zip(people, held, strict=True) if has]
    return max(1, *needed)


def _counted(said: Iterable[str], before: Party) -> Party | None:
    adults = children = 0
    for value in said:
        number, _, kind = value.partition(":")
        if kind in {"adult", "senior"}:
            adults += int(number)
        elif kind == "child":
            children += int(number)
        elif value in _ALONE:
            adults += 1
        elif value == "child":
            children += 1
    if adults + children == 0:
        return None
    return adults or before[0], children or before[1]


def _party_value(people: Party) -> str:
    return f"{people[0]}+{people[1]}"


def _party(value: str) -> Party:
    adults, children = value.split("+")
    return int(adults), int(children)


def _order_value(copies: int, card: Answer) -> str:
    return f"{copies}@{card['price']}"
