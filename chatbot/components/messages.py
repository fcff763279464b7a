"""Reads the training messages: plain text under an intent, without what Rasa's reader looks for in each line.

Rasa's takes a millisecond a message, and reads them all several times in a training.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

import project

KIND = "kind"
"""Of emergencies: which number they want (dialogue/emergency_kinds.py); "any" where a cry does not tell."""

_BULLET = "- "


class TrainingMessage(NamedTuple):
    intent: str
    text: str
    kind: str | None = None


class PlainMessage(Message):
    """A message that is known by what it said at first.

    Rasa asks each a hundred times who it is, to find in its cache what was made of it; we keep no cache.
    """

    def fingerprint(self) -> str:
        known = self.__dict__.get("_known_by")
        if known is None:
            known = self.__dict__["_known_by"] = super().fingerprint()
        return known

    def __hash__(self) -> int:
        return hash(self.fingerprint())

    def __deepcopy__(self, _: dict[int, Any]) -> PlainMessage:
        """Return it with attributes of its own, which components replace and never change.

        Rasa copies all messages six times before the first component sees them: half a minute, if copied in depth.
        """
        copied = PlainMessage(self.data, set(self.output_properties), self.time)
        copied.features = list(self.features)
        if (known := self.__dict__.get("_known_by")) is not None:
            copied.__dict__["_known_by"] = known
        return copied


class PlainMessages(RasaFileImporter):
    """Takes rules and domain as Rasa does."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        messages = [
            PlainMessage(data={TEXT: one.text, INTENT: one.intent, KIND: one.kind})
            for path in sorted(self._nlu_files)
            for one in training_messages(Path(path))[:: project.takes_one_of()]
        ]
        return TrainingData(messages)


@cache
def training_messages(path: Path) -> tuple[TrainingMessage, ...]:
    """Return the messages of a file."""
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return tuple(_messages(document))


def _messages(document: dict) -> Iterator[TrainingMessage]:
    for group in document["nlu"]:
        kind = group.get("metadata", {}).get(KIND)
        for line in group["examples"].splitlines():
            if line.startswith(_BULLET):
                yield TrainingMessage(group["intent"], line[len(_BULLET) :].strip(), kind)
