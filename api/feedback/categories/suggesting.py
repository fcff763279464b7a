"""Which category a text seems to be of: a small classifier of character n-grams, trained when first asked.

Multinomial naive Bayes over n-grams that do not cross words, of folded text: so Vietnamese counts the same with
and without marks. What it says is shown as a suggestion, never taken for the reporter's choice.
"""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from api.kit.folding import is_unspaced, words

SHIPPED_EXAMPLES = Path(__file__).parents[1] / "data" / "category_examples.json"
SUGGESTED_AT_MOST = 3
SHARE_AT_LEAST = 0.15
"""What is less likely than this is not suggested."""
_CHARACTERS_READ = 500
_LONGEST = 4
_LONGEST_UNSPACED = 2
_SMOOTHING = 0.2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`share`: how likely, 0 to 1, among all categories."""

    category: str
    share: float


class CategoryModel:
    def __init__(self, examples: Iterable[tuple[str, str]]) -> None:
        """Train on pairs of a category's code and a text."""
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for category, text in examples:
            counts[category].update(_grams(text))
        self._known = frozenset(gram for one in counts.values() for gram in one)
        self._logs: Mapping[str, Mapping[str, float]] = {
            category: self._log_shares(one) for category, one in counts.items()
        }

    def shares(self, text: str) -> dict[str, float]:
        """Return how likely each category is; empty for a text in which nothing is known."""
        grams = [gram for gram in _grams(text[:_CHARACTERS_READ]) if gram in self._known]
        if not grams:
            return {}
        # The square root, because n-grams of one word are no independent witnesses.
        weight = 1 / math.sqrt(len(grams))
        scores = {
            category: weight * sum(logs.get(gram, logs[""]) for gram in grams)
            for category, logs in self._logs.items()
        }
        highest = max(scores.values())
        odds = {category: math.exp(score - highest) for category, score in scores.items()}
        total = sum(odds.values())
        return {category: one / total for category, one in odds.items()}

    def suggest(self, text: str) -> list[Suggestion]:
        """Return the likeliest categories, the likeliest first; none when nothing is likely."""
        ranked = sorted(self.shares(text).items(), key=lambda one: (-one[1], one[0]))
        likely = [Suggestion(*one) for one in ranked if one[1] >= SHARE_AT_LEAST]
        return likely[:SUGGESTED_AT_MOST]

    def _log_shares(self, counts: Counter[str]) -> Mapping[str, float]:
        """Return the logarithm of each n-gram's share; under "" that of one never seen here."""
        total = counts.total() + _SMOOTHING * len(self._known)
        logs = {gram: math.log((count + _SMOOTHING) / total) for gram, count in counts.items()}
        return {**logs, "": math.log(_SMOOTHING / total)}


def read_examples(path: Path = SHIPPED_EXAMPLES) -> list[tuple[str, str]]:
    """Return the pairs of a file {category: {language: [text]}}."""
    file: dict[str, dict[str, list[str]]] = json.loads(path.read_bytes())
    return [
        (category, text)
        for category, languages in file.items()
        for texts in languages.values()
        for text in texts
    ]


@cache
def shipped_model() -> CategoryModel:
    return CategoryModel(read_examples())


def _grams(text: str) -> Iterable[str]:
    found = words(text)
    for word in found:
        if is_unspaced(word):
            for length in range(1, _LONGEST_UNSPACED + 1):
                yield from _pieces(word, length)
        else:
            framed = f"^{word}$"
            yield framed
            for length in range(2, _LONGEST + 1):
                yield from _pieces(framed, length)
    for one, other in pairwise(found):
        yield f"{one} {other}"  # Vietnamese words are several syllables


def _pieces(text: str, length: int) -> Iterable[str]:
    return (text[start : start + length] for start in range(len(text) - length + 1))
