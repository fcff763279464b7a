"""Which market meets when, and when a market meets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from typing_extensions import override

from dialogue import formats
from dialogue.province import Answer, Asked, nodes
from dialogue.saying import Line, Say, Shown, line
from dialogue.task import Answering
from dialogue.tasks.places import whereabouts
from dialogue.tasks.places.days import all_days, next_of
from dialogue.tasks.places.find_nearby import WITHIN_METRES
from dialogue.tasks.places.sights import distance_line, name_line, showing
from dialogue.tasks.places.whereabouts import Whereabouts, place_of
from dialogue.tasks.telltale_words import holds, says_there

_SHOWN = 6
_DAYS_AT_MOST = 3
_DAYS_ANSWERED = 14
"""Of longer times, such as this year, a yes tells nothing."""

_WHICH = re.compile(
    r"\b(?:which|what|any|other) (?:other )?markets?\b|\bchợ (?:nào|gì|khác)\b|\bnhững chợ\b|\bquels? (?:autres? )?marchés?\b|\bautres? marchés?\b"
    r"|(?:哪些|哪个|哪里|什么|其他|别的)(?:地方)?(?:有)?(?:的)?(?:集市|市场|集)|(?:어떤|무슨|어느|다른) ?(?:시장|장)|(?:どの|どんな|他の|ほかの)市場|市場はどこ"
)
_WHICH_UNMARKED = re.compile(r"\bcho (?:nao|gi|khac)\b|\bnhung cho\b|\bquels? marches?\b")


class TellMarketDays(Answering):
    intent = "market_day"
    title = "title_market_day"

    @override
    async def answers(self, asked: Asked) -> Sequence[Say]:
        where = await _around(asked)
        named, today = all_days(asked.turn.values("date")), asked.turn.now.date()
        coming = [day for day in named if day >= today]
        over = [_over(named[-1], asked.language)] if named and not coming else []
        if where and where.name and (place := await _market_at(asked, where)):
            told = _of_market(place["markets"][0], coming, asked)
            return [*over, replace(told, shows=(Shown("place", place["id"]),))]
        days = coming or ([] if over else [today])
        answers = [await _markets_on(asked, day, where) for day in days[:_DAYS_AT_MOST]]
        if len(days) > _DAYS_AT_MOST:
            answers.append(Say("utter_first_days_only"))
        if where and where.place_id:
            return [Say("utter_market_unknown", {"place": where.name or ""}), *over, *answers]
        return [*over, *answers]


async def _around(asked: Asked) -> Whereabouts | None:
    """Return where markets are asked for; who asks which there are does not mean the one told of before."""
    if holds(asked.turn.text, _WHICH, _WHICH_UNMARKED) and not says_there(asked.turn.text):
        here = asked.turn.position
        return await whereabouts.named_in(asked) or (Whereabouts(here) if here else None)
    return await whereabouts.of(asked)


def _over(day: date, language: str) -> Say:
    return Say("utter_day_is_past", {"day": formats.day(day, language)})


def _of_market(market: Answer, days: Sequence[date], asked: Asked) -> Say:
    """Return a yes or a no for the days that were named, else when the market meets."""
    told = _days_of(market, asked)
    if not 0 < len(days) <= _DAYS_ANSWERED:
        return told
    language, name = asked.language, market["name"]["text"]
    meeting = [day for day in days if formats.WEEKDAYS[day.weekday()] in market["weekdays"]]
    if meeting:
        fields = {"market": name, "day": formats.day(meeting[0], language)}
        return Say("utter_market_yes", fields, [line("line_check_market")])
    known = [line(told.phrase, **told.fields), *told.lines]
    if len(days) == 1:
        return Say(
            "utter_market_no", {"market": name, "day": formats.day(days[0], language)}, known
        )
    first, last = formats.day(days[0], language), formats.day(days[-1], language)
    return Say("utter_market_no_range", {"market": name, "first": first, "last": last}, known)


async def _market_at(asked: Asked, where: Whereabouts) -> Answer | None:
    """Return the place of the market that `where` is, or that stands in the commune it names."""
    place_id = where.place_id or await _market_place(asked, where)
    place = await place_of(asked, place_id) if place_id else None
    return place if place and place["markets"] else None


async def _market_place(asked: Asked, where: Whereabouts) -> str | None:
    found = await asked.ask(
        "tourism/Places",
        near=where.position,
        within=WITHIN_METRES,
        categories=["MARKET"],
        search=asked.turn.name("commune") or where.name,
        first=1,
    )
    return next((place["id"] for place in nodes(found["places"])), None)


def _days_of(market: Answer, asked: Asked) -> Say:
    weekdays, name = market["weekdays"], market["name"]["text"]
    if formats.is_daily(weekdays):
        return Say("utter_market_daily", {"market": name})
    fields = {
        "market": name,
        "days": formats.weekdays(weekdays, asked.language),
        "day": formats.day(next_of(weekdays, asked.turn.now.date()), asked.language),
    }
    return Say("utter_market_days", fields, [line("line_check_market")])


async def _markets_on(asked: Asked, day: date, where: Whereabouts | None) -> Say:
    found = await asked.ask(
        "tourism/MarketsOn",
        date=day.isoformat(),
        near=where.position if where else None,
        first=_SHOWN,
    )
    markets = nodes(found["marketsOn"])
    in_words = formats.day(day, asked.language)
    if not markets:
        return Say("utter_no_market_on", {"day": in_words})
    lines = [_market_line(market, asked.language) for market in markets]
    more = [line("line_more")] if found["marketsOn"]["pageInfo"]["hasNextPage"] else []
    return showing(
        "utter_markets_on",
        {"day": in_words},
        [*lines, *more, line("line_check_market")],
        [market["place"] for market in markets],
    )


def _market_line(market: Answer, language: str) -> Line:
    if market["distance"] is not None:
        return distance_line(market, language)
    return name_line(market)
