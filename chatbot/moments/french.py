"""Days and hours in French."""

from __future__ import annotations

import re
from functools import lru_cache

from moments import clock, days
from moments.moment import Clock, Context, Meaning, Read, Rule
from moments.numerals import in_table
from moments.patterns import is_behind, key_of, keyed, latin, one_of
from moments.reading import (
    ahead,
    coming_tet,
    date_words,
    each_lunar_year,
    each_year,
    easter,
    hour_of,
    in_minutes,
    in_units,
    months,
    next_units,
    part,
    time_words,
    weekends,
    weeks,
    years,
)

_WEEKDAYS = {
    "lundi": 0, "mardi": 1, "mercredi": 2, "jeudi": 3, "vendredi": 4, "samedi": 5, "dimanche": 6,
}  # fmt: skip
_MONTH_WORDS = {
    "janvier": 1, "février": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6, "juillet": 7, "août": 8, "septembre": 9,
    "octobre": 10, "novembre": 11, "décembre": 12, "janv": 1, "févr": 2, "juil": 7, "sept": 9, "oct": 10, "nov": 11,
    "déc": 12,
}  # fmt: skip
_MONTHS = keyed(_MONTH_WORDS)
_OTHER_WORDS = {"mars", "mai", "sept", "oct", "nov"}
"""Names of months that mean something else, too: the planet, tomorrow in Vietnamese, seven."""
_NUMBERS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
    "dix": 10, "onze": 11, "douze": 12, "quinze": 15, "vingt": 20, "trente": 30,
}  # fmt: skip
_UNITS = {"jour": "day", "jours": "day", "semaine": "week", "semaines": "week", "mois": "month"}
_PARTS = {
    "matin": "am",
    "apres-midi": "afternoon",
    "apres midi": "afternoon",
    "soir": "evening",
    "nuit": "night",
}
_LASTS = latin(
    "pendant|durant|en|fait|il y a|depuis|toutes les|faut|sous|dure|encore|carte|pass|sa pa|sapa|chaque|ouvert|moins de|plus de"
)
_GREETINGS = latin("bon|bonne")


def _weekday(found: re.Match[str], context: Context) -> Meaning:
    weekday, when = _WEEKDAYS[found["day"]], key_of(found["when"] or "")
    if when == "dernier":
        return days.last_weekday(context.today, weekday)
    if when.endswith("semaine prochaine"):
        return days.weekday_of_week(context.today, weekday, 1)
    if when == "en huit":
        return days.weekday_of_week(context.today, weekday, 1)
    return days.coming_weekday(context.today, weekday, also_today=when != "prochain")


def _count(found: re.Match[str]) -> int:
    return in_table(_NUMBERS, found["count"])


def _counted(found: re.Match[str], context: Context) -> Meaning | None:
    return in_units(context, _count(found), _UNITS[found["unit"]])


def _ago(found: re.Match[str], context: Context) -> Meaning | None:
    return in_units(context, -_count(found), _UNITS[found["unit"]])


def _next_ones(found: re.Match[str], context: Context) -> Meaning | None:
    return next_units(context, _count(found), _UNITS[found["unit"]])


def _day_in(found: re.Match[str]) -> int:
    return in_table({"premier": 1, "1er": 1}, found["number"])


def _day(found: re.Match[str], context: Context) -> Meaning | None:
    return days.day_of_month(context.today, _day_in(found))


def _day_of_next_month(found: re.Match[str], context: Context) -> Meaning | None:
    return days.day_of_other_month(context.today, _day_in(found), 1)


def _day_and_month(found: re.Match[str], context: Context) -> Meaning | None:
    year = int(found["year"]) if found["year"] else None
    return days.written_day(context.today, _day_in(found), _MONTHS[key_of(found["month"])], year)


def _range(found: re.Match[str], context: Context) -> Meaning | None:
    first = in_table({"1er": 1}, found["first"])
    return days.days_of_month(context.today, first, _day_in(found), _MONTHS[key_of(found["month"])])


def _month(found: re.Match[str], context: Context) -> Meaning | None:
    year = int(found["year"]) if found["year"] else None
    return days.coming_month(context.today, _MONTHS[key_of(found["month"])], year)


def _lunar(found: re.Match[str], context: Context) -> Meaning | None:
    number = {"premier": 1, "huitieme": 8, "septieme": 7, "troisieme": 3}[key_of(found["month"])]
    return days.lunar_day(context.today, _day_in(found), number)


def _hour(found: re.Match[str], _: Context) -> Clock | None:
    """Read an hour, unless it is how long something takes: "en 2 heures"."""
    name = _PARTS.get(key_of(found["part"] or ""))
    if name is None and is_behind(found, _LASTS):
        return None
    hour = in_table(_NUMBERS, found["hour"])
    if found["less"]:
        return clock.before(
            hour, 15 if "quart" in found["less"] else in_table(_NUMBERS, found["less"]), name
        )
    said = key_of(found["minute"] or "0")
    minute = {"demie": 30, "demi": 30, "quart": 15}.get(said) or in_table(_NUMBERS, said)
    return clock.clock(hour, minute, name)


def _hours_ahead(found: re.Match[str], context: Context) -> Clock | None:
    return in_minutes(context, _count(found) * (60 if found["unit"].startswith("h") else 1))


def _part(found: re.Match[str], _: Context) -> Clock | None:
    if is_behind(found, _GREETINGS):
        return None
    name = _PARTS[
        {"matinee": "matin", "soiree": "soir"}.get(key_of(found["part"]), key_of(found["part"]))
    ]
    return Clock("morning" if name == "am" else name)


