"""Whether somebody says that a thing has been mended or has not: a guess, which is read back.

No classifier tells the two apart, and no slot of ours keeps the words. What is neither is asked.
"""

from __future__ import annotations

import re

_NOT_MENDED = re.compile(
    r"\b(?:not|isn.?t|wasn.?t|hasn.?t|doesn.?t|didn.?t|never|still|again broken"
    r"|pas|toujours|jamais|encore|plus rien"
    r"|chưa|chua|vẫn|van (?:con|hong|chua|bi|the)|không sửa|khong sua|lại hỏng|lai hong)\b"
    r"|还没|还是|还在|没修|没有修|没好|未修|又坏|仍|假"
    r"|まだ|ない|嘘|ません"
    r"|아직|안 고|안고|않|여전|그대로|또 고장"
)
_MENDED = re.compile(
    r"\b(?:fixed|repaired|mended|filled|works|working|gone|clear|back|done|solved"
    r"|réparée?s?|repar[ée]+|rebouchée?s?|bouchée?s?|remarche|revenue?|ramassée?s?|nettoyée?s?|débouchée?"
    r"|sửa|sua|vá xong|va xong|sáng (?:lại|rồi)|sang (?:lai|roi)|sạch|sach|có lại|co lai|xong)\b"
    r"|修好|补好|亮了|清走|好了|解决|来水|水来"
    r"|直り|直って|直した|なおっ|修理|埋ま|解決|片付|つくように"
    r"|고쳐|고쳤|고쳐졌|수리|해결|켜져|켜졌|메워|치워|뚫"
)


def is_mended(text: str) -> bool | None:
    """Return what a message says of a repair; None when that is not plain."""
    said = text.casefold()
    if _NOT_MENDED.search(said):
        return False
    return True if _MENDED.search(said) else None
