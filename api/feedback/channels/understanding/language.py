"""Which of our languages a text is in: by its script, by letters of Vietnamese alone, by small words."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from api.feedback.channels.understanding.phrases import folded_tokens, is_marked

SMALL_WORDS = Path(__file__).parents[1] / "data" / "small_words.json"
_KANA = re.compile(r"[\u3041-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u1ef9]")
_SHARE_AT_LEAST = 0.15
"""Of the letters: a Chinese name in a Vietnamese text makes it no Chinese one."""
_COMMON = ("fr", "en", "vi")


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
        for language, known in _small_words().items()
    }
    # Of two with as many, that which more people here write without marks.
    best = max(hits, key=lambda language: (hits[language], _COMMON.index(language)))
    return best if hits[best] else None


@cache
def _small_words() -> Mapping[str, frozenset[str]]:
    """Return the words that hardly any text of a language is without, folded."""
    file: dict[str, str] = json.loads(SMALL_WORDS.read_bytes())
    return {language: frozenset(words.split()) for language, words in file.items()}
