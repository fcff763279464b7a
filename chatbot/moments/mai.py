"""Tells Mai, a name and a flower, from "mai", which is tomorrow."""

from __future__ import annotations

import re

from moments.patterns import latin
from moments.written import Written

_NAMESAKES = latin(
    "chị|cô|anh|em|bà|bác|dì|mợ|thím|bạn|chú|ông|cháu|con|bé|thị|hoa|cây|cành|chợ|tên|sao|bạch|hoàng|ngọc|tuyết"
    "|thanh|xuân|phương|quỳnh|giáo|thầy|tá|sĩ|bs|phố|đường|làng|bản|xã|hàng|sáng"
)
_FLOWERS = {"hoa", "cây", "cành", "cay", "canh"}
_FOREIGN = re.compile(
    r"\b(?:is|was|were|are|did|does|do|has|have|will|isn't|wasn't|won't|can't|cannot|she|he|her|his|and|for|with|school"
    r"|late|sick|ill|absent|arrived?|arrive|come|came|class|today|tomorrow|yesterday|child|daughter|please"
    r"|est|elle|il|était|malade|absente|école|ecole|classe|retard|demain|hier|fille|fils|pour|avec|viendra|arrivée)\b"
    r"|mai's|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
)
"""Words and signs that no Vietnamese message has, with its marks or without."""
_OF_VIETNAMESE = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
_NAMED_MAI = latin(
    "mai (?:châu|hoa|lan|anh|phương|linh|hương|thị|văn|sơn|dịch|phúc|hắc|chi|thu|trang|ngọc|thảo)"
)


def is_in_a_name(written: Written, start: int, end: int) -> bool:
    """Tell whether "mai" is Mai: chị Mai, Mai Châu, "was Mai late?"; "Mai có mưa không" is tomorrow."""
    if written.lower[start:end] != "mai":
        return False
    if _NAMED_MAI.match(written.lower, start):
        return True
    words = written.cased[:start].split()
    if words and words[-1].lower() in _FLOWERS:
        return True
    if written.is_capital(start) and is_foreign(written.lower):
        return True
    if not written.is_capital(start) or not words or not words[-1][-1].isalpha():
        return False
    last = words[-1]
    return bool(_NAMESAKES.fullmatch(last.lower())) or (len(words) > 1 and last[0].isupper())


def is_foreign(text: str) -> bool:
    """Tell whether a message in lower case is in another language than Vietnamese, but for a name in it."""
    words = text.split()
    vietnamese = sum(_OF_VIETNAMESE.search(word) is not None for word in words)
    return _FOREIGN.search(text) is not None and 2 * vietnamese < max(len(words), 2)
