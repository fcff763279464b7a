"""What a card includes and where it works; a card that is lost, or that a gate does not read."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from dialogue import formats
from dialogue.province import Answer, Asked, nodes
from dialogue.saying import Choice, Line, Say, Shown, choice_of, line, point
from dialogue.task import Answering
from dialogue.tasks.cards.products import SHOWN_AT_MOST, on_sale, priced
from dialogue.tasks.telltale_words import says_lost, says_unread
from dialogue.turn import Found


class CardWhere(Answering):
    intent, title = "card_where", "title_card_where"

    @override
    async def answers(self, asked: Asked) -> Sequence[Say]:
        if says_lost(asked.turn.text):
            return [Say("utter_card_lost", lines=[line("line_card_lost_help")])]
        if says_unread(asked.turn.text):
            return [Say("utter_card_unread", lines=[line("line_card_unread_help")])]
        cards = await on_sale(asked)
        if not cards:
            return [Say("utter_no_cards_sold")]
        place = _place_meant(asked)
        card = _card_meant(asked, cards)
        if place is not None:
            return [await _at_place(asked, place, [card] if card else cards)]
        if card is not None:
            return [await _included(asked, card)]
        if asked.turn.first("card"):
            return [Say("utter_card_not_sold", lines=_prices(asked, cards))]
        return [_which(asked, cards)]


def _place_meant(asked: Asked) -> Found | None:
    """Return the place named; one shown before only if no card is named, for "what does this card include"."""
    return asked.turn.first("place") if asked.turn.first("card") else asked.thing("place")


def _card_meant(asked: Asked, cards: list[Answer]) -> Answer | None:
    thing = asked.turn.first("card")
    shown = [one for one in asked.state.shown if one.kind == "card"]
    if thing is None and (len(shown) == 1 or asked.turn.first("ordinal")):
        thing = asked.thing("card")
    return next((card for card in cards if thing and card["id"] == thing.value), None)


async def _at_place(asked: Asked, place: Found, cards: list[Answer]) -> Say:
    name = place.name or await _name_of(asked, place.value)
    good = [(card, promise) for card in cards for promise in _promises(card, place.value)]
    fields = {"place": name}
    if not good and len(cards) == 1:
        return Say("utter_card_not_there", {**fields, "card": cards[0]["name"]["text"]})
    if not good:
        return Say("utter_no_card_there", fields)
    lines = [_honoured(card, promise) for card, promise in good[:SHOWN_AT_MOST]]
    ids = dict.fromkeys(card["id"] for card, _ in good)
    return Say("utter_cards_there", fields, lines, shows=tuple(Shown("card", one) for one in ids))


async def _name_of(asked: Asked, place_id: str) -> str:
    """Return the name of a place that was only pointed at."""
    place = (await asked.ask("tourism/Place", id=place_id))["place"]
    return str(place["name"]["text"]) if place else place_id


def _promises(card: Answer, place_id: str) -> list[Answer]:
    return [one for one in card["entitlements"] if place_id in one["placeIds"]]


def _honoured(card: Answer, promise: Answer) -> Line:
    fields = {"card": card["name"]["text"], "what": promise["name"]["text"]}
    if promise["kind"] == "DISCOUNT":
        return line("line_card_discount", percent=str(promise["discountPercent"]), **fields)
    return line("line_card_entry", **fields)


async def _included(asked: Asked, card: Answer) -> Say:
    data = await asked.ask(
        "tourist_cards/CardProductPlaces",
        productId=card["id"],
        near=asked.turn.position,
        first=20,
    )
    places = nodes(data["cardProductPlaces"])
    lines = [priced(card, asked.language), *map(_promised, card["entitlements"])]
    lines += [_place(one, asked.language) for one in places[:SHOWN_AT_MOST]]
    if len(places) > SHOWN_AT_MOST:
        lines.append(line("line_more"))
    return Say(
        "utter_card_includes",
        {"card": card["name"]["text"]},
        lines,
        points=[
            point(one["place"]["name"]["text"], one["place"]["position"])
            for one in places[:SHOWN_AT_MOST]
            if one["place"]["position"]
        ],
        shows=(Shown("card", card["id"]), *(Shown("place", one["place"]["id"]) for one in places)),
    )


def _promised(promise: Answer) -> Line:
    what = promise["name"]["text"]
    if promise["kind"] == "DISCOUNT":
        return line("line_promise_discount", what=what, percent=str(promise["discountPercent"]))
    if promise["uses"] is None:
        return line("line_promise_unlimited", what=what)
    return line("line_promise_uses", what=what, uses=str(promise["uses"]))


def _place(one: Answer, language: str) -> Line:
    name = one["place"]["name"]["text"]
    if one["distance"] is None:
        return line("line_place_alone", name=name)
    distance = formats.distance(one["distance"], language)
    return line("line_place_distance", name=name, distance=distance)


def _prices(asked: Asked, cards: list[Answer]) -> list[Line]:
    return [priced(card, asked.language) for card in cards[:SHOWN_AT_MOST]]


def _which(asked: Asked, cards: list[Answer]) -> Say:
    choices: list[Choice] = [
        choice_of(card["id"], card["name"]["text"]) for card in cards[:SHOWN_AT_MOST]
    ]
    shows = tuple(Shown("card", card["id"]) for card in cards[:SHOWN_AT_MOST])
    return Say("utter_which_card_about", lines=_prices(asked, cards), choices=choices, shows=shows)
