"""Finds the codes of reports in a message.

The rule of the codes is that of api/feedback/reports/code.py, which this environment cannot import; a test
of both keeps them the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from moments.written import as_written

_ALPHABET = "234679ACDEFGHJKMNPRTWXY"
_GROUP = f"[{_ALPHABET.lower()}]{{3}}"
_BETWEEN = r"[\s.\-\u2010-\u2015]{0,3}"
_CODE = re.compile(
    rf"(?<![a-z0-9-])(?:lc{_BETWEEN}(?P<first>{_GROUP}){_BETWEEN}(?P<last>{_GROUP})"
    # Without LC six signs may be a word: a dash and a digit are asked for.
    rf"|(?=[a-z]*-?[a-z]*\d)(?P<bare_first>{_GROUP})-(?P<bare_last>{_GROUP}))(?![a-z0-9])"
)

_BARE = re.compile(rf"(?<![a-z0-9-])(?=[a-z]*\d)({_GROUP})\s?({_GROUP})(?![a-z0-9-])")
"""Six signs without LC or a dash: a code only where one is spoken of, for a seat of a train is written so too."""
_SIGNS = "[a-z0-9]"
_LIKE_A_CODE = re.compile(
    rf"(?<![a-z0-9-])lc(?:\s?[-\u2010-\u2015]\s?{_SIGNS}{{1,8}}(?:[\s.\-\u2010-\u2015]{_SIGNS}{{1,8}})?"
    rf"|(?=[\sa-z]*\d){_BETWEEN}{_SIGNS}{{3}}{_BETWEEN}{_SIGNS}{{3}})(?![a-z0-9])"
)
_FEWEST_SIGNS, _DASH = 4, re.compile("[-\\u2010-\\u2015]")


@dataclass(frozen=True)
class ReportCode:
    """`value` as the app writes it: "LC-W7C-DMW"."""

    start: int
    end: int
    value: str
    kind: Literal["report_code"] = "report_code"


def find_report_codes(text: str) -> list[ReportCode]:
    """Return the codes in the first 1,000 characters; what only looks like one has a wrong check sign."""
    written = as_written(text)
    codes = []
    for found in _CODE.finditer(written.lower):
        first, last = found["first"] or found["bare_first"], found["last"] or found["bare_last"]
        signs = (first + last).upper()
        if _is_right(signs):
            codes.append(ReportCode(*written.place(*found.span()), f"LC-{signs[:3]}-{signs[3:]}"))
    return codes


def find_bare_code(text: str) -> ReportCode | None:
    """Return the first six signs with a digit among them that are a code but for their LC."""
    written = as_written(text)
    for found in _BARE.finditer(written.lower):
        signs = (found[1] + found[2]).upper()
        if _is_right(signs):
            return ReportCode(*written.place(*found.span()), f"LC-{signs[:3]}-{signs[3:]}")
    return None


def wrong_code_in(text: str) -> str | None:
    """Return what was written as a code and is none, in capitals; None where a right one stands beside it."""
    written = as_written(text)
    if find_report_codes(text):
        return None
    found = next(filter(_is_meant, _LIKE_A_CODE.finditer(written.lower)), None)
    return found.group().upper() if found else None


def _is_meant(found: re.Match[str]) -> bool:
    """Tell whether somebody can have meant a code: "LC-4" is too short for one, "LC-Sa Pa" is a town."""
    said = found.group()
    is_long = sum(map(str.isalnum, said)) - len("lc") >= _FEWEST_SIGNS
    return is_long and (any(map(str.isdigit, said)) or len(_DASH.findall(said)) > 1)


def _is_right(signs: str) -> bool:
    """Tell whether the last sign brings the weighted sum to a multiple of the alphabet's length."""
    *weighted, check = map(_ALPHABET.index, signs)
    total = sum((place + 2) * number for place, number in enumerate(weighted))
    return (total + check) % len(_ALPHABET) == 0
