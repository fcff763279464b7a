"""What both components share that tell messages apart by planes: how they are fitted, kept, read and asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from typing_extensions import Self

from intents.features import Views, views_of
from intents.planes import Planes, fitted
from meaning.second_look import SecondLook, prepared

_FILE, _VOCABULARY = "planes.npz", "vocabulary.json"


class PlanesComponent(GraphComponent):
    """`HEAD`: what the second look was fitted to (meaning/head.py). `HEAD_SHARE`: how much it counts beside the planes."""

    HEAD: ClassVar[Path]
    HEAD_SHARE: ClassVar[float]

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        planes: Planes | None = None,
        second_look: SecondLook | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._planes = planes
        self._second_look = second_look

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,  # noqa: ANN401 - Rasa's signature
    ) -> Self:
        with model_storage.read_from(resource) as folder:
            planes = _read(folder)
        second_look = prepared(planes.intents, cls.HEAD, cls.HEAD_SHARE)
        return cls(config, model_storage, resource, planes, second_look)

    def _fit(self, messages: list[Message], names: list[str]) -> Resource:
        """Fit planes to messages and what each is called, and keep them."""
        self._planes = fitted([_views(one) for one in messages], names, self._config["C"])
        with self._model_storage.write_to(self._resource) as folder:
            _write(folder, self._planes)
        return self._resource

    def _beliefs(self, message: Message, planes: Planes) -> np.ndarray:
        """Return the beliefs in what the planes tell apart, in their order."""
        beliefs = planes.beliefs(_views(message))
        if self._second_look is not None:
            beliefs = self._second_look.of(message.get(TEXT), beliefs)
        return beliefs


def _views(message: Message) -> Views:
    """Return what is seen of a message that the tokenizer and the gazetteer have read."""
    tokens = message.get(TOKENS_NAMES[TEXT])
    return views_of([token.text for token in tokens], [token.lemma for token in tokens])


def _write(folder: Path, planes: Planes) -> None:
    np.savez(folder / _FILE, **planes.arrays())
    names = json.dumps({"terms": planes.terms, "intents": planes.intents}, ensure_ascii=False)
    (folder / _VOCABULARY).write_text(names, encoding="utf-8")


def _read(folder: Path) -> Planes:
    names = json.loads((folder / _VOCABULARY).read_text(encoding="utf-8"))
    with np.load(folder / _FILE) as arrays:
        return Planes(names["terms"], names["intents"], **dict(arrays))
