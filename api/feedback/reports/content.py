"""What somebody may report, checked before anything is written."""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from api.feedback.categories.category import Category, FieldKind, FormField
from api.feedback.reports.errors import (
    InvalidAccuracy,
    InvalidCaptureTime,
    InvalidField,
    InvalidLanguage,
    InvalidText,
)
from api.feedback.reports.records import ReportContent, Visibility
from api.kit.geo import Position
from api.tourism.plain_text import NotPlain, plain

TEXT_CHARACTERS_AT_MOST = 2_000
NAME_CHARACTERS_AT_MOST = 60
ANSWER_CHARACTERS_AT_MOST = 200
ACCURACY_METRES_AT_MOST = 10_000
OLDEST = timedelta(days=30)
AHEAD = timedelta(minutes=5)
"""Clocks of phones are wrong by so much."""
_NUMBER_AT_MOST = 10**12
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
_YES_NO = ("yes", "no")
_FORMAT = "Cf"


@dataclass(frozen=True, slots=True, repr=False)
class NewReport:
    """A report as it was typed. `answers`: pairs of a form field's code and the answer."""

    category: str
    position: Position
    accuracy_metres: float
    captured_at: datetime
    text: str
    photos: tuple[str, ...]
    visibility: Visibility
    language: str
    display_name: str | None
    answers: tuple[tuple[str, str], ...]

    def asked(self) -> dict[str, object]:
        """Return what makes two requests the same."""
        return {
            "category": self.category,
            "position": [self.position.latitude, self.position.longitude],
            "accuracy": self.accuracy_metres,
            "captured": self.captured_at.isoformat(),
            "text": self.text,
            "photos": list(self.photos),
            "visibility": self.visibility.value,
            "language": self.language,
            "name": self.display_name,
            "answers": [list(one) for one in self.answers],
        }


def content_of(new: NewReport, category: Category, now: datetime) -> ReportContent:
    """Return what is kept of it.

    Raises InvalidAccuracy, InvalidCaptureTime, InvalidText, InvalidLanguage and InvalidField.
    """
    if not 0 <= new.accuracy_metres <= ACCURACY_METRES_AT_MOST:
        raise InvalidAccuracy(most=ACCURACY_METRES_AT_MOST)
    name = new.display_name if new.visibility is Visibility.PUBLIC else None
    return ReportContent(
        position=new.position,
        accuracy_metres=new.accuracy_metres,
        captured_at=_captured(new.captured_at, now),
        text=words_of(new.text, "text", TEXT_CHARACTERS_AT_MOST),
        language=language_of(new.language),
        display_name=_line(name, "displayName", NAME_CHARACTERS_AT_MOST) if name else None,
        answers=answers_of(new.answers, category.fields),
    )


def words_of(text: str, field: str, most: int) -> str:
    """Return a text of several lines, trimmed. Raises InvalidText."""
    return _checked(text, field, most, with_lines=True)


def language_of(tag: str) -> str:
    """Return a BCP 47 tag, of any language. Raises InvalidLanguage."""
    if _LANGUAGE.fullmatch(tag) is None:
        raise InvalidLanguage
    return tag


def answers_of(given: Sequence[tuple[str, str]], fields: Sequence[FormField]) -> Mapping[str, str]:
    """Return the answers by field, in the order of the form. Raises InvalidField."""
    answers = dict(given)
    known = {field.code: field for field in fields}
    if len(answers) < len(given):
        raise InvalidField(name=given[0][0][:ANSWER_CHARACTERS_AT_MOST])
    if unknown := answers.keys() - known.keys():
        raise InvalidField(name=min(unknown)[:ANSWER_CHARACTERS_AT_MOST])
    for field in fields:
        if field.is_required and field.code not in answers:
            raise InvalidField(name=field.code)
    return {code: _answer(known[code], answers[code]) for code in known if code in answers}


def _answer(field: FormField, given: str) -> str:
    is_sound = True
    if field.kind is FieldKind.CHOICE:
        is_sound = given in {choice.code for choice in field.choices}
    elif field.kind is FieldKind.YES_NO:
        is_sound = given in _YES_NO
    elif field.kind is FieldKind.NUMBER:
        is_sound = _is_number(given)
    if not is_sound:
        raise InvalidField(name=field.code)
    return _line(given, "fields", ANSWER_CHARACTERS_AT_MOST)


def _is_number(given: str) -> bool:
    try:
        number = float(given) if given.isascii() else math.nan
    except ValueError:
        return False
    return 0 <= number <= _NUMBER_AT_MOST


def _captured(moment: datetime, now: datetime) -> datetime:
    is_sound = moment.tzinfo is not None and now - OLDEST <= moment <= now + AHEAD
    if not is_sound:
        raise InvalidCaptureTime(days=OLDEST.days)
    cut = moment.astimezone(UTC)
    return cut.replace(microsecond=cut.microsecond // 1000 * 1000)


def _line(text: str, field: str, most: int) -> str:
    return _checked(text, field, most, with_lines=False)


def _without_invisible(text: str) -> str:
    """Return the text without what keyboards and other apps leave in it: joiners of emoji, marks of direction, tabs."""
    return "".join(one for one in text.replace("\t", " ") if unicodedata.category(one) != _FORMAT)


def _checked(text: str, field: str, most: int, *, with_lines: bool) -> str:
    try:
        checked = plain(_without_invisible(text), with_lines=with_lines)
    except NotPlain as error:
        raise InvalidText(field, most) from error
    if len(checked) > most:
        raise InvalidText(field, most)
    return checked
