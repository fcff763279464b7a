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


def _is_right(signs: str) -> bool:
    """Tell whether the last sign brings the weighted sum to a multiple of the alphabet's length."""
    *weighted, check = map(_ALPHABET.index, signs)
    total = sum((place + 2) * number for place, number in enumerate(weighted))
    return (total + check) % len(_ALPHABET) == 0
