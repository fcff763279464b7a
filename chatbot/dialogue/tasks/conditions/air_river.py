"""What the stations near a place say: weather, river, air, and car parks; what is too old is not known."""

from __future__ import annotations

from collections.abc import Sequence

from babel import Locale
from babel.numbers import format_decimal
from typing_extensions import override

from dialogue import formats
from dialogue.moments import ago
from dialogue.province import Answer, Asked
from dialogue.saying import Line, Say, Step, content, line
from dialogue.task import Answering
from dialogue.tasks.places import whereabouts

_MEASURED = {
    "TEMPERATURE": "line_temperature",
    "RAINFALL": "line_rainfall",
    "HUMIDITY": "line_humidity",
    "WIND_SPEED": "line_wind",
    "WATER_LEVEL": "line_water_level",
    "WATER_FLOW": "line_water_flow",
    "AIR_QUALITY_INDEX": "line_air_index",
    "PM25": "line_pm25",
    "PM10": "line_pm10",
}
"""Each in the unit that the API keeps it in, which the phrase names."""
_ALARMS = ("line_alarm_1", "line_alarm_2", "line_alarm_3")
_CAR_PARKS = 3


class TellConditions(Answering):
    intent = "air_river"
    title = "title_air_river"
    unreachable = Say("utter_conditions_unreachable")

    @override
    async def answers(self, asked: Asked) -> Sequence[Say]:
        where = await whereabouts.of(asked)
        if where is None:
            return [Say("utter_conditions_where", steps=[Step.SHARE_POSITION])]
        found = (await asked.ask("conditions/Conditions", near=where.position))["conditions"]
        lines = [
            *_weather(found["weather"], asked.language),
            *_river(found["river"], asked.language),
            *_air(found["air"], asked.language),
            *_parking(found["parking"], asked.language),
        ]
        if where.name:
            return [Say("utter_conditions_at_place", {"place": where.name}, lines)]
        return [Say("utter_conditions_here", lines=lines)]


def _weather(near: Answer | None, language: str) -> list[Line]:
    if near is None:
        return [line("line_no_weather_station")]
    return [_station("line_weather_station", near, language), *_readings(near, language)]


def _river(river: Answer | None, language: str) -> list[Line]:
    if river is None:
        return [line("line_no_river_station")]
    near = river["near"]
    head = _station("line_river_station", near, language)
    levels = near["station"]["alarmLevels"]
    if not levels:
        return [head, *_readings(near, language), line("line_no_alarm_levels")]
    alarms = [
        line(phrase, metres=_decimal(metres, language))
        for phrase, metres in zip(_ALARMS, levels, strict=False)
    ]
    return [head, *_words(river, "alarm"), *_readings(near, language), *alarms]


def _air(air: Answer | None, language: str) -> list[Line]:
    if air is None:
        return [line("line_no_air_station")]
    head = _station("line_air_station", air["near"], language)
    return [head, *_words(air, "band"), *_readings(air["near"], language)]


def _words(condition: Answer, state: str) -> list[Line]:
    """Return what a state means in words; without a state its readings say that it is not known."""
    return [content(condition["words"])] if condition[state] else []


def _station(phrase: str, near: Answer, language: str) -> Line:
    station = near["station"]
    return line(
        phrase,
        name=station["name"]["text"],
        distance=formats.distance(near["distance"], language),
        source=station["source"],
    )


def _readings(near: Answer, language: str) -> list[Line]:
    told = [one for one in near["readings"] if one["measure"] in _MEASURED]
    known = [
        line(
            _MEASURED[one["measure"]],
            value=_decimal(one["value"], language),
            age=ago(one["age"], language),
        )
        for one in told
        if one["state"] == "KNOWN"
    ]
    if known:
        return known
    return [_not_known(told, language)]


def _not_known(told: list[Answer], language: str) -> Line:
    """Return a line for values that say nothing about now, so that nobody takes them for how things are."""
    if not told:
        return line("line_never_measured")
    youngest = min(one["age"] for one in told)
    return line("line_stale", age=ago(youngest, language))


def _parking(parks: list[Answer], language: str) -> list[Line]:
    if not parks:
        return [line("line_no_car_park")]
    return [_car_park(park, language) for park in parks[:_CAR_PARKS]]


def _car_park(park: Answer, language: str) -> Line:
    station = park["station"]
    fields = {
        "name": station["name"]["text"],
        "distance": formats.distance(park["distance"], language),
        "source": station["source"],
    }
    free = next((one for one in park["readings"] if one["measure"] == "FREE_SPACES"), None)
    if free is None or free["state"] != "KNOWN":
        return line("line_car_park_unknown", **fields)
    fields |= {
        "free": formats.number(free["value"], language),
        "age": ago(free["age"], language),
    }
    if station["spaces"] is None:
        return line("line_car_park_free", **fields)
    return line("line_car_park_of", **fields, spaces=formats.number(station["spaces"], language))


def _decimal(value: float, language: str) -> str:
    return format_decimal(round(value, 2), locale=Locale.parse(language, sep="-"))
