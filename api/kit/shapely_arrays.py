"""shapely over arrays, with types: its own annotations lack arrays of margins, and what comes back."""

from collections.abc import Callable
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

Shapes = NDArray[np.object_]
Numbers = NDArray[np.float64]
Truths = NDArray[np.bool_]

bounds: Final[Callable[..., Numbers]] = vars(shapely)["bounds"]
boxes: Final[Callable[..., Shapes]] = vars(shapely)["box"]
buffer: Final[Callable[..., Shapes]] = vars(shapely)["buffer"]
contains_properly: Final[Callable[..., Truths]] = vars(shapely)["contains_properly"]
contains_xy: Final[Callable[..., Truths]] = vars(shapely)["contains_xy"]
dwithin: Final[Callable[..., Truths]] = vars(shapely)["dwithin"]
from_wkb: Final[Callable[..., Shapes]] = vars(shapely)["from_wkb"]
intersects: Final[Callable[..., Truths]] = vars(shapely)["intersects"]
points: Final[Callable[..., Shapes]] = vars(shapely)["points"]
polygons: Final[Callable[..., Shapes]] = vars(shapely)["polygons"]
rings: Final[Callable[..., Shapes]] = vars(shapely)["linearrings"]
to_wkb: Final[Callable[..., Shapes]] = vars(shapely)["to_wkb"]
