"""Moments of the API, and how long ago something was observed."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel import Locale
from babel.dates import format_timedelta

from dialogue.formats import VIETNAM


def moment_of(text: str) -> datetime:
    """Return a DateTime of the API on Vietnam's clocks; Python 3.10 does not read a Z."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(VIETNAM)


def ago(seconds: float, language: str) -> str:
    """Return "12 minutes ago" in the reader's words; less than a minute counts as one."""
    past = timedelta(seconds=max(60.0, seconds))
    locale = Locale.parse(language, sep="-")
    return format_timedelta(-past, granularity="minute", add_direction=True, locale=locale)
