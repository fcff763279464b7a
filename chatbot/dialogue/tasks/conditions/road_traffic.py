"""What is reported on roads and what is closed, with who says so and since when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from typing_extensions import override

from dialogue import formats
from dialogue.moments import ago, moment_of
from dialogue.province import Answer, Asked, nodes
from dialogue.saying import EMERGENCY_LINK, Line, Say, content, line, point
from dialogue.task import Answering
from dialogue.tasks.conditions.stretch import Stretch, asked_about
from dialogue.tasks.places import way
from dialogue.tasks.places.days import all_days

_SHOWN = 5
_CLOSURES_READ = 100
_NOON = time(12, tzinfo=formats.VIETNAM)


class TellRoads(Answering):
    intent = "road_traffic"
    title = "title_road_traffic"
    unreachable = Say("utter_roads_unreachable", links=[EMERGENCY_LINK])

    @override
    async def answers(self, asked: Asked) -> Sequence[Say]:
        if (told := await way.told(asked)) is not None:
            return told
        stretch = await asked_about(asked)
        day = _coming_day(asked)
        events = await _events(asked, stretch, day)
        closures = await _closures(asked, stretch, day)
        fields = {**stretch.fields, "time": _known(asked, day)}
        found = [
            *[_closure_lines(one, asked) for one in closures],
            *[_event_lines(one, asked) for one in events],
        ]
        if not found:
            silence = [line("line_roads_only_reported")]
            return [Say(f"utter_no_road_event_{stretch.scope}", fields, silence, [EMERGENCY_LINK])]
        more = [line("line_more")] if len(found) > _SHOWN else []
        lines = [one for lines in found[:_SHOWN] for one in lines]
        return [
            Say(
                f"utter_road_events_{stretch.scope}",
                fields,
                [*lines, *more, line("line_roads_only_reported")],
                [EMERGENCY_LINK],
                points=[point(one["words"], one["line"][0]) for one in events if one["line"]],
            )
        ]


def _coming_day(asked: Asked) -> datetime | None:
    """Return noon of the first day that was named; None for today, which means now."""
    today = asked.turn.now.date()
    coming = [day for day in all_days(asked.turn.values("date")) if day >= today]
    return datetime.combine(coming[0], _NOON) if coming and coming[0] != today else None


def _known(asked: Asked, day: datetime | None) -> str | Line:
    """Return as of when it is known; of a coming day, that it is only what is known now."""
    now = formats.moment(asked.turn.now, asked.language)
    if day is None:
        return now
    return line("part_known_of_day", day=formats.day(day.date(), asked.language), time=now)


async def _events(asked: Asked, stretch: Stretch, day: datetime | None) -> list[Answer]:
    found = await asked.ask(
        "conditions/RoadEvents", bounds=stretch.bounds, at=day.isoformat() if day else None
    )
    return [one for one in found["roadEvents"]["events"] if stretch.holds(one["road"])]


async def _closures(asked: Asked, stretch: Stretch, day: datetime | None) -> list[Answer]:
    found = await asked.ask(
        "tourism/Closures",
        at=day.isoformat() if day else None,
        near=stretch.centre,
        within=stretch.within,
        first=_CLOSURES_READ,
    )
    closures = nodes(found["closures"])
    return [one for one in closures if one["way"] == "ROAD" and stretch.holds(one["wayId"])]


def _event_lines(event: Answer, asked: Asked) -> list[Line]:
    head = line("line_road_event_unnamed", event=event["words"])
    if event["road"]:
        head = line("line_road_event", road=event["road"], event=event["words"])
    note = [content(event["note"]["text"])] if event["note"] else []
    return [head, *note, *_source_lines(event, asked)]


def _closure_lines(closure: Answer, asked: Asked) -> list[Line]:
    road = closure["wayName"]["text"] if closure["wayName"] else closure["wayId"]
    head = line("line_road_part_closed" if closure["area"] else "line_road_closed", road=road)
    return [head, content(closure["reason"]["text"]), *_source_lines(closure, asked)]


def _source_lines(told: Answer, asked: Asked) -> list[Line]:
    """Return who says so, since when, how long ago that was, and until when it is expected."""
    begun = moment_of(told["starts"])
    since = formats.moment(begun, asked.language)
    source = line("line_road_source_planned", source=told["source"], since=since)
    if begun <= asked.turn.now:
        age = ago((asked.turn.now - begun).total_seconds(), asked.language)
        source = line("line_road_source", source=told["source"], since=since, age=age)
    if not told["ends"]:
        return [source]
    until = formats.moment(moment_of(told["ends"]), asked.language)
    return [source, line("line_road_expected_until", time=until)]
