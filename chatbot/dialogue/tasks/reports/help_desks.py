"""Whom to turn to: for things lost or found, and when nobody can be called into the chat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from typing_extensions import override

from dialogue.province import Asked, ProvinceUnreachable, nodes
from dialogue.saying import EMERGENCY_LINK, Line, Say, Shown, Step, line, link, point
from dialogue.task import Answering

HelpCentre = dict[str, Any]

_CENTRES = 3
_POLICE = link("link_113", "tel:113")


async def help_centres(asked: Asked) -> list[HelpCentre]:
    """Return tourist help centres, the nearest first when the phone tells where it is; none when unreachable."""
    near = {"near": asked.turn.position} if asked.turn.position else {}
    try:
        page = (await asked.ask("bot/HelpCentres", first=_CENTRES, **near))["places"]
    except ProvinceUnreachable:  # whom to call is said without it
        return []
    return nodes(page)


def _named(centres: Sequence[HelpCentre]) -> list[Line]:
    if not centres:
        return [line("line_help_centre_unknown")]
    return [_line(one) for one in centres]


def _line(centre: HelpCentre) -> Line:
    name, phone = centre["name"]["text"], centre["phone"]
    if phone:
        return line("line_help_centre_phone", name=name, phone=phone)
    return line("line_help_centre", name=name)


def _links(centres: Sequence[HelpCentre]) -> list[Line]:
    called = [
        link("link_help_centre", f"tel:{_dialled(one['phone'])}", name=one["name"]["text"])
        for one in centres
        if one["phone"]
    ]
    shown = [
        link("link_map", f"geo:{at['latitude']},{at['longitude']}", name=one["name"]["text"])
        for one in centres
        for at in [one["position"]]
    ]
    return [*called, *shown]


def _dialled(phone: str) -> str:
    return "".join(sign for sign in phone if sign.isdigit() or sign == "+")


def _with_centres(say: Say, centres: Sequence[HelpCentre]) -> Say:
    return Say(
        say.phrase,
        lines=[*say.lines, *_named(centres)],
        links=[*say.links, *_links(centres)],
        steps=say.steps,
        points=[point(one["name"]["text"], one["position"]) for one in centres],
        shows=tuple(Shown("place", one["id"]) for one in centres),
    )


class LostFound(Answering):
    """The contract has no category for it: the police take it up, and no report is made."""

    intent, title = "lost_found", "title_lost_found"

    @override
    async def answers(self, asked: Asked) -> Sequence[Say]:
        lines = [
            line("line_lost_police"),
            line("line_lost_papers"),
            line("line_lost_phone_and_bank"),
            line("line_lost_found"),
        ]
        say = Say("utter_lost_found", lines=lines, links=[_POLICE])
        return [_with_centres(say, await help_centres(asked))]


async def where_people_are(asked: Asked) -> Say:
    """Return where people are to be found, for when nobody can be called into the chat."""
    say = Say(
        "utter_human",
        lines=[line("line_human_1022"), line("line_human_danger")],
        links=[EMERGENCY_LINK],
        steps=[Step.CALL_HELP_CENTRE],
    )
    return _with_centres(say, await help_centres(asked))
