"""Opening hours as schema.org says them, where both sides can: weekdays, and times of the clock.

OpenStreetMap's syntax says more (sunrise, holidays, months, "unknown"). What schema.org could not say
without a loss is left out there, rather than said wrongly.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from api.kit.json_values import is_list, is_object

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
_RULE = re.compile(
    rf"(?:(?P<days>{_DAY}(?:-{_DAY})?(?:,{_DAY}(?:-{_DAY})?)*) )?"
    rf"(?P<times>{_TIME}-(?:{_TIME}|24:00)(?:,{_TIME}-(?:{_TIME}|24:00))*)"
)
_SPAN = re.compile(rf"{_TIME}-{_TIME}")
_MOMENT = re.compile(rf"({_TIME})(?::00)?")
_ALWAYS = "24/7"
_LAST_MINUTE = "23:59"
"""Schema.org has no 24:00."""
_MIDNIGHT, _CLOSED = "00:00", "off"
_SPECIFICATIONS_AT_MOST = 100

Object = dict[str, Any]


def specifications_of(text: str) -> list[Object]:
    """Return OpeningHoursSpecification nodes that say the same, none when that cannot be."""
    if text == _ALWAYS:
        return [_specification(_NAMES, "00:00", _LAST_MINUTE)]
    found: list[Object] = []
    seen: set[str] = set()
    rules = text.split(";")
    for rule in rules:
        read = _RULE.fullmatch(rule.strip())
        days = [] if read is None else list(_days(read["days"]))
        if read is None or seen.intersection(days):
            return []  # a later rule would take the place of an earlier one
        seen.update(days)
        for span in read["times"].split(","):
            opens, closes = span.split("-")
            if opens == closes or (len(rules) > 1 and _passes_midnight(span)):
                return []  # a rule for the next day would end the night before it
            found.append(_specification(days, opens, closes))
    return found


def text_of(specifications: list[Any]) -> str | None:
    """Return OpeningHoursSpecification nodes in OpenStreetMap's syntax, None when that cannot be.

    A day from 00:00 to 00:00 is closed, as websites write it for search engines.
    """
    spans: dict[str, list[str]] = {}
    if len(specifications) > _SPECIFICATIONS_AT_MOST:
        return None
    for specification in specifications:
        said = specification if is_object(specification) else {}
        span, days = _span(said), _named_days(said.get("dayOfWeek"))
        if span is None or not days:
            return None
        for day in days:
            spans.setdefault(day, []).append(span)
    if any(_CLOSED in of_day and {*of_day} != {_CLOSED} for of_day in spans.values()):
        return None
    # A day that is not named is closed too, and naming it would end the night before.
    open_spans = {day: of_day for day, of_day in spans.items() if _CLOSED not in of_day}
    if spans and not open_spans:
        return f"{','.join(day for day in _DAYS if day in spans)} {_CLOSED}"
    if all(open_spans.get(day) == ["00:00-24:00"] for day in _DAYS):
        return _ALWAYS
    rules = (f"{days} {times}" for times, days in _grouped(open_spans).items())
    return _separator(chain(*open_spans.values())).join(rules) or None


def joined(texts: list[str]) -> str:
    """Return the texts of schema.org's `openingHours`, each of some days, as one."""
    return _separator([span for text in texts for span in _SPAN.findall(text)]).join(texts)


def _span(said: Object) -> str | None:
    """Return what a node says of a day, None when that is not understood."""
    opens, closes = _moment(said.get("opens")), _moment(said.get("closes"))
    is_seasonal = "validFrom" in said or "validThrough" in said
    if opens is None or closes is None or is_seasonal:
        return None
    if opens == closes:
        return _CLOSED if opens == _MIDNIGHT else None
    return f"{opens}-{'24:00' if closes == _LAST_MINUTE else closes}"


def _separator(spans: Iterable[str]) -> str:
    """Return what stands between rules: after a semicolon a rule would end the night before its day."""
    return ", " if any(map(_passes_midnight, spans)) else "; "


def _passes_midnight(span: str) -> bool:
    opens, closes = span.split("-")
    return _MIDNIGHT < closes < opens


def _grouped(spans: dict[str, list[str]]) -> dict[str, str]:
    """Return the days by their times, each group in the order of the week."""
    found: dict[str, list[str]] = {}
    for day in _DAYS:
        if day in spans:
            found.setdefault(",".join(sorted(spans[day])), []).append(day)
    return {times: ",".join(days) for times, days in found.items()}


def _days(text: str | None) -> Iterator[str]:
    """Yield the names of the days that a rule is about: of all when it names none."""
    if text is None:
        yield from _NAMES
        return
    for part in text.split(","):
        first, _, last = part.partition("-")
        start, end = _DAYS.index(first), _DAYS.index(last or first)
        yield from (_NAMES[day % 7] for day in range(start, end + (7 if end < start else 0) + 1))


def _named_days(said: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    names = said if is_list(said) else [said]
    short = [str(name).rsplit("/", 1)[-1] for name in names]
    is_known = all(name in _NAMES for name in short)
    return [_DAYS[_NAMES.index(name)] for name in dict.fromkeys(short)] if is_known else []


def _moment(said: Any) -> str | None:  # noqa: ANN401 - any JSON value
    found = _MOMENT.fullmatch(said) if isinstance(said, str) else None
    return found[1] if found else None


def _specification(days: Iterable[str], opens: str, closes: str) -> Object:
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": list(days),
        "opens": f"{opens}:00",
        "closes": f"{_LAST_MINUTE if closes == '24:00' else closes}:00",
    }
