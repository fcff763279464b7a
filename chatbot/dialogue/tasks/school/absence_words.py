"""Tells an absence that the school is to hear of from a question about days at school.

Both speak of "off", "sick" and "tomorrow". Only read, never kept.
"""

from __future__ import annotations

import re

from dialogue.tasks.telltale_words import asks, holds, speaks_of_absence

_COUNTS_OR_CHECKS = re.compile(
    r"\b(how many|how often|already|so far)\b|\b(has|have|had|was|is) (the|her|his|their|my|it|she|he|anyone|somebody|we|i)\b"
    r".*\b(told|informed|reported|notified|excused)\b|\bdid (i|we|you|anyone)\b"
    r"|mấy (buổi|ngày|hôm|lần|tiết)|bao nhiêu|có phải|(đã|được) .*chưa|(báo|xin|phép) (rồi )?chưa"
    r"|几(天|次|节|回)|多少|(请|报)(过|了|好|上)假?了?(吗|没)|假了(吗|没)|是不是|有没有|要不要"
    r"|combien|déjà|\b(a-t-on|ai-je|avons-nous|avez-vous)\b"
    r"|몇|며칠|(했|됐|되었|알렸|알려졌|신고되|신고돼)(나요|어요\?|습니까|는지)|했었"
    r"|何(日|回|時間)|いくつ|(して|届けて|伝えて)あります|(しました|されました|届きました|伝わりました)(か|っけ)"
)
_COUNTS_OR_CHECKS_UNMARKED = re.compile(
    r"\bmay (buoi|ngay|hom|lan|tiet)\b|bao nhieu|\bco phai\b|\b(da|duoc) .*\bchua\b|\b(bao|xin|phep) (roi )?chua\b"
    r"|\bdeja\b"
)
_ASKED_AS_A_FAVOUR = re.compile(
    r"\b(can|could|would|will) (you|i|we)\b|\bplease\b|được không|xin |giúp|\bcho (cháu|con|bé|em)\b(?! (hỏi|biết|xem))"
    r"|(可以|能|麻烦|帮|请您?)(不|帮|替|给|请|您)|可以.{0,8}吗|(行|好)吗|(pouvez|pourriez|peux|puis-je|voulez|pouvons)|s'il (vous|te) pla"
    r"|(수 있|주실|주세요|줄래|될까|되나요|돼요)|(もらえ|いただけ|くれ|できます|いいです|お願い|ください)"
)
_ASKED_AS_A_FAVOUR_UNMARKED = re.compile(
    r"\bduoc (khong|ko|k|hong)\b|\bxin\b|\bgiup\b|\bcho (chau|con|be|em)\b(?! (hoi|biet|xem))"
)
_CLOSES_WITH = (
    r"(?: (?:ạ|a|vậy|vay|cô|co|thầy|thay|nhỉ|nhi|thế|the|nhé|nhe|em|anh|chị|chi|bạn|ban|ad))*"
)
_ASKS = re.compile(
    rf"\b(?:không|khong|ko|hông|hong|chưa|chua|hả|ha|à){_CLOSES_WITH}\W*$|\b(?:chưa|chua)\b"
    r"|^\W*(?:is|was|are|were|did|does|do|has|have|had|will|should|must)\b"
    r"|est-ce|-t-(?:il|elle|on)\b|\b(?:est|doit|aura)-(?:il|elle)\b"
    r"|吗|呢|了没|没有[?？]?$|나요|까요|는지|습니까|니까|ですか|ますか|ましたか|でしょうか|だっけ|のか"
)
_REASONS = {
    "doctor": (
        re.compile(
            r"\b(doctor|dentist|hospital|clinic|médecin|dentiste|hôpital)\b|khám|bác sĩ|bệnh viện|看病|看医生|医院|병원|진료"
            r"|病院|受診|歯医者"
        ),
        re.compile(r"\bkham\b|bac si|benh vien|\bmedecin\b|\bhopital\b"),
    ),
    "family": (
        re.compile(
            r"\b(wedding|funeral|mariage|enterrement|obsèques)\b|đám (cưới|tang|giỗ|ma)|về quê|婚礼|葬礼|丧事|결혼식|장례"
            r"|結婚式|葬式|法事"
        ),
        re.compile(r"\bdam (cuoi|tang|gio|ma)\b|\bve que\b|\bobseques\b"),
    ),
    "way": (
        re.compile(
            r"\b(landslide|flood(ed)?|éboulement|inondation|inondée?)\b|sạt lở|ngập|mưa lũ|塌方|洪水|发大水|산사태|홍수"
            r"|土砂崩れ"
        ),
        re.compile(r"\bsat lo\b|\bngap\b|\bmua lu\b|\beboulement\b"),
    ),
}
"""Reasons beside illness, with the words that tell them, as they are written with and without marks."""


def reason_in(text: str) -> str | None:
    """Return why a child does not come to school; None where it is not said."""
    return next((one for one, words in _REASONS.items() if holds(text, *words)), None)


def is_absence_told(text: str, *, is_coming: bool) -> bool:
    """Tell whether the school is to be told something, rather than asked. `is_coming`: it is of a day to come."""
    if holds(text, _COUNTS_OR_CHECKS, _COUNTS_OR_CHECKS_UNMARKED):
        return False
    is_favour = holds(text, _ASKED_AS_A_FAVOUR, _ASKED_AS_A_FAVOUR_UNMARKED)
    if not is_favour and (asks(text) or holds(text, _ASKS, _ASKS)):
        return False
    return is_coming or speaks_of_absence(text)
