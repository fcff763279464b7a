"""Finds places, communes, categories, days and emergencies in a message by their written forms."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.folding import fold, is_hangul, is_ideographic
from components.lookup import WHERE, Entry, build_lookup

NAMED = ("place", "commune", "province")
_NAME_SIGN = "ꝑ"
"""What the classifier sees for a name. One rare letter: longer words would weigh by all their parts."""
_WORDS_AT_MOST = 8
_LETTERS_FOR_A_TYPO = 7
_FILE = "lookup.json"


@dataclass(frozen=True)
class Match:
    """`entry` found at `start` to `end` of the text."""

    start: int
    end: int
    entry: Entry
    exact: bool = True

    @property
    def group(self) -> str:
        return "where" if self.entry.entity in WHERE else self.entry.entity


class Gazetteer:
    """All entries, ready to be found: by words where a script has spaces, by characters where it has none."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_words: defaultdict[str, list[Entry]] = defaultdict(list)
        self._by_typo: dict[str, Entry] = {}
        self._by_characters: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            self._add(entry)
        self._longest_of_characters = max(map(len, self._by_characters), default=0)

    def _add(self, entry: Entry) -> None:
        key = _letters(fold(entry.spelling))
        if any(is_ideographic(letter) or is_hangul(letter) for letter in key):
            self._by_characters[key].append(entry)
        elif key:
            self._by_words[key].append(entry)
            if entry.entity in NAMED and len(key) >= _LETTERS_FOR_A_TYPO:
                for variant in _one_letter_less(key):
                    self._by_typo.setdefault(variant, entry)

    def find(self, text: str, tokens: list[Token]) -> list[Match]:
        """Return the matches in order of place; of overlapping ones in a group the longest."""
        found = [*self._in_words(text, tokens), *self._in_characters(text)]
        found.sort(key=lambda match: (not match.exact, match.start - match.end, match.entry.rank))
        kept: list[Match] = []
        for match in found:
            if not any(_overlap(match, other) for other in kept):
                kept.append(match)
        return sorted(kept, key=lambda match: match.start)

    def _in_words(self, text: str, tokens: list[Token]) -> Iterator[Match]:
        words = [(token.start, token.end, _letters(token.lemma)) for token in tokens]
        for first in range(len(words)):
            key = ""
            for start_end_word in words[first : first + _WORDS_AT_MOST]:
                key += start_end_word[2]
                start, end = words[first][0], start_end_word[1]
                yield from self._of_words(key, text[start:end], start, end)

    def _of_words(self, key: str, written: str, start: int, end: int) -> Iterator[Match]:
        exact = [entry for entry in self._by_words.get(key, ()) if _marks_agree(written, entry)]
        for entry in exact:
            yield Match(start, end, entry)
        if not exact and len(key) >= _LETTERS_FOR_A_TYPO - 1 and (entry := self._nearly(key)):
            yield Match(start, end, entry, exact=False)

    def _nearly(self, key: str) -> Entry | None:
        if key in self._by_words:
            return None
        for variant in chain((key,), _one_letter_less(key)):
            if (entry := self._by_typo.get(variant)) and variant[0] == fold(entry.spelling)[0]:
                return entry
        return None

    def _in_characters(self, text: str) -> Iterator[Match]:
        places = [place for place, letter in enumerate(text) if letter.isalnum() or letter == "ー"]
        squeezed = fold("".join(text[place] for place in places))
        for first in range(len(squeezed)):
            for length in range(1, min(self._longest_of_characters, len(squeezed) - first) + 1):
                for entry in self._by_characters.get(squeezed[first : first + length], ()):
                    yield Match(places[first], places[first + length - 1] + 1, entry)


def _letters(folded: str) -> str:
    return "".join(letter for letter in folded if letter.isalnum() or letter == "ー")


def _one_letter_less(key: str) -> Iterator[str]:
    return (key[:place] + key[place + 1 :] for place in range(len(key)))


def _overlap(one: Match, other: Match) -> bool:
    return one.group == other.group and one.start < other.end and other.start < one.end


def _marks_agree(written: str, entry: Entry) -> bool:
    """Tell whether the marks that were typed may mean `entry`: "bác hả" is not Bắc Hà, "bac ha" may be."""
    if entry.only_marked and written.lower() != entry.spelling:
        return False
    pairs = zip(_letters(written.lower()), _letters(entry.spelling.lower()), strict=False)
    typed = [mine == theirs for mine, theirs in pairs if not mine.isascii()]
    return sum(typed) * 2 >= len(typed) if len(typed) > 1 else all(typed)


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
        DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
    ],
    is_trainable=True,
)
class GazetteerExtractor(GraphComponent):
    """Adds what the gazetteer finds as entities, and shows the classifier their kinds instead of names.

    Stands right after the tokenizer: no intent is learned from the places that its examples happen to name,
    and "cứu hỏa" and "pompiers" help each other although they share no letter.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, entries: list[dict[str, Any]]
    ) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._gazetteer = Gazetteer(Entry(**entry) for entry in entries)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GazetteerExtractor:
        return cls(model_storage, resource, [])

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,  # noqa: ANN401 - Rasa's signature
    ) -> GazetteerExtractor:
        with model_storage.read_from(resource) as folder:
            entries = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return cls(model_storage, resource, entries)

    def train(self, training_data: TrainingData) -> Resource:
        with self._model_storage.write_to(self._resource) as folder:
            text = json.dumps(build_lookup(), ensure_ascii=False)
            (folder / _FILE).write_text(text, encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        for message in training_data.training_examples:
            if message.get(TEXT):
                self._show_kinds(message, self._find(message))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT):
                matches = self._find(message)
                entities = [_entity(match) for match in matches if match.entry.entity != "topic"]
                message.set(ENTITIES, entities, add_to_output=True)
                self._show_kinds(message, matches)
        return messages

    def _find(self, message: Message) -> list[Match]:
        return self._gazetteer.find(message.get(TEXT), message.get(TOKENS_NAMES[TEXT]))

    @staticmethod
    def _show_kinds(message: Message, matches: list[Match]) -> None:
        names = [match for match in matches if match.entry.entity in NAMED]
        tokens = _without_names(message.get(TOKENS_NAMES[TEXT]), names)
        kinds = sorted({_NAME_SIGN + _kind(match.entry) for match in matches})
        end = len(message.get(TEXT))
        message.set(TOKENS_NAMES[TEXT], [*tokens, *(Token(kind, end) for kind in kinds)])


def _kind(entry: Entry) -> str:
    """Return what the classifier is shown: markets tell more than that they are some category of place."""
    if entry.entity in {"category", "topic"}:
        return entry.value.partition("+")[0]
    return entry.entity


def _entity(match: Match) -> dict[str, Any]:
    return {
        "entity": match.entry.entity,
        "value": match.entry.value,
        "start": match.start,
        "end": match.end,
        "name": match.entry.spelling,
        "extractor": GazetteerExtractor.__name__,
    }


def _without_names(tokens: list[Token], names: list[Match]) -> list[Token]:
    """Replace the tokens of each name; what stands fused behind a name (사파에, "at Sa Pa") stays."""
    shown: list[Token] = []
    told: set[Match] = set()
    for token in tokens:
        name = next(
            (name for name in names if token.start < name.end and name.start < token.end), None
        )
        if name is None:
            shown.append(token)
            continue
        if name not in told:
            told.add(name)
            shown.append(Token(_NAME_SIGN, name.start))
        if name.end < token.end:
            rest = token.text[name.end - token.start :]
            shown.append(Token(rest, name.end, lemma=fold(rest)))
    return shown
