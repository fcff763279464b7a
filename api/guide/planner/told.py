"""Something that a reader is told: a whole sentence, a msgid with named fields, written in their language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from typing_extensions import override

from api.guide.planner.labels import INTEREST_LABELS
from api.guide.planner.wishes import Interest
from api.kit.formats import clock_text, date_text, money_text
from api.kit.localized import best_language
from api.tourism.records import Texts


@dataclass(frozen=True, slots=True)
class Dong:
    """An amount of money."""

    amount: int


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name by language."""

    names: Texts

    @override
    def __str__(self) -> str:
        return self.names["vi"]


Value = str | int | date | datetime | Interest | Dong | Named


@dataclass(frozen=True, slots=True)
class Told:
    """`code`: stable, for apps; `message`: a msgid; `values`: of its fields, as data."""

    code: StrEnum
    message: str
    values: Mapping[str, Value] = field(default_factory=dict[str, Value])

    def text(self, translate: Callable[[str], str], language: str) -> str:
        """Return the sentence for a reader of `language`, whose catalog is `translate`."""
        shown = {name: _shown(value, translate, language) for name, value in self.values.items()}
        return translate(self.message).format(**shown)


def _shown(value: Value, translate: Callable[[str], str], language: str) -> str:
    if isinstance(value, Dong):
        return money_text(value.amount, language)
    if isinstance(value, Named):
        return value.names[best_language(value.names, language) or "vi"]
    if isinstance(value, Interest):
        return translate(INTEREST_LABELS[value])
    if isinstance(value, datetime):
        return clock_text(value, language)
    if isinstance(value, date):
        return date_text(value, language)
    return str(value)
