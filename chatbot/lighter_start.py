"""Spares the bot what Rasa reads at its start to train: TensorFlow above all, 4 s of processor and 260 MB."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any


class _AtFirstUse(ModuleType):
    """Stands for a module until something of it is asked for."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the module has
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def lighten() -> None:
    """To be called before anything of Rasa is imported, in a process that answers and does not train."""
    import rasa.utils

    name = "rasa.utils.train_utils"
    stand_in = _AtFirstUse(name)
    stand_in.__spec__ = find_spec(name)
    sys.modules[name] = rasa.utils.train_utils = stand_in

    from rasa.engine.storage.storage import ModelMetadata

    read = ModelMetadata.from_dict.__func__
    ModelMetadata.from_dict = classmethod(
        # The components of the training are imported with it, and TensorFlow with their checks.
        lambda cls, told: read(cls, {**told, "train_schema": {"nodes": {}}})
    )
