"""The encoder: a transformer of which the lower layers are enough to tell what a message is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from meaning.pieces import Pieces
from meaning.weights import Weights

LAYERS = 9
"""Of twelve. The upper three gained 0.0025 of the messages held back, for a third more time."""
_ASKED = "query: "
"""How the encoder was taught to tell questions from what answers them."""
_TOGETHER = 2048
"""Pieces that are read at once."""
_RATE = np.float32(0.3275911 * 0.5**0.5)
_TAIL = tuple(
    np.float32(one / 2)
    for one in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
)


@dataclass(frozen=True)
class _Layer:
    """Weights and offsets: of attention (three in one), what goes out of it, and the two inner steps."""

    attention: tuple[np.ndarray, np.ndarray]
    out: tuple[np.ndarray, np.ndarray]
    out_norm: tuple[np.ndarray, np.ndarray]
    widened: tuple[np.ndarray, np.ndarray]
    narrowed: tuple[np.ndarray, np.ndarray]
    norm: tuple[np.ndarray, np.ndarray]


class Encoder:
    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._pieces = Pieces(weights)
        self._layers = [_layer(weights, f"l{number}") for number in range(LAYERS)]
        width = weights.width
        self._places = weights.plain("emb.pos").reshape(-1, width)
        self._places = self._places + weights.plain("emb.type").reshape(-1, width)[0]
        self._norm = weights.plain("emb.ln.w"), weights.plain("emb.ln.b")

    def vectors(self, texts: list[str]) -> np.ndarray:
        """Return a row for each text: the mean of what its pieces mean where they stand."""
        cut = [self._pieces.of(_ASKED + text) for text in texts]
        rows = np.empty((len(cut), self._weights.width), np.float32)
        for together in _of_one_length(cut):
            rows[together] = self._read(np.array([cut[at] for at in together]))
        return rows

    def _read(self, numbers: np.ndarray) -> np.ndarray:
        texts, length = numbers.shape
        states = self._weights.rows("emb.word", self._weights.width, numbers.ravel())
        states = self._normed(states + np.tile(self._places[:length], (texts, 1)), self._norm)
        for layer in self._layers:
            states = self._through(layer, states, texts)
        return states.reshape(texts, length, -1).mean(axis=1)

    def _through(self, layer: _Layer, states: np.ndarray, texts: int) -> np.ndarray:
        seen = _times(self._attended(layer, states, texts), layer.out)
        states = self._normed(states + seen, layer.out_norm)
        inner = _gelu(_times(states, layer.widened))
        return self._normed(states + _times(inner, layer.narrowed), layer.norm)

    def _attended(self, layer: _Layer, states: np.ndarray, texts: int) -> np.ndarray:
        heads = self._weights.heads
        shape = texts, len(states) // texts, 3, heads, self._weights.width // heads
        asking, asked, told = (
            _times(states, layer.attention).reshape(shape).transpose(2, 0, 3, 1, 4)
        )
        heed = asking @ asked.transpose(0, 1, 3, 2) / np.float32(shape[-1] ** 0.5)
        heed = np.exp(heed - heed.max(axis=-1, keepdims=True))
        heed /= heed.sum(axis=-1, keepdims=True)
        return (heed @ told).transpose(0, 2, 1, 3).reshape(states.shape)

    def _normed(self, states: np.ndarray, norm: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        states = states - states.mean(axis=1, keepdims=True)
        spread = np.einsum("ij,ij->i", states, states) / states.shape[1]
        return states / np.sqrt(spread + self._weights.epsilon)[:, None] * norm[0] + norm[1]


def _times(states: np.ndarray, step: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    # With the few pieces of a message on the right a product takes half the time.
    return (step[0] @ states.T).T + step[1]


def _gelu(values: np.ndarray) -> np.ndarray:
    """Return each value times the normal distribution's share below it; the share within 10^-7.

    Abramowitz and Stegun, 7.1.26. Its error is that of 32 bits, and scipy's erf takes three times as long.
    """
    size = np.abs(values)
    at = np.float32(1) / (_RATE * size + np.float32(1))
    tail = _TAIL[0] * at
    for factor in _TAIL[1:]:
        tail += factor
        tail *= at
    tail *= np.exp(np.float32(-0.5) * size * size)
    tail *= size
    np.maximum(values, 0, out=size)
    return np.subtract(size, tail, out=size)


def _layer(weights: Weights, name: str) -> _Layer:
    width = weights.width

    def plain(*names: str) -> np.ndarray:
        return np.concatenate([weights.plain(f"{name}.{one}") for one in names])

    def table(columns: int, *names: str) -> np.ndarray:
        tables = [weights.table(f"{name}.{one}", columns) for one in names]
        return np.concatenate(tables)

    return _Layer(
        (table(width, "q.w", "k.w", "v.w"), plain("q.b", "k.b", "v.b")),
        (table(width, "ao.w"), plain("ao.b")),
        (plain("aln.w"), plain("aln.b")),
        (table(width, "fi.w"), plain("fi.b")),
        (table(weights.inner, "fo.w"), plain("fo.b")),
        (plain("oln.w"), plain("oln.b")),
    )


def _of_one_length(cut: list[list[int]]) -> Iterator[list[int]]:
    together: list[int] = []
    for at in sorted(range(len(cut)), key=lambda at: len(cut[at])):
        length = len(cut[at])
        if together and (len(cut[together[0]]) != length or len(together) * length >= _TOGETHER):
            yield together
            together = []
        together.append(at)
    if together:
        yield together
