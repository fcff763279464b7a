"""Gives a message what the gazetteer finds in it, and shows the classifier kinds in place of names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
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

from gazetteer.entry import Entry
from gazetteer.folding import fold
from gazetteer.lookup import build_lookup
from gazetteer.matching import Gazetteer, Match

_NAMES = ("place", "commune", "province", "facility", "card", "road")
"""Kinds that the classifier sees instead of the words; of the other kinds it sees both."""
_REPORT_CODE = re.compile(r"\bLC-?[0-9A-Z]{3}-?[0-9A-Z]{3}\b", re.IGNORECASE | re.ASCII)
_NAME_SIGN = "ꝑ"
"""What the classifier sees for a name. One rare letter: longer words would weigh by all their parts."""
_FILE = "lookup.json"


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
        text = message.get(TEXT)
        codes = [found.span() for found in _REPORT_CODE.finditer(text)]
        named = [(match.start, match.end) for match in matches if match.entry.entity in _NAMES]
        tokens = _without_names(message.get(TOKENS_NAMES[TEXT]), [*named, *codes])
        kinds = {_kind(match.entry) for match in matches} | ({"report_code"} if codes else set())
        signs = (Token(_NAME_SIGN + kind, len(text)) for kind in sorted(kinds))
        message.set(TOKENS_NAMES[TEXT], [*tokens, *signs])


def _kind(entry: Entry) -> str:
    """Return what the classifier is shown: markets tell more than that they are some category of place."""
    if entry.entity in {"category", "topic"}:
        return entry.value.partition("+")[0]
    return entry.entity


def _entity(match: Match) -> dict[str, Any]:
    """Return it for Rasa, with the code of the road that a place is too and of the commune that a province is too."""
    entity = {
        "entity": match.entry.entity,
        "value": match.entry.value,
        "start": match.start,
        "end": match.end,
        "name": match.entry.spelling,
        "extractor": GazetteerExtractor.__name__,
    }
    too = {"road": match.entry.road, "town": match.entry.town}
    return {**entity, **{kind: code for kind, code in too.items() if code}}


def _without_names(tokens: list[Token], names: list[tuple[int, int]]) -> list[Token]:
    """Replace the tokens of each name; what stands fused around a name (사파에, "at Sa Pa") stays."""
    shown: list[Token] = []
    told: set[tuple[int, int]] = set()
    for token in tokens:
        name = next((one for one in names if token.start < one[1] and one[0] < token.end), None)
        if name is None:
            shown.append(token)
            continue
        if name not in told:
            told.add(name)
            shown.append(Token(_NAME_SIGN, name[0]))
        shown += _around(token, *name)
    return shown


def _around(token: Token, start: int, end: int) -> Iterator[Token]:
    if token.start < start:
        before = token.text[: start - token.start]
        yield Token(before, token.start, lemma=fold(before))
    if end < token.end:
        rest = token.text[end - token.start :]
        yield Token(rest, end, lemma=fold(rest))
