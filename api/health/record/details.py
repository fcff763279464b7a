"""What a person notes in a health record, and how it may be written."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, auto

from api.health.record.errors import InvalidText, InvalidYear
from api.tourism.plain_text import plain

ALLERGIES_AT_MOST = 30
SUBSTANCE_CHARACTERS_AT_MOST = 100
REACTION_CHARACTERS_AT_MOST = 200
NOTES_CHARACTERS_AT_MOST = 2_000
_FIRST_YEAR = 1900


class BloodGroup(StrEnum):
    A = auto()
    B = auto()
    AB = auto()
    O = auto()  # noqa: E741 - the name of the group


class Rhesus(StrEnum):
    POSITIVE = auto()
    NEGATIVE = auto()


class AllergySeverity(StrEnum):
    """LIFE_THREATENING: the person could not breathe, or fainted."""

    UNKNOWN = auto()
    MILD = auto()
    SEVERE = auto()
    LIFE_THREATENING = auto()


@dataclass(frozen=True, slots=True, repr=False)
class Allergy:
    """`since`: a year."""

    id: str
    substance: str
    reaction: str | None
    severity: AllergySeverity
    since: int | None


@dataclass(frozen=True, slots=True, repr=False)
class HealthRecord:
    """Of `person_id`, or of somebody for whom that person acts. `updated_at`: None when nothing was noted yet."""

    person_id: str
    dependant_id: str | None
    blood_group: BloodGroup | None = None
    rhesus: Rhesus | None = None
    notes: str | None = None
    allergies: tuple[Allergy, ...] = ()
    updated_at: datetime | None = None


def text_of(typed: str, field: str, most: int, *, with_lines: bool = False) -> str:
    """Return a text as it is kept. Raises InvalidText when it is empty, too long, or not plain."""
    composed = unicodedata.normalize("NFC", typed.strip())
    try:
        text = plain(composed, with_lines=with_lines)
    except ValueError as error:
        raise InvalidText(field, most) from error
    if not 0 < len(text) <= most:
        raise InvalidText(field, most)
    return text


def optional_text_of(
    typed: str | None, field: str, most: int, *, with_lines: bool = False
) -> str | None:
    """Return the same, None for nothing or mere spaces."""
    if typed is None or not typed.strip():
        return None
    return text_of(typed, field, most, with_lines=with_lines)


def year_of(typed: int | None, today: date) -> int | None:
    """Return a year that has begun. Raises InvalidYear."""
    if typed is not None and not _FIRST_YEAR <= typed <= today.year:
        raise InvalidYear
    return typed