_DATES: dict[str, Read] = {
    r"aujourd'?hui|auj|ajd": ahead(0),
    r"ce (?:matin|soir|midi)|cet(?:te)? après[- ]midi|cette nuit": ahead(0),
    r"demain": ahead(1),
    r"(?:après|apres)[- ]demain": ahead(2),
    r"hier": ahead(-1),
    r"avant[- ]hier": ahead(-2),
    r"week-?end": weekends(0),
    r"week-?end prochain": weekends(1),
    r"week-?end dernier": weekends(-1),
    r"cette semaine": weeks(0),
    r"semaine prochaine": weeks(1),
    r"semaine dernière": weeks(-1),
    r"ce mois(?:[- ]ci)?": months(0),
    r"mois prochain": months(1),
    r"mois dernier": months(-1),
    r"cette année": years(0),
    r"(?:année prochaine|an prochain)": years(1),
    r"(?:année dernière|an dernier)": years(-1),
    r"(?:(?:fête|fêtes) du )?têt|tết|nouvel an (?:lunaire|vietnamien|chinois)": coming_tet,
    r"noël": each_year(12, 25),
    r"(?:veille|réveillon) de noël": each_year(12, 24),
    r"(?:jour de l'an|nouvel an)": each_year(1, 1),
    r"(?:réveillon|saint-sylvestre|saint sylvestre)": each_year(12, 31),
    r"fête du travail": each_year(5, 1),
    r"fête nationale(?: (?:du vietnam|vietnamienne))?": each_year(9, 2),
    r"(?:14 juillet|fête nationale française)": each_year(7, 14),
    r"toussaint": each_year(11, 1),
    r"saint[- ]valentin": each_year(2, 14),
    r"pâques": easter,
    r"(?:fête de la )?mi-automne": each_lunar_year(8, 15),
}
_TIMES: dict[str, Read] = {
    r"ce matin": part("morning"),
    r"ce midi": part("noon"),
    r"cet(?:te)? après[- ]midi": part("afternoon"),
    r"ce soir": part("evening"),
    r"cette nuit": part("night"),
    r"aube|petit matin|tôt le matin": part("early"),
    r"midi": hour_of(12),
    r"midi et demie?": hour_of(12, 30),
    r"minuit": hour_of(0),
}


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    return (*date_words(_DATES), *time_words(_TIMES), *_date_rules(), *_time_rules())


def _date_rules() -> tuple[Rule, ...]:
    weekday, month = one_of(_WEEKDAYS), rf"(?P<month>{one_of(_MONTH_WORDS)})\.?"
    number = r"(?P<number>1er|premier|\d{1,2})"
    year, count = r"(?: (?P<year>20\d\d))?", rf"(?P<count>\d{{1,3}}|{one_of(_NUMBERS)})"
    unit = "(?P<unit>jours?|semaines?|mois)"
    safe_month = one_of(name for name in _MONTH_WORDS if name not in _OTHER_WORDS)
    behind = r"(?= ?(?:$|[,.;?!)]|à|au|vers|le matin|matin|après-midi|soir|prochain|s'il|svp|pour|est|et|ou))"
    return date_words(
        {
            rf"(?P<day>{weekday})s?(?: (?P<when>prochain|dernier|en huit|de la semaine prochaine|semaine prochaine))?": _weekday,
            rf"dans {count} {unit}": _counted,
            rf"il y a {count} {unit}(?! (?:de|où))": _ago,
            rf"{count} prochaine?s {unit}": _next_ones,
            rf"prochaine?s {count} {unit}": _next_ones,
            rf"le (?P<span>(?P<number>1er|\d{{1,2}})){behind}": _day,
            r"(?P<number>1er|\d{1,2}) du mois prochain": _day_of_next_month,
            rf"{number} {month}{year}": _day_and_month,
            rf"(?P<first>1er|\d{{1,2}}) ?(?:-|au|à) ?{number} {month}": _range,
            rf"(?P<month>{safe_month}){year}": _month,
            rf"(?:en|début|fin|mi|mois de|courant|depuis|jusqu'en|mi-) ?(?P<span>(?P<month>mars|mai){year})": _month,
            rf"{number}e? jour du (?P<month>premier|huitième|septième|troisième) mois lunaire": _lunar,
        }
    )


def _time_rules() -> tuple[Rule, ...]:
    numbers = one_of(_NUMBERS)
    part_after = r"(?: (?:du |de l'|de la |le )?(?P<part>matin|après[- ]midi|soir|nuit))?"
    less = rf"moins (?P<less>le quart|un quart|quart|{numbers}|\d{{1,2}})"
    no_length = r"(?! (?:de (?:marche|route|trajet|rando\w*|voiture|bus|train|vol)|à pied|plus tard|par jour))"
    hour = rf"(?P<hour>\d{{1,2}}|{numbers}) ?(?:heures?|h)(?![a-z])"
    return time_words(
        {
            rf"{hour}(?: (?:et )?{less}| (?:et )?(?P<minute>demie?|quart|{numbers}|\d\d))?{part_after}{no_length}": _hour,
            rf"(?P<hour>\d{{1,2}}) ?h ?(?P<minute>\d\d)(?P<less>(?!))?{part_after}{no_length}": _hour,
            rf"dans (?P<count>\d{{1,3}}|{numbers}) (?P<unit>heures?|h|minutes?|min)": _hours_ahead,
            r"(?P<part>matin|matinée|après[- ]midi|soir|soirée)s?": _part,
            r"(?:dans la|demain|\w+di) (?P<span>(?P<part>nuit))(?! (?:dernière|à l'hôtel))": _part,
        }
    )
