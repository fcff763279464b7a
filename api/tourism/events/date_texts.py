"""When an event is, in words for a reader."""

from collections.abc import Callable

from api.kit.formats import date_text, day_of_year_text, weekday_text
from api.tourism.events.labels import (
    BRANCH_LABELS,
    DAY_ABOUT,
    DAYS_ABOUT,
    DAYS_CERTAIN,
    RULE_ANIMAL,
    RULE_LUNAR,
    RULE_LUNAR_DAYS,
    RULE_WEEKLY,
    RULE_WEEKLY_IN_SEASON,
    RULE_YEARLY,
)
from api.tourism.events.records import Occurrence
from api.tourism.events.rules import (
    DayOfYear,
    EveryLunarYear,
    EveryWeek,
    EveryYear,
    OnAnimalDay,
    OnDates,
    Rule,
)
from api.tourism.records import WEEK

Translate = Callable[[str], str]


def rule_text(rule: Rule, translate: Translate, language: str) -> str | None:
    """Return how an event comes round; None for one on single dates."""
    match rule:
        case EveryLunarYear():
            told = RULE_LUNAR if rule.days == 1 else RULE_LUNAR_DAYS
            return translate(told).format(day=rule.day, month=rule.month)
        case OnAnimalDay():
            animal = translate(BRANCH_LABELS[rule.branch])
            return translate(RULE_ANIMAL).format(animal=animal, month=rule.month)
        case EveryYear():
            day = day_of_year_text(rule.month, rule.day, language)
            return translate(RULE_YEARLY).format(date=day)
        case EveryWeek():
            return _weekly_text(rule, translate, language)
        case OnDates():
            return None


def days_text(occurrence: Occurrence, translate: Translate, language: str) -> str:
    """Return the days, with a word on whether they are certain."""
    days, is_certain = occurrence.days, occurrence.is_confirmed
    first, last = date_text(days.first, language), date_text(days.last, language)
    if days.first == days.last:
        return first if is_certain else translate(DAY_ABOUT).format(date=first)
    return translate(DAYS_CERTAIN if is_certain else DAYS_ABOUT).format(first=first, last=last)


def _weekly_text(rule: EveryWeek, translate: Translate, language: str) -> str:
    named = (weekday_text(WEEK.index(day), language) for day in rule.weekdays)
    weekdays = ", ".join(named)
    if rule.season is None:
        return translate(RULE_WEEKLY).format(weekdays=weekdays)
    first, last = (_season_text(day, language) for day in (rule.season.first, rule.season.last))
    return translate(RULE_WEEKLY_IN_SEASON).format(first=first, last=last, weekdays=weekdays)


def _season_text(day: DayOfYear, language: str) -> str:
    return day_of_year_text(day.month, day.day, language)
