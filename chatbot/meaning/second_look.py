"""A second look at messages of which the planes are unsure: what their words were never seen in may still be meant."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np

from meaning import head, weights
from meaning.head import Head

_SURE = 2.4
"""Logarithm of how many times the second intent's belief the first one's must be: a third of all are below."""
_PERHAPS = 0.005, 0.5
"""Between these beliefs in an emergency, a second look is worth its time too."""
SHARE, SHARE_OF_KINDS = 0.5, 1.0
"""How much the vector's beliefs count beside the planes', as exponents; tried on messages held back."""
_EMERGENCY = "emergency"


class Reading(Protocol):
    def vectors(self, texts: list[str]) -> np.ndarray: ...


class SecondLook:
    """Looks again at intents, or at kinds of emergencies, in the order of `intents`."""

    def __init__(
        self, encoder: Reading, told: Head, intents: list[str], share: float = SHARE
    ) -> None:
        self._encoder, self._head, self._share = encoder, told, share
        columns = {str(name): column for column, name in enumerate(told.intents)}
        self._columns = [columns[name] for name in intents]
        self._emergency = intents.index(_EMERGENCY) if _EMERGENCY in intents else None

    def of(self, text: str, beliefs: np.ndarray) -> np.ndarray:
        """Return the beliefs in the intents, looked at again where `beliefs` are not sure."""
        if not self._is_unsure(beliefs):
            return beliefs
        meant = self._head.log_beliefs(self._encoder.vectors([text]))[0, self._columns]
        raised = np.log(beliefs + 1e-9) + self._share * meant
        raised = np.exp(raised - raised.max())
        return raised / raised.sum()

    def _is_unsure(self, beliefs: np.ndarray) -> bool:
        second, first = np.sort(beliefs)[-2:]
        if np.log(first) - np.log(second + 1e-9) < _SURE:
            return True
        least, most = _PERHAPS
        return self._emergency is not None and bool(least <= beliefs[self._emergency] <= most)


def is_wanted() -> bool:
    return os.environ.get("LAOCAI_BOT_SECOND_LOOK", "1") != "0"


def prepared(
    intents: list[str], file: Path = head.INTENTS, share: float = SHARE
) -> SecondLook | None:
    """Return it ready for these intents; None where it is turned off, or lacks its weights or an intent."""
    if not is_wanted() or not file.exists() or len(intents) < 2:
        return None
    told = head.load(file)
    if not set(intents) <= set(map(str, told.intents)):
        return None
    encoder = _encoder()
    return SecondLook(encoder, told, intents, share) if encoder else None


@cache
def _encoder() -> Reading | None:
    """Return the one of this process, None where its weights are missing."""
    from meaning.encoder import Encoder

    found = weights.installed()
    return Encoder(found) if found else None
