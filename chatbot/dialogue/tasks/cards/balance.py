"""What is left: in the wallet, and on each pass."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from dialogue import formats
from dialogue.moments import moment_of
from dialogue.province import Answer, Asked, nodes
from dialogue.saying import Line, Say, Shown, content, line
from dialogue.task import Answering
from dialogue.tasks.cards.products import SHOWN_AT_MOST
from dialogue.tasks.cards.wording import party

_HELD = {"UNUSED", "ACTIVE"}
_PARTIES = {"ADULT": (1, 0), "CHILD": (0, 1)}


class CardBalance(Answering):
    intent, title, needs_person = "card_balance", "title_card_balance", True

    @override
    async def answers(self, asked: Asked) -> Sequence[Say]:
        wallet = (await asked.ask("wallet/Wallet", first=1))["wallet"]
        passes = nodes((await asked.ask("tourist_cards/MyPasses", first=40))["myPasses"])
        return [_wallet(wallet), _passes(asked, passes)]


def _wallet(wallet: Answer) -> Say:
    lines = []
    if wallet["available"]["amount"] != wallet["balance"]["amount"]:
        lines.append(line("line_wallet_available", amount=wallet["available"]["text"]))
    if wallet["spendingLimit"] is not None:
        limit, paid = wallet["spendingLimit"]["text"], wallet["paidToday"]["text"]
        lines.append(line("line_wallet_limit", limit=limit, paid=paid))
    lines.append(line("line_top_up"))
    return Say("utter_wallet", {"amount": wallet["balance"]["text"]}, lines)


def _passes(asked: Asked, passes: list[Answer]) -> Say:
    held = [one for one in passes if one["state"] in _HELD and _is_wanted(asked, one)]
    if not held:
        return Say("utter_no_passes")
    lines = [said for one in held[:SHOWN_AT_MOST] for said in _pass(one, asked.language)]
    if len(held) > SHOWN_AT_MOST:
        lines.append(line("line_more"))
    shown = dict.fromkeys(one["productId"] for one in held[:SHOWN_AT_MOST])
    return Say("utter_my_passes", lines=lines, shows=tuple(Shown("card", one) for one in shown))


def _is_wanted(asked: Asked, one: Answer) -> bool:
    named = asked.turn.values("card")
    return not named or one["productId"] in named


def _pass(one: Answer, language: str) -> list[Line]:
    fields = {"card": one["name"]["text"], "people": party(_PARTIES[one["person"]], language)}
    if one["endsAt"] is not None:
        until = formats.moment(moment_of(one["endsAt"]), language)
        said = line("line_pass_active", until=until, **fields)
    else:
        day = formats.day(moment_of(one["unusedUntil"]).date(), language)
        said = line("line_pass_unused", day=day, **fields)
    return [said, *(content(left["text"]) for left in one["left"])]
