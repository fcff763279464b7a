"""What has to be known to buy a card: which, for whom, and how many of it."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from typing_extensions import override

from dialogue.form import NotThis, Slot, Slots, Taken, Took
from dialogue.province import Answer, Asked
from dialogue.saying import Choice, Say, Shown, choice, choice_of
from dialogue.tasks.cards.party_words import (
    asks_in_passing,
    says_me_with,
    says_more,
    says_no_children,
    says_only_me,
)
from dialogue.tasks.cards.products import SHOWN_AT_MOST, on_sale, priced, sold
from dialogue.tasks.cards.wording import Party, dong, party, party_of

_ALONE = {"me", "mother", "father", "spouse", "grandmother", "grandfather", "sibling", "friend"}
_TELLING = frozenset({"card_buy", "inform", "affirm", "deny"})
"""Intents of messages that can tell for whom without being asked."""
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
    """The value is "adults+children". Who is told again takes the place of all who were told before."""

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
        before = _party(slots[self.name]) if self.name in slots else None
        said = _told(asked, is_awaited=is_awaited, is_known=before is not None)
        if said is None:
            return None
        if any(value.endswith(":student") for value in said):
            return NotThis(Say("utter_card_no_students"))
        people = _after(before, _counted(said), asked.turn.text)
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


def _told(asked: Asked, *, is_awaited: bool, is_known: bool) -> list[str] | None:
    """Return the people whom a message tells to buy for; None when it is about something else.

    A question tells none, but with numbers where they were not known: "can I have a card for two?".
    """
    text, said = asked.turn.text, asked.turn.values("person")
    is_only_me = says_only_me(text)
    if not (is_awaited or is_only_me or asked.turn.intent in _TELLING):
        return None
    if asks_in_passing(text):
        return None if is_known else [value for value in said if ":" in value]
    if says_no_children(text):
        said = [value for value in said if value != "child"]
    if any(value != "me" for value in said):
        return _with_me(said, text)
    # "Buy it for me" asks for a service, and changes nothing of who was told before.
    return ["me"] if is_only_me or ("me" in said and not is_known) else []


def _with_me(said: list[str], text: str) -> list[str]:
    is_missing = "me" not in said and not any(value.endswith(":adult") for value in said)
    return ["me", *said] if is_missing and says_me_with(text) else said


def _after(before: Party | None, people: Party | None, text: str) -> Party | None:
    """Return for whom it is after a message: who is told again replaces all, unless they come to the others."""
    if before is None:
        return people
    if people is None:
        return (before[0], 0) if before[0] and says_no_children(text) else None
    return (before[0] + people[0], before[1] + people[1]) if says_more(text) else people


def _counted(said: Iterable[str]) -> Party | None:
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
    return (adults, children) if adults + children else None


def _party_value(people: Party) -> str:
    return f"{people[0]}+{people[1]}"


def _party(value: str) -> Party:
    adults, children = value.split("+")
    return int(adults), int(children)


def _order_value(copies: int, card: Answer) -> str:
    return f"{copies}@{card['price']}"
