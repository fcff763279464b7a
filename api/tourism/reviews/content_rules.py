"""What somebody may say in a review."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from api.kit.formats import VIETNAM_TIME
from api.tourism.reviews.errors import TooManyPhotos, WrongLanguage, WrongMonth, WrongStars
from api.tourism.reviews.records import STARS_AT_MOST, ReviewContent
from api.tourism.reviews.review_text import checked_words

TEXT_CHARACTERS_AT_MOST = 2_000
AUTHOR_CHARACTERS_AT_MOST = 60
PHOTOS_AT_MOST = 6
YEARS_BACK = 10
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_LANGUAGE = re.compile(
    r"([a-z]{2,3})(-[a-z]{4})?(-(?:[a-z]{2}|[0-9]{3}))?", re.IGNORECASE | re.ASCII
)


@dataclass(frozen=True, slots=True, repr=False)
class NewContent:
    """A review as somebody typed it."""

    stars: int
    text: str | None
    language: str
    visited_in: str
    photos: tuple[str, ...]
    author: str | None


def content_of(new: NewContent, number: int, now: datetime) -> ReviewContent:
    """Return the version `number` of a review. Raises InvalidReview."""
    if not 1 <= new.stars <= STARS_AT_MOST:
        raise WrongStars("rating", most=STARS_AT_MOST)
    return ReviewContent(
        number=number,
        stars=new.stars,
        text=checked_words(new.text, "text", TEXT_CHARACTERS_AT_MOST, with_lines=True),
        language=language_of(new.language),
        visited_in=_month_of(new.visited_in, now),
        photos=_photos_of(new.photos),
        author=checked_words(
            new.author, "displayName", AUTHOR_CHARACTERS_AT_MOST, with_lines=False
        ),
        written_at=now,
    )


def says_the_same(one: ReviewContent, other: ReviewContent) -> bool:
    return replace(one, number=other.number, written_at=other.written_at) == other


def language_of(tag: str) -> str:
    """Return a BCP 47 tag of language, script and region as it is written. Raises WrongLanguage.

    Any language: whoever reads German reads what somebody wrote in it.
    """
    found = _LANGUAGE.fullmatch(tag)
    if found is None:
        raise WrongLanguage("language")
    language, script, region = found.groups(default="")
    return f"{language.lower()}{script.title()}{region.upper()}"


def _month_of(stated: str, now: datetime) -> str:
    today = now.astimezone(VIETNAM_TIME)
    found = _MONTH.fullmatch(stated)
    oldest, newest = f"{today.year - YEARS_BACK:04}-{today:%m}", f"{today:%Y-%m}"
    if found is None or not oldest <= stated <= newest:
        raise WrongMonth("visitedOn", years=YEARS_BACK)
    return stated


def _photos_of(photos: Sequence[str]) -> tuple[str, ...]:
    if len(photos) > PHOTOS_AT_MOST or len({*photos}) < len(photos):
        raise TooManyPhotos("photos", most=PHOTOS_AT_MOST)
    return tuple(photos)
