"""For what personal data is used, and the texts that people agree to (consent_texts/*.json).

A text that was published is never changed: what it said must be provable for ever. A better one is
a new version, and earlier consents go on counting if its `counts_since` says so.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from locales import AVAILABLE
from locales.province import with_province

_FOLDER = Path(__file__).with_name("consent_texts")


class ConsentPurpose(StrEnum):
    """Stable: rows of the ledger hold these values."""

    LOCATION = "LOCATION"
    EXACT_LOCATION = "EXACT_LOCATION"
    IDENTITY_PAPERS = "IDENTITY_PAPERS"
    HEALTH = "HEALTH"
    EMERGENCY_CARD = "EMERGENCY_CARD"
    STUDENT_RECORD = "STUDENT_RECORD"
    PHOTOS = "PHOTOS"
    CHAT_HANDOFF = "CHAT_HANDOFF"
    ACCESSIBILITY_NEEDS = "ACCESSIBILITY_NEEDS"


@dataclass(frozen=True, slots=True)
class ConsentText:
    """What a person reads in one language. `digest`: SHA-256 over all of it, hexadecimal.

    `counts_since`: the oldest version whose readers agreed to all that this one says.
    """

    purpose: ConsentPurpose
    version: int
    counts_since: int
    language: str
    title: str
    text: str

    @property
    def digest(self) -> str:
        parts = (self.purpose.value, str(self.version), self.language, self.title, self.text)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int
    text: dict[str, str]


class _PurposeRow(_Row):
    counts_since: int
    rights: int
    title: dict[str, str]


class _Rights(BaseModel):
    versions: list[_Row]


class _Purpose(BaseModel):
    versions: list[_PurposeRow]


Texts = Mapping[str, ConsentText]
Read = TypeVar("Read", bound=BaseModel)


@cache
def all_versions(purpose: ConsentPurpose) -> Sequence[Texts]:
    """Return each version's texts by language, the oldest version first."""
    rights = {row.version: row.text for row in _read(_Rights, "rights").versions}
    return tuple(
        {language: _text(purpose, row, rights[row.rights], language) for language in AVAILABLE}
        for row in _read(_Purpose, purpose.value.lower()).versions
    )


def current_texts(purpose: ConsentPurpose) -> Texts:
    """Return the texts by language that can be agreed to now."""
    return all_versions(purpose)[-1]


def text_of(purpose: ConsentPurpose, version: int, language: str) -> ConsentText:
    """Return what was read; every version that was ever published is there."""
    return next(
        texts[language] for texts in all_versions(purpose) if texts[language].version == version
    )


def _read(kind: type[Read], name: str) -> Read:
    return kind.model_validate_json((_FOLDER / f"{name}.json").read_bytes())


def _text(
    purpose: ConsentPurpose, row: _PurposeRow, rights: Mapping[str, str], language: str
) -> ConsentText:
    return ConsentText(
        purpose=purpose,
        version=row.version,
        counts_since=row.counts_since,
        language=language,
        title=row.title[language],
        text=f"{row.text[language]}\n\n{with_province(rights[language], language)}",
    )
