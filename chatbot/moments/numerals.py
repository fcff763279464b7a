"""Whole numbers in words."""

from __future__ import annotations

from moments.patterns import key_of, keyed

_HANZI = {sign: place for place, sign in enumerate("零一二三四五六七八九")}
_HANZI |= {"〇": 0, "两": 2, "兩": 2, "壹": 1, "贰": 2, "叁": 3, "廿": 20, "卅": 30}
_TENS = {"十": 10, "百": 100, "千": 1_000}
_MYRIADS = {
    "万": 10_000,
    "萬": 10_000,
    "만": 10_000,
    "亿": 100_000_000,
    "億": 100_000_000,
    "억": 100_000_000,
}
HANZI_NUMBER = "(?:[0-9]+|[〇零一二三四五六七八九十廿卅两兩]+)"

_VIETNAMESE = keyed(
    {
        "không": 0,
        "một": 1,
        "mốt": 1,
        "hai": 2,
        "ba": 3,
        "bốn": 4,
        "tư": 4,
        "năm": 5,
        "lăm": 5,
        "nhăm": 5,
    }
    | {"sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9}
)
_VIETNAMESE_SCALES = keyed(
    # Bare, mươi and mười are one word: ten times what stands before it, or ten.
    {
        "mươi": 10,
        "trăm": 100,
        "nghìn": 1_000,
        "ngàn": 1_000,
        "triệu": 1_000_000,
        "tỷ": 10**9,
        "tỉ": 10**9,
    }
)
VIETNAMESE_DIGIT = "(?:một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín)"
VIETNAMESE_NUMBER = rf"(?:\d+|mười {VIETNAMESE_DIGIT}|{VIETNAMESE_DIGIT} mươi(?: {VIETNAMESE_DIGIT})?|{VIETNAMESE_DIGIT}|mười)"


def hanzi(text: str) -> int | None:
    """Return 12 for "十二", 2026 for "二〇二六", 500,000 for "五十万", also with digits: "20万"."""
    total = part = digits = 0
    for sign in text:
        if sign.isdecimal() or sign in _HANZI:
            digits = digits * 10 + (_HANZI[sign] if sign in _HANZI else int(sign))
        elif sign in _TENS:
            part, digits = part + (digits or 1) * _TENS[sign], 0
        elif sign in _MYRIADS:
            total, part, digits = (total + part + digits) * _MYRIADS[sign], 0, 0
        else:
            return None
    return total + part + digits


def vietnamese(words: str) -> int | None:
    """Return 15 for "mười lăm", 250,000 for "hai trăm năm mươi nghìn", with and without marks."""
    return in_words(words, _VIETNAMESE, _VIETNAMESE_SCALES)


def in_words(words: str, small: dict[str, int], scales: dict[str, int]) -> int | None:
    """Return the sum of `small` numbers, each times the `scales` behind it; None with any other word."""
    total = part = number = 0
    for word in key_of(words).replace("-", " ").split():
        scale = scales.get(word)
        if word.isdecimal():
            number = int(word)
        elif word in small:
            number += small[word]
        elif scale is None:
            return None
        elif scale < 1_000:
            part, number = part + (number or 1) * scale, 0
        else:
            total, part, number = total + (part + number or 1) * scale, 0, 0
    return total + part + number


def in_table(table: dict[str, int], words: str) -> int:
    """Return the number that digits, or one of the words of `table`, mean; 0 for neither."""
    key = key_of(words)
    return int(key) if key.isdecimal() else table.get(key, 0)
