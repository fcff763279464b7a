"""The warnings in force at a place, where the person is, or anywhere in the province."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from typing_extensions import override

from dialogue import formats
from dialogue.moments import moment_of
from dialogue.province import Answer, Asked, nodes
from dialogue.saying import EMERGENCY_LINK, Line, Say, content, line, link
from dialogue.task import Answering
from dialogue.tasks.places import whereabouts
from dialogue.tasks.places.whereabouts import Whereabouts

_SHOWN = 4


class TellWarnings(Answering):
    intent = "weather_warning"
    title = "title_weather_warning"
    unreachable = Say("utter_warnings_unreachable", links=[EMERGENCY_LINK])

    @override
    async def answers(self, asked: Asked) -> Sequence[Say]:
        where = await whereabouts.of(asked)
        at = where.position if where else None
        found = (await asked.ask("alerts/ActiveAlerts", at=at, first=_SHOWN))["activeAlerts"]
        scope, fields = _scope(asked, where)
        if not found["edges"]:
            now = formats.moment(asked.turn.now, asked.language)
            silence = f"utter_no_warning_{scope.replace('position_unknown', 'in_province')}"
            return [Say(silence, {**fields, "time": now}, [line("line_no_forecast")])]
        more = [line("line_more")] if found["pageInfo"]["hasNextPage"] else []
        alerts = nodes(found)
        lines = [one for alert in alerts for one in _told(alert, asked.language)]
        return [Say(f"utter_warnings_{scope}", fields, [*lines, *more], _links(alerts))]


def _scope(asked: Asked, where: Whereabouts | None) -> tuple[str, dict[str, Any]]:
    """Return which of the phrases fits: for a place, here, in the province, or not knowing where."""
    if where is None:
        return ("in_province" if asked.turn.value("province") else "position_unknown"), {}
    return ("for_place", {"place": where.name}) if where.name else ("here", {})


def _told(alert: Answer, language: str) -> list[Line]:
    headline = (alert["headline"] or alert["event"])["text"]
    lines = [line("line_warning_open_ended", headline=headline)]
    if alert["expires"]:
        until = formats.moment(moment_of(alert["expires"]), language)
        lines = [line("line_warning", headline=headline, time=until)]
    if alert["instruction"]:
        lines.append(content(alert["instruction"]["text"]))
    return lines


def _links(alerts: list[Answer]) -> list[Line]:
    pages = [
        link("link_warning", alert["web"])
        for alert in alerts
        if (alert["web"] or "").startswith("https:")
    ]
    return [*pages, EMERGENCY_LINK]
