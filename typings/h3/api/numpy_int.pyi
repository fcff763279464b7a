# What we use of h3's interface with cells as arrays of integers.

from typing import Any

import numpy as np
from numpy.typing import NDArray

def geo_to_cells(geo: dict[str, Any], res: int) -> NDArray[np.uint64]: ...
def cell_to_latlng(h: np.uint64) -> tuple[float, float]: ...
def compact_cells(cells: NDArray[np.uint64]) -> NDArray[np.uint64]: ...
