"""Numbers of identity papers: what they look like, what they tell, and how much of them is shown."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto

from api.accounts.errors import AccountProblem
from api.accounts.identity_papers.errors import (
    InvalidCitizenNumber,
    InvalidInsuranceNumber,
    InvalidPassportNumber,
)
from api.accounts.people.personal_details import AGE_AT_MOST


class IdentityPaperKind(StrEnum):
    """CCCD: citizen identity card. BHYT: health insurance card."""

    CCCD = auto()
    BHYT = auto()
    PASSPORT = auto()


_TYPED_CHARACTERS_AT_MOST = 64
_SHOWN = 3
_SEPARATORS = re.compile(r"[ .\-]")
_INSURANCE_DIGITS = 10
_FORMATS = {
    # Province of the birth's registration 001 to 096, century and sex, year, six more.
    IdentityPaperKind.CCCD: re.compile(r"0(?:0[1-9]|[1-8][0-9]|9[0-6])[0-9]{9}"),
    # Of the card: group of people, share that is paid 1 to 5, province, and the number itself.
    IdentityPaperKind.BHYT: re.compile(r"(?:[A-Z]{2}[1-5][0-9]{2})?[0-9]{10}"),
    IdentityPaperKind.PASSPORT: re.compile(r"[A-Z0-9]{6,9}"),
}
_REFUSALS: dict[IdentityPaperKind, type[AccountProblem]] = {
    IdentityPaperKind.CCCD: InvalidCitizenNumber,
    IdentityPaperKind.BHYT: InvalidInsuranceNumber,
    IdentityPaperKind.PASSPORT: InvalidPassportNumber,
}


@dataclass(frozen=True, slots=True, repr=False)
class IdentityNumber:
    """A number as it is kept: capitals and digits without separators."""

    kind: IdentityPaperKind
    value: str

    @property
    def masked(self) -> str:
        """The number with its last characters only."""
        return f"…{self.value[-_SHOWN:]}"

    @property
    def looked_up_by(self) -> str:
        """What of it is the same on every print of the paper."""
        is_insurance = self.kind is IdentityPaperKind.BHYT
        return self.value[-_INSURANCE_DIGITS:] if is_insurance else self.value

    @property
    def birth_year(self) -> int | None:
        """The year that a citizen identity number tells; None for other papers.

        The fourth digit counts the centuries from 1900 on, two numbers for each, by sex.
        """
        if self.kind is not IdentityPaperKind.CCCD:
            return None
        return 1900 + 100 * (int(self.value[3]) // 2) + int(self.value[4:6])


def identity_number_of(kind: IdentityPaperKind, typed: str, today: date) -> IdentityNumber:
    """Return the number that somebody typed, with spaces, dots or hyphens or without.

    Raises InvalidCitizenNumber (also for a year of birth that nobody alive has),
    InvalidInsuranceNumber or InvalidPassportNumber.
    """
    number = IdentityNumber(kind, _compact(typed[: _TYPED_CHARACTERS_AT_MOST + 1]))
    if len(typed) > _TYPED_CHARACTERS_AT_MOST or not _FORMATS[kind].fullmatch(number.value):
        raise _REFUSALS[kind]
    year = number.birth_year
    if year is not None and not today.year - AGE_AT_MOST - 1 <= year <= today.year:
        raise InvalidCitizenNumber
    return number


def agrees(born_on: date | None, birth_year: int | None) -> bool:
    """Tell whether a birth date and the year that a number tells may be one person's."""
    return born_on is None or birth_year is None or born_on.year == birth_year


def _compact(typed: str) -> str:
    # Keyboards of East Asia write digits and letters in full width (NFKC makes them plain ones).
    compact = _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed))
    return compact.upper() if compact.isascii() else ""
