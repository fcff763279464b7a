"""Finds amounts of dong in a message."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from moments.numerals import VIETNAMESE_DIGIT, hanzi, in_words, vietnamese
from moments.patterns import key_of, latin, one_of
from moments.written import as_written

_AT_MOST = 10**13
_SCALES = {
    "k": 1_000, "ng": 1_000, "nghin": 1_000, "ngan": 1_000, "thousand": 1_000, "mille": 1_000, "tr": 10**6, "cu": 10**6,
    "trieu": 10**6, "million": 10**6, "millions": 10**6, "mil": 10**6, "ty": 10**9, "ti": 10**9, "billion": 10**9,
}  # fmt: skip
_KOREAN = str.maketrans("일이삼사오육칠팔구십백천만억", "一二三四五六七八九十百千万亿")
_ENGLISH = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "and": 0,
}  # fmt: skip
_ENGLISH_SCALES = {"hundred": 100, "thousand": 1_000, "million": 10**6}
_FRENCH = {
    "un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
    "quinze": 15, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "et": 0,
}  # fmt: skip
_FRENCH_SCALES = {"cent": 100, "cents": 100, "mille": 1_000, "million": 10**6, "millions": 10**6}

_DONG = r"(?:đồng|vnđ|vnd|đ|₫|dongs?)"
_NUMBER = r"(?P<number>\d{1,3}(?:[., ]\d{3})+|\d+(?:[.,]\d{1,2})?|\d+)"
_START = r"(?<![\d.,])"
_NO_MONEY = (
    r"(?! ?(?:\d|người|lượt|km|mét|m2|ha|tấn|kg|bước|năm|vé|khách|dân|loài|cây|people|visitors|years?|tourists|steps"
    r"|personnes|habitants|mètres|euros?|usd|dollars?|won|yuan|%))"
)


@dataclass(frozen=True)
class Amount:
    """`value` in whole dong, as digits."""

    start: int
    end: int
    value: str
    kind: Literal["amount"] = "amount"


_Read = Callable[["re.Match[str]"], "int | None"]
_Rule = tuple["re.Pattern[str]", _Read]


def find_amounts(text: str) -> list[Amount]:
    """Return the amounts in the first 1,000 characters of `text`; of overlapping ones the longest."""
    written = as_written(text)
    found = [
        (match.span(), value)
        for pattern, read in _rules()
        for match in pattern.finditer(written.lower)
        if (value := read(match)) and value < _AT_MOST
    ]
    kept: list[tuple[tuple[int, int], int]] = []
    for (start, end), value in sorted(found, key=lambda one: one[0][0] - one[0][1]):
        if all(end <= other[0] or other[1] <= start for other, _ in kept):
            kept.append(((start, end), value))
    return [Amount(*written.place(*span), str(value)) for span, value in sorted(kept)]


def _plain(number: str) -> Decimal:
    """Read "200.000" as grouped, "1,5" as a fraction."""
    if re.fullmatch(r"\d{1,3}(?:[.,\s]\d{3})+", number):
        return Decimal(re.sub(r"\D", "", number))
    return Decimal(number.replace(",", "."))


def _dong(found: re.Match[str]) -> int:
    return int(_plain(found["number"]))


def _scaled(found: re.Match[str]) -> int:
    """Read "500k", "1,5 triệu", and what is said behind: "2tr5" and "1 triệu 200"."""
    scale = _SCALES[key_of(found["scale"])]
    value = int(_plain(found["number"]) * scale)
    rest = found.groupdict().get("rest") or ""
    if found.groupdict().get("half"):
        return value + scale // 2
    return value + int(rest) * scale // 10 ** len(rest) if rest else value


def _vietnamese_words(found: re.Match[str]) -> int | None:
    value = vietnamese(found["words"])
    if value and found["half"]:
        value += _SCALES.get(key_of(found["words"]).split()[-1], 100) // 2
    return value


def _english_words(found: re.Match[str]) -> int | None:
    return in_words(found["words"], _ENGLISH, _ENGLISH_SCALES)


def _french_words(found: re.Match[str]) -> int | None:
    return in_words(found["words"], _FRENCH, _FRENCH_SCALES)


def _signs(found: re.Match[str]) -> int | None:
    """Read hanzi, hangul, or digits before them: "五十万", "20만", "1.5万"."""
    signs = "".join(found["number"].split()).translate(_KOREAN).replace(",", "")
    if fraction := re.fullmatch(r"(\d+\.\d)([千万萬])", signs):
        return int(Decimal(fraction[1]) * (hanzi("一" + fraction[2]) or 0))
    value = hanzi(signs)
    # Below a hundred dong nothing is sold: "3동" is the third building.
    return value if value and value >= 100 else None


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    return (*_in_figures(), *_in_letters(), *_in_signs())


def _in_figures() -> tuple[_Rule, ...]:
    """Return the rules for figures beside a word or a sign: "50.000đ", "2 triệu 5"."""
    scales = r"(?P<scale>k|ng|nghìn|ngàn|triệu|tr|=củ|tỷ|tỉ|thousand|millions?|mil|billion|mille)"
    return (
        (latin(rf"{_START}{_NUMBER} ?{_DONG}"), _dong),
        (latin(rf"(?:vnđ|vnd) ?{_NUMBER}"), _dong),
        (re.compile(rf"₫\s?{_NUMBER}(?![\d])"), _dong),
        (re.compile(rf"{_START}{_NUMBER}\s?₫"), _dong),
        (latin(rf"{_START}(?P<number>\d{{1,3}}(?:[.,]\d{{3}})*[.,]000){_NO_MONEY}"), _dong),
        (
            latin(
                rf"{_START}{_NUMBER} ?{scales}(?P<half> rưỡi)?(?: ?(?:d'|de |d’)?{_DONG})?{_NO_MONEY}"
            ),
            _scaled,
        ),
        (
            latin(
                rf"{_START}(?P<number>\d{{1,3}}) ?(?P<scale>triệu|tr|=củ|tỷ) ?(?P<rest>\d{{1,3}})(?: ?{_DONG})?(?![\d.,])"
            ),
            _scaled,
        ),
    )


def _in_letters() -> tuple[_Rule, ...]:
    """Return the rules for numbers that are spelt out: "năm mươi nghìn", "fifty thousand dong"."""
    word = rf"(?:{VIETNAMESE_DIGIT}|mười|mươi|trăm|nghìn|ngàn|triệu|tỷ|\d{{1,3}})"
    small_vietnamese = rf"(?P<words>{word}(?: {word}){{0,8}})(?P<half> rưỡi)?"
    hundreds = (
        rf"(?:{VIETNAMESE_DIGIT}|mười|\d{{1,3}})(?: (?:{VIETNAMESE_DIGIT}|mươi|mười|trăm)){{0,6}}"
    )
    thousands = rf"{hundreds} (?:nghìn|ngàn|triệu|tỷ)"
    english_word, french_word = (
        rf"(?:{one_of([*small, *scales_of])}|\d{{1,3}})"
        for small, scales_of in ((_ENGLISH, _ENGLISH_SCALES), (_FRENCH, _FRENCH_SCALES))
    )
    english = rf"(?P<words>{english_word}(?:[ -]{english_word}){{0,8}}) "
    french = rf"(?P<words>{french_word}(?:[ -]{french_word}){{0,8}}) "
    return (
        (
            latin(
                rf"(?P<words>{thousands}(?: {thousands}){{0,3}})(?P<half> rưỡi)?(?: {_DONG})?{_NO_MONEY}"
            ),
            _vietnamese_words,
        ),
        (latin(rf"{small_vietnamese} {_DONG}"), _vietnamese_words),
        (latin(rf"{english}(?:dongs?|vnd|vietnamese dong)"), _english_words),
        (latin(rf"{french}(?:de )?(?:dongs?|vnd)"), _french_words),
    )


def _in_signs() -> tuple[_Rule, ...]:
    """Return the rules for scripts without spaces: "五十万越南盾", "20만 동"."""
    # A run of digits is taken whole: what may be cut anywhere takes for ever.
    korean = r"(?:(?<![\d.,])\d[\d,.]*|[일이삼사오육칠팔구십백천만억])"
    return (
        (
            re.compile(
                r"(?P<number>(?:(?<![\d.,])\d[\d,.]*|[〇零一二三四五六七八九十百千万萬两兩亿億]){1,12})\s*(?:越南[盾币]|越[盾币]|盾|ベトナムドン|ドン|vnd)"
            ),
            _signs,
        ),
        (
            # Without a word for money, tens of thousands of nothing else are money: "50万".
            re.compile(
                r"(?P<number>(?:(?<![\d.,])\d[\d,.]*|[一二三四五六七八九十百千两兩]){1,8}[万萬])"
                r"(?!\s*(?:[人名年次里米公步吨元円辆]|[一二三四五六七八九十百千\d]))"
            ),
            _signs,
        ),
        (
            re.compile(
                rf"(?P<number>{korean}(?:\s?{korean}){{0,12}})\s*(?:베트남\s*)?동(?![가-힣]|$)"
            ),
            _signs,
        ),
        (
            re.compile(
                rf"(?P<number>{korean}(?:\s?{korean}){{0,12}})\s*(?:베트남\s*)?동(?=$|이|에|은|을|으로|정도|짜리|까지|인)"
            ),
            _signs,
        ),
    )
