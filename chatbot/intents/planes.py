"""Planes between intents: fitted to training messages, and read as beliefs."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import numpy as np
import scipy.sparse as sp

from intents.features import Views

_RARE_AT_MOST = 1
"""Parts of words that stand in so many messages or fewer are left out: most are of one name or one error."""
_HELD_BACK = 8
"""One message of so many is held back to fit the belief on."""
_SHARPNESSES = np.geomspace(1, 12, 40)


@dataclass
class Planes:
    """`terms`: of each view, in the order of their columns; `rarity`: a weight for each column.

    `weights` and `offsets`: a plane an intent. `sharpness`: how fast belief grows with the distance.
    """

    terms: list[list[str]]
    intents: list[str]
    rarity: np.ndarray
    weights: np.ndarray
    offsets: np.ndarray
    sharpness: np.ndarray
    _columns: list[dict[str, int]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._columns = _columns(self.terms)

    def arrays(self) -> dict[str, Any]:
        """Return what numpy keeps of it."""
        return {
            "rarity": self.rarity,
            "weights": self.weights,
            "offsets": self.offsets,
            "sharpness": self.sharpness,
        }

    def beliefs(self, views: Views) -> np.ndarray:
        """Return the beliefs in the intents, in their order; they add up to 1."""
        columns, row = _row(views, self._columns, self.rarity)
        distances = self.weights[columns].T @ row + self.offsets
        return _beliefs(distances[None, :], float(self.sharpness))[0]


def fitted(views: list[Views], intents: list[str], strength: float) -> Planes:
    """Return planes fitted to messages; `strength` is the inverse of the regularisation's.

    The sharpness takes as long as the planes, and is fitted in a process beside.
    """
    counts = _counts(views)
    terms = [sorted(count) for count in counts]
    columns = _columns(terms)
    rarity = _rarity(counts, terms, len(views))
    rows, names = _rows(views, columns, rarity), np.asarray(intents)
    held = np.arange(len(names)) % _HELD_BACK == 0
    with ProcessPoolExecutor(1, get_context("spawn")) as beside:
        # A copy: it is packed by a thread, while the fit here notes in the rows what it finds of them.
        sharpness = beside.submit(_fitted_sharpness, rows.copy(), names, held, strength)
        model = _fit(rows, names, strength)
    return Planes(
        terms,
        [str(name) for name in model.classes_],
        rarity,
        np.ascontiguousarray(model.coef_.T, dtype=np.float32),
        model.intercept_.astype(np.float32),
        np.float32(sharpness.result()),
    )


def _fit(rows: sp.csr_matrix, names: np.ndarray, strength: float) -> Any:  # noqa: ANN401 - scikit-learn's model
    from sklearn.svm import LinearSVC

    return LinearSVC(C=strength, random_state=0).fit(rows, names)


def _fitted_sharpness(
    rows: sp.csr_matrix, names: np.ndarray, held: np.ndarray, strength: float
) -> float:
    """Return the sharpness under which messages that were held back are the least surprising."""
    model = _fit(rows[~held], names[~held], strength)
    known = np.isin(names[held], model.classes_)
    distances = model.decision_function(rows[held])[known]
    right = np.searchsorted(model.classes_, names[held][known])
    at = np.arange(len(right))

    def surprise(sharpness: float) -> float:
        return float(-np.log(_beliefs(distances, sharpness)[at, right] + 1e-9).mean())

    return float(min(_SHARPNESSES, key=surprise))


def _beliefs(distances: np.ndarray, sharpness: float) -> np.ndarray:
    raised = np.exp(sharpness * (distances - distances.max(axis=1, keepdims=True)))
    return raised / raised.sum(axis=1, keepdims=True)


def _counts(views: list[Views]) -> list[Counter[str]]:
    """Return in how many messages each term of a view stands, without the rare parts of words."""
    written, folded, parts = Counter[str](), Counter[str](), Counter[str]()
    for one in views:
        for count, view in zip((written, folded, parts), one.each(), strict=True):
            count.update(view.keys())
    frequent = {part: messages for part, messages in parts.items() if messages > _RARE_AT_MOST}
    return [written, folded, Counter(frequent)]


def _columns(terms: list[list[str]]) -> list[dict[str, int]]:
    columns, start = [], 0
    for view in terms:
        columns.append({term: start + at for at, term in enumerate(view)})
        start += len(view)
    return columns


def _rarity(counts: list[Counter[str]], terms: list[list[str]], of: int) -> np.ndarray:
    """Return a weight for each column: the fewer of the `of` messages it stands in, the more."""
    each = [count[term] for count, view in zip(counts, terms, strict=True) for term in view]
    messages = np.asarray(each, dtype=np.float32)
    return np.log((1 + of) / (1 + messages)).astype(np.float32) + 1


def _rows(views: list[Views], columns: list[dict[str, int]], rarity: np.ndarray) -> sp.csr_matrix:
    """Return a row a message."""
    rows = [_row(one, columns, rarity) for one in views]
    ends = np.cumsum([0, *(len(at) for at, _ in rows)])
    indices = np.concatenate([at for at, _ in rows])
    data = np.concatenate([weights for _, weights in rows])
    return sp.csr_matrix((data, indices, ends), shape=(len(views), len(rarity)))


def _row(
    views: Views, columns: list[dict[str, int]], rarity: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns of a message, and what stands in them: each view is of length 1, however long the message is."""
    data, indices = [], []
    for view, column in zip(views.each(), columns, strict=True):
        known = [(column[term], count) for term, count in view.items() if term in column]
        at = np.fromiter((index for index, _ in known), dtype=np.int32, count=len(known))
        counts = np.fromiter((count for _, count in known), dtype=np.float32, count=len(known))
        weights = (1 + np.log(counts)) * rarity[at] if len(known) else counts
        norm = float(np.sqrt((weights**2).sum())) or 1.0
        data.append((weights / norm).astype(np.float32))
        indices.append(at)
    return np.concatenate(indices), np.concatenate(data)
