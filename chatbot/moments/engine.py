"""Tries every table on a message and keeps the longest of what overlaps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from moments import chinese, english, french, japanese, korean, mai, numeric, vietnamese
from moments.moment import Candidate, Context, Moment, Rule
from moments.settling import settle
from moments.written import Written, as_written, without_other_numbers

_TABLES: dict[str, Callable[[], tuple[Rule, ...]]] = {
    "vi": vietnamese.rules,
    "en": english.rules,
    "zh": chinese.rules,
    "fr": french.rules,
    "ko": korean.rules,
    "ja": japanese.rules,
}
_SCRIPTS = {
    "zh": re.compile("[\u3400-\u9fff]"),
    "ja": re.compile("[\u3040-\u30ff\u3400-\u9fff]"),
    "ko": re.compile("[\uac00-\ud7a3]"),
}
_KANA = re.compile("[\u3040-\u30fa]")
_MONTH_FIRST = frozenset({"zh", "ja", "ko"})


def find_moments(text: str, now: datetime, languages: Sequence[str] | None = None) -> list[Moment]:
    """Return the days and hours in the first 1,000 characters of `text`, in order of place.

    `now` is the time in Viet Nam. `languages` ("vi", "en", "zh", "fr", "ko", "ja", also "zh-Hans") are the
    tables to be tried, None for all: a message may mix them.
    """
    written = without_other_numbers(as_written(text))
    tried = _tried(written.lower, languages)
    context = Context(now, _is_month_first(tried, languages), written.cased)
    found = [one for rule in _rules(tried) for one in _matches(rule, written, context)]
    settled = settle(_longest(found), written.lower)
    return [Moment(one.kind, *written.place(one.start, one.end), value) for one, value in settled]


def _tried(text: str, languages: Sequence[str] | None) -> tuple[str, ...]:
    asked = {language[:2] for language in languages} if languages else set(_TABLES)
    # Han with kana is Japanese: its 今日 and 明日 would be right in Chinese too, 来月 would not.
    if _KANA.search(text) and not languages:
        asked.discard("zh")
    return tuple(
        language
        for language in _TABLES
        if language in asked and (language not in _SCRIPTS or _SCRIPTS[language].search(text))
    )


def _is_month_first(tried: tuple[str, ...], languages: Sequence[str] | None) -> bool:
    """East Asia writes the month first; without their script in the message only who says so is believed."""
    if languages and len(languages) == 1:
        return languages[0][:2] in _MONTH_FIRST
    return not _MONTH_FIRST.isdisjoint(tried)


@lru_cache(maxsize=64)
def _rules(languages: tuple[str, ...]) -> tuple[Rule, ...]:
    tables = [_TABLES[language]() for language in languages]
    return tuple(rule for table in (numeric.rules(), *tables) for rule in table)


def _matches(rule: Rule, written: Written, context: Context) -> Iterator[Candidate]:
    start = 0
    while found := rule.pattern.search(written.lower, start):
        meaning = rule.read(found, context)
        span = found.span("span") if "span" in rule.pattern.groupindex else found.span()
        # What is not read may hide something shorter that is: "2/3 chiều mai".
        start = found.start() + 1 if meaning is None else max(found.end(), found.start() + 1)
        if meaning is not None and not mai.is_in_a_name(written, *span):
            yield Candidate(rule.kind, *span, meaning, found.end() - found.start())


def _longest(found: list[Candidate]) -> list[Candidate]:
    ranked = sorted(found, key=lambda one: (one.start - one.end, -one.extent))
    kept: list[Candidate] = []
    for candidate in ranked:
        if all(candidate.stands_with(other) for other in kept):
            kept.append(candidate)
    return sorted(kept, key=lambda one: (one.start, one.kind))
