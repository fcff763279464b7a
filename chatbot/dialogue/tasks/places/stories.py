"""Stories of the guide, told once: what stands there, where it can be heard, and where to go next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dialogue import formats
from dialogue.province import Answer, Asked, ProvinceUnreachable
from dialogue.saying import Line, Say, Shown, content, line, link, point
from dialogue.tasks.places.packs import pack_line
from dialogue.tasks.places.sights import showing
from dialogue.turn import Position

_ACCURACY_METRES = 50.0
"""A chat does not tell how exact a position is: so much is what a phone in a town often has."""
_HEARD_AT_MOST = 9


@dataclass(frozen=True)
class Guided:
    """`says`: empty when the guide tells nothing there, as to somebody who has not begun; `warnings` hold all the same."""

    says: Sequence[Say] = ()
    warnings: Sequence[Line] = ()


async def at(asked: Asked, tour: Answer, position: Position) -> Guided:
    """Return what the guide tells there: warnings before any story."""
    tour_id, heard = tour["id"], _heard(asked, tour["id"])
    try:
        found = await asked.ask(
            "guide/GuideAt",
            tour=tour_id,
            position=position,
            accuracy=_ACCURACY_METRES,
            heard=heard,
        )
    except ProvinceUnreachable:
        return Guided()
    guidance = found["guideAt"]
    warnings = [_warning(one) for one in guidance["warnings"]]
    named = line("line_on_tour", tour=tour["name"]["text"])
    if not (stop := guidance["tell"]):
        if not heard and not _is_chosen(asked, tour_id):
            return Guided(warnings=warnings)
        lines = [*warnings, named, content(guidance["text"]), *_next(guidance["next"])]
        return Guided([Say("utter_guide_here", lines=lines)])
    shows = tuple(Shown("stop", f"{tour_id}/{one}") for one in [stop["id"], *heard])[
        :_HEARD_AT_MOST
    ]
    text = stop["shortText" if guidance["brief"] else "longText"]["text"]
    told = [*warnings, content(text), *_spoken(stop), named, *_next(guidance["next"])]
    fields = {"name": stop["name"]["text"]}
    return Guided([Say("utter_story", fields, told, _listen(stop), shows=shows)])


def _is_chosen(asked: Asked, tour_id: str) -> bool:
    """Tell whether this tour was told of just now, so that "start it" begins it."""
    return [one.value for one in asked.state.shown if one.kind == "tour"] == [tour_id]


def _heard(asked: Asked, tour_id: str) -> list[str]:
    """Return the stops of a tour that were told lately; their ids are unique in their tour only."""
    told = (one.value.partition("/") for one in asked.state.shown if one.kind == "stop")
    return [stop for tour, _, stop in told if tour == tour_id]


def of_stop(stop: Answer, tour: Answer) -> Say:
    """Return the story of a stop to whoever asks for it from anywhere."""
    lines = [
        content(stop["longText"]["text"]),
        *_spoken(stop),
        line("line_story_of_tour", tour=tour["name"]["text"]),
    ]
    return Say(
        "utter_story",
        {"name": stop["name"]["text"]},
        lines,
        _listen(stop),
        points=[point(stop["name"]["text"], stop["position"])],
        shows=(Shown("place", stop["placeId"]),),
    )


def of_place(place: Answer) -> Say:
    """Return what is known of a place that no tour tells a story of."""
    lines = [content(place["description"]["text"])]
    return showing("utter_no_story", {"name": place["name"]["text"]}, lines, [place])


async def whole(asked: Asked, tour: Answer) -> Say:
    """Return a tour: what it is, its stops in order, how long, and its pack."""
    stops = [line("line_tour_stop", name=stop["name"]["text"]) for stop in tour["stops"]]
    texts = [content(tour[part]["text"]) for part in ("summary", "advice") if tour[part]]
    try:
        pack = [await pack_line(asked, tour=tour["id"])]
    except ProvinceUnreachable:
        pack = []
    fields = {
        "name": tour["name"]["text"],
        "minutes": formats.number(tour["walkingMinutes"], asked.language),
    }
    points = [point(stop["name"]["text"], stop["position"]) for stop in tour["stops"]]
    shows = (Shown("tour", tour["id"]),)
    return Say("utter_tour", fields, [*texts, *stops, *pack], points=points, shows=shows)


def _warning(alert: Answer) -> Line:
    headline = alert["headline"]["text"] if alert["headline"] else alert["severityLabel"]
    return line("line_warning_open_ended", headline=headline)


def _next(following: Answer | None) -> list[Line]:
    if following is None:
        return []
    directions = following["directions"]
    ahead = line(
        "line_next_stop",
        name=following["stop"]["name"]["text"],
        distance=following["distanceText"],
    )
    return [ahead, *([content(directions["text"])] if directions else [])]


def _listen(stop: Answer) -> list[Line]:
    return [
        link("link_listen", one["url"])
        for one in stop["recordings"][:1]
        if one["url"].startswith("https:")
    ]


def _spoken(stop: Answer) -> list[Line]:
    """Return that a machine speaks, where it does and somebody can listen."""
    return [line("line_spoken_by_machine")] if _is_spoken_by_machine(stop) else []


def _is_spoken_by_machine(stop: Answer) -> bool:
    return bool(_listen(stop)) and bool(stop["recordings"][0]["synthetic"])
