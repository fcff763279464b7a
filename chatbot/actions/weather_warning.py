from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from actions import whereabouts
from actions.answer import EMERGENCY_LINK, Answer, Line, ProvinceAction, content, line, link
from actions.province import nodes
from actions.question import Question
from dialogue import formats

_SHOWN = 4


class TellWarnings(ProvinceAction):
    unreachable = Answer("utter_warnings_unreachable", links=[EMERGENCY_LINK])

    def name(self) -> str:
        return "action_weather_warning"

    async def answers(self, question: Question) -> list[Answer]:
        where = await whereabouts.of(question)
        at = where.position if where else None
        found = (await question.ask("alerts/ActiveAlerts", at=at, first=_SHOWN))["activeAlerts"]
        scope, fields = _scope(question, where)
        if not found["edges"]:
            now = formats.moment(datetime.now(timezone.utc), question.language)
            silence = f"utter_no_warning_{scope.replace('position_unknown', 'in_province')}"
            return [Answer(silence, {**fields, "time": now}, [line("line_no_forecast")])]
        more = [line("line_more")] if found["pageInfo"]["hasNextPage"] else []
        alerts = nodes(found)
        lines = [one for alert in alerts for one in _told(alert, question.language)]
        return [Answer(f"utter_warnings_{scope}", fields, [*lines, *more], _links(alerts))]


def _scope(question: Question, where: whereabouts.Whereabouts | None) -> tuple[str, dict[str, str]]:
    """Return which of the phrases fits: for a place, here, in the province, or not knowing where."""
    if where is None:
        return ("in_province" if question.value("province") else "position_unknown"), {}
    return ("for_place", {"place": where.name}) if where.name else ("here", {})


def _told(alert: dict[str, Any], language: str) -> list[Line]:
    headline = (alert["headline"] or alert["event"])["text"]
    lines = [line("line_warning_open_ended", headline=headline)]
    if alert["expires"]:
        until = formats.moment(_time(alert["expires"]), language)
        lines = [line("line_warning", headline=headline, time=until)]
    if alert["instruction"]:
        lines.append(content(alert["instruction"]["text"]))
    return lines


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _links(alerts: list[dict[str, Any]]) -> list[Line]:
    pages = [link("link_warning", alert["web"]) for alert in alerts if alert["web"]]
    return [*pages, EMERGENCY_LINK]
