from __future__ import annotations

from datetime import date
from typing import Any

from actions import whereabouts
from actions.answer import Answer, Line, ProvinceAction, line
from actions.dates import days_meant, next_of, today_in_vietnam
from actions.find_nearby import WITHIN_METRES
from actions.place_info import map_link
from actions.province import nodes
from actions.question import Question
from actions.whereabouts import Whereabouts
from dialogue import formats

_SHOWN = 6


class TellMarketDays(ProvinceAction):
    def name(self) -> str:
        return "action_market_day"

    async def answers(self, question: Question) -> list[Answer]:
        where = await whereabouts.of(question)
        if where and where.name and (market := await _market_at(question, where)):
            return [_days_of(market, question.language)]
        days = days_meant(question.values("day"), question.text) or [today_in_vietnam()]
        answers = [await _markets_on(question, day, where) for day in days]
        if where and where.place_id:
            return [Answer("utter_market_unknown", {"place": where.name or ""}), *answers]
        return answers


async def _market_at(question: Question, where: Whereabouts) -> dict[str, Any] | None:
    """Return the market that `where` is, or that stands in the commune it names."""
    place_id = where.place_id or await _market_place(question, where)
    if place_id is None:
        return None
    place = (await question.ask("tourism/Place", id=place_id))["place"]
    return next(iter(place["markets"]), None) if place else None


async def _market_place(question: Question, where: Whereabouts) -> str | None:
    found = await question.ask(
        "tourism/Places",
        near=where.position,
        within=WITHIN_METRES,
        categories=["MARKET"],
        search=question.name("commune"),
        first=1,
    )
    return next((place["id"] for place in nodes(found["places"])), None)


def _days_of(market: dict[str, Any], language: str) -> Answer:
    weekdays, name = market["weekdays"], market["name"]["text"]
    if formats.is_daily(weekdays):
        return Answer("utter_market_daily", {"market": name})
    fields = {
        "market": name,
        "days": formats.weekdays(weekdays, language),
        "day": formats.day(next_of(weekdays), language),
    }
    return Answer("utter_market_days", fields, [line("line_check_market")])


async def _markets_on(question: Question, day: date, where: Whereabouts | None) -> Answer:
    found = await question.ask(
        "tourism/MarketsOn",
        date=day.isoformat(),
        near=where.position if where else None,
        first=_SHOWN,
    )
    markets = nodes(found["marketsOn"])
    in_words = formats.day(day, question.language)
    if not markets:
        return Answer("utter_no_market_on", {"day": in_words})
    lines = [_market_line(market, question.language) for market in markets]
    more = [line("line_more")] if found["marketsOn"]["pageInfo"]["hasNextPage"] else []
    return Answer(
        "utter_markets_on",
        {"day": in_words},
        [*lines, *more, line("line_check_market")],
        [map_link(market["place"]) for market in markets],
    )


def _market_line(market: dict[str, Any], language: str) -> Line:
    name = market["name"]["text"]
    if market["distance"] is not None:
        away = formats.distance(market["distance"], language)
        return line("line_place_distance", name=name, distance=away)
    if market["commune"]:
        return line("line_place", name=name, commune=market["commune"]["name"]["text"])
    return line("line_place_alone", name=name)
