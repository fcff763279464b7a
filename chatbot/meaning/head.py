"""What tells intents, or kinds of emergencies, from a message's vector.

One hidden layer (three fits side by side), fitted by `chatbot/fit_meaning.py` and kept with the code.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

INTENTS = Path(__file__).with_name("head.npz")
KINDS = Path(__file__).with_name("kinds.npz")
_LEAST = -12.0
"""Logarithm of the least belief: no intent is ruled out by this alone."""


@dataclass(frozen=True)
class Head:
    """`intents` in the order of the columns; vectors are moved by `mean` and divided by `spread` first."""

    intents: np.ndarray
    mean: np.ndarray
    spread: np.ndarray
    hidden: np.ndarray
    hidden_offsets: np.ndarray
    out: np.ndarray
    out_offsets: np.ndarray

    def log_beliefs(self, vectors: np.ndarray) -> np.ndarray:
        rows = (vectors - self.mean) / self.spread
        rows = np.maximum(rows @ self.hidden + self.hidden_offsets, 0) @ self.out + self.out_offsets
        rows -= rows.max(axis=1, keepdims=True)
        return np.maximum(rows - np.log(np.exp(rows).sum(axis=1, keepdims=True)), _LEAST)

    def save(self, file: Path) -> None:
        arrays = {field.name: getattr(self, field.name) for field in fields(self)}
        small = {name: _halved(array) for name, array in arrays.items()}
        np.savez_compressed(file, **small)


def _halved(array: np.ndarray) -> np.ndarray:
    return array.astype(np.float16) if array.dtype.kind == "f" else array


def load(file: Path) -> Head:
    with np.load(file) as kept:
        arrays = dict(kept.items())
    return Head(**{name: _doubled(array) for name, array in arrays.items()})


def _doubled(array: np.ndarray) -> np.ndarray:
    return array.astype(np.float32) if array.dtype.kind == "f" else array


_TIMES = 3
"""So many heads are fitted from different beginnings and averaged: one alone hangs on where it began."""


def fitted(vectors: np.ndarray, names: np.ndarray, *, hidden: int = 256, rounds: int = 12) -> Head:
    """Return a head fitted to messages and what each is called; the same for the same messages."""
    from sklearn.neural_network import MLPClassifier

    mean, spread = vectors.mean(axis=0), vectors.std(axis=0) + 1e-6
    rows = (vectors - mean) / spread
    models = [
        MLPClassifier(
            (hidden,),
            alpha=1e-3,
            batch_size=256,
            learning_rate_init=1e-3,
            max_iter=rounds,
            random_state=seed,
        ).fit(rows, names)
        for seed in range(_TIMES)
    ]
    return Head(
        np.asarray(models[0].classes_, dtype="U"),
        mean,
        spread,
        np.concatenate([model.coefs_[0] for model in models], axis=1),
        np.concatenate([model.intercepts_[0] for model in models]),
        np.concatenate([model.coefs_[1] for model in models]) / _TIMES,
        np.mean([model.intercepts_[1] for model in models], axis=0),
    )
