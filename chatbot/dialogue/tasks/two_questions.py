"""Whether one message asks two things. Only read, never kept."""

from __future__ import annotations

import re
import unicodedata

from dialogue.tasks.telltale_words import asks

_CLAUSE = re.compile(r"[^?？,，、;；.。!！]+[?？]?")
_AND = re.compile(
    r"\b(?:and|also|plus|và|va|rồi|roi|còn|con|với lại|voi lai|et|puis)\b"
    r"|还有|另外|以及|顺便|그리고|또한|それと|それから|あと|また"
)


def asks_twice(text: str) -> bool:
    """Tell whether two clauses of a message, parted by a sign or an "and", ask something each."""
    said = unicodedata.normalize("NFC", text).casefold()
    clauses = [part for clause in _CLAUSE.findall(said) for part in _parts(clause)]
    return sum(map(asks, clauses)) > 1


def _parts(clause: str) -> list[str]:
    """Part a clause at its "and". Its question mark is of the whole: "in Sa Pa and Bac Ha?" asks once."""
    parts = [part for part in _AND.split(clause) if part.strip()]
    return parts if len(parts) == 1 else [part.rstrip("?？") for part in parts]
