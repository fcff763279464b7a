"""Text made comparable: what a person types is found whatever the marks, case and width.

"Chợ Bắc Hà", "CHO BAC HA" and full-width "Ｃｈｏ" fold alike. Letters of scripts without marks stay: Hangul
syllables are kept whole, and the sound marks of Japanese kana (ハ, バ, パ) make other letters, so they are kept.
"""

import re
import unicodedata

_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans(
    {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe"}
)
_KANA_SOUND_MARKS = "\u3099\u309a"
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = (
    "\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_RUN = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_STARTS_UNSPACED = re.compile(f"[{_UNSPACED}]")


def fold(text: str) -> str:
    """Return `text` without marks, case and width; folding twice changes nothing more.

    Invisible characters (zero-width joiners, direction marks, controls) go, white space of any
    kind and length becomes one space.
    """
    folded = _folded_once(text)
    # A handful of letters fold to what folds again; plain letters do not.
    while not folded.isascii() and (again := _folded_once(folded)) != folded:
        folded = again
    return folded


def _folded_once(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(
        character for character in " ".join(decomposed.split()) if not _is_dropped(character)
    )
    return unicodedata.normalize("NFC", kept.translate(_LETTERS_WITHOUT_DECOMPOSITION)).strip()


def _is_dropped(character: str) -> bool:
    category = unicodedata.category(character)
    return character not in _KANA_SOUND_MARKS and category in {"Mn", "Me", "Cf", "Cc", "Cs"}


def words(text: str) -> list[str]:
    """Return the folded words of `text` in order; a change of script between Latin and East Asian letters parts words.

    "Chợ-phiên Bắc Hà" is cho, phien, bac, ha; "沙坝church" is 沙坝, church.
    """
    return [run for word in _WORD.findall(fold(text)) for run in _RUN.findall(word)]


def is_unspaced(word: str) -> bool:
    """Tell whether `word` (one of `words`) is in a script that people write without spaces, or type so."""
    return _STARTS_UNSPACED.match(word) is not None
