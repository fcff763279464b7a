"""Names, birth dates and needs of people: as they are typed, and as they may be kept."""

import unicodedata
from datetime import date
from enum import StrEnum, auto

from api.accounts.people.errors import InvalidBirthDate, InvalidName

NAME_CHARACTERS_AT_MOST = 100
AGE_AT_MOST = 120
OF_AGE = 18
"""Years at which somebody acts alone (Civil Code 2015, article 20)."""

_UNFIT_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Sc", "Sm", "So", "Zl", "Zp"})


class AccessibilityNeed(StrEnum):
    """What staff should be ready for."""

    WHEELCHAIR = auto()
    LIMITED_WALKING = auto()
    LOW_VISION = auto()
    BLIND = auto()
    HARD_OF_HEARING = auto()
    DEAF = auto()
    SIGN_LANGUAGE = auto()
    EASY_LANGUAGE = auto()
    COMPANION = auto()
    GUIDE_DOG = auto()


Needs = frozenset[AccessibilityNeed]


def name_of(typed: str) -> str:
    """Return a name composed (NFC) and with single spaces. Raises InvalidName.

    What does not show, or turns the text around it (U+202E and its like), is refused: a clerk must
    see what is there.
    """
    composed = unicodedata.normalize("NFC", typed.strip())
    name = " ".join(composed.split())
    has_letter = any(character.isalpha() for character in name)
    if not has_letter or len(name) > NAME_CHARACTERS_AT_MOST or not all(map(_is_fit, composed)):
        raise InvalidName(most=NAME_CHARACTERS_AT_MOST)
    return name


def birth_date_of(stated: date, today: date) -> date:
    """Return a birth date that somebody alive may have. Raises InvalidBirthDate."""
    if stated > today or age_on(today, stated) > AGE_AT_MOST:
        raise InvalidBirthDate(most=AGE_AT_MOST)
    return stated


def age_on(day: date, born_on: date) -> int:
    """Return the whole years that somebody has lived; who was born on 29 February has to wait."""
    has_passed = (day.month, day.day) >= (born_on.month, born_on.day)
    return day.year - born_on.year - (not has_passed)


def is_of_age(born_on: date, today: date) -> bool:
    return age_on(today, born_on) >= OF_AGE


def _is_fit(character: str) -> bool:
    return unicodedata.category(character) not in _UNFIT_CATEGORIES
