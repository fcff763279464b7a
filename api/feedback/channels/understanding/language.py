"""Which of our languages a text is in: by its script, by letters of Vietnamese alone, by small words."""

import re
from collections.abc import Mapping

from api.feedback.channels.understanding.phrases import folded_tokens, is_marked

_KANA = re.compile(r"[\u3041-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u1ef9]")
_SHARE_AT_LEAST = 0.15
"""Of the letters: a Chinese name in a Vietnamese text makes it no Chinese one."""
_COMMON = ("fr", "en", "vi")
_SMALL_WORDS: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        [
            "the",
            "a",
            "an",
            "and",
            "of",
            "to",
            "in",
            "is",
            "are",
            "was",
            "were",
            "be",
            "been",
            "on",
            "at",
            "for",
            "with",
            "this",
            "that",
            "it",
            "we",
            "i",
            "you",
            "they",
            "my",
            "our",
            "not",
            "no",
            "from",
            "by",
            "have",
            "has",
            "had",
            "there",
            "very",
            "so",
            "but",
            "please",
            "just",
            "after",
        ]
    ),
    "fr": frozenset(
        [
            "le",
            "la",
            "les",
            "un",
            "une",
            "des",
            "du",
            "de",
            "et",
            "est",
            "sont",
            "dans",
            "pour",
            "avec",
            "sur",
            "ce",
            "cette",
            "ces",
            "il",
            "elle",
            "nous",
            "vous",
            "je",
            "pas",
            "ne",
            "que",
            "qui",
            "au",
            "aux",
            "en",
            "par",
            "plus",
            "tres",
            "mais",
            "a",
            "ete",
            "etait",
            "c",
            "l",
            "d",
        ]
    ),
    "vi": frozenset(
        [
            "khong",
            "co",
            "la",
            "cua",
            "va",
            "cho",
            "nguoi",
            "duoc",
            "mot",
            "nay",
            "o",
            "thi",
            "da",
            "dang",
            "bi",
            "qua",
            "roi",
            "lam",
            "ai",
            "gi",
            "di",
            "ra",
            "vao",
            "duong",
            "nuoc",
            "xa",
            "ban",
            "toi",
            "minh",
            "cac",
            "nhung",
            "voi",
            "nhung",
            "ve",
            "tai",
            "den",
            "tu",
            "sao",
            "chua",
            "oi",
            "nha",
            "ngay",
            "dau",
            "lai",
            "moi",
            "nhieu",
            "gia",
            "dan",
            "mat",
            "hang",
            "ngap",
            "con",
            "chi",
            "anh",
            "em",
            "vua",
            "biet",
            "phai",
        ]
    ),
}


def language_of(text: str) -> str | None:
    """Return a tag of ours (vi, en, zh-Hans, fr, ko, ja); None when it cannot be told."""
    return _by_script(text) or ("vi" if is_marked(text) else _by_small_words(text))


def _by_script(text: str) -> str | None:
    han, kana, hangul = (len(one.findall(text)) for one in (_HAN, _KANA, _HANGUL))
    asian = han + kana + hangul
    if not asian or asian < _SHARE_AT_LEAST * (asian + len(_LATIN.findall(text))):
        return None
    if hangul >= max(han, kana):
        return "ko"
    return "ja" if kana else "zh-Hans"


def _by_small_words(text: str) -> str | None:
    tokens = folded_tokens(text)
    hits = {
        language: sum(token in known for token in tokens)
        for language, known in _SMALL_WORDS.items()
    }
    # Of two with as many, that which more people here write without marks.
    best = max(hits, key=lambda language: (hits[language], _COMMON.index(language)))
    return best if hits[best] else None
