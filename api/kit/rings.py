"""Rings as people draw them, made into valid geometry that loses nothing of their inside.

x is longitude and y latitude, degrees, WGS 84; edges are straight in that plane.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.affinity import translate
from shapely.geometry import LineString, MultiPoint, Polygon, box
from shapely.geometry.base import BaseGeometry

WORLD = box(-180, -90, 180, 90)
DECIMALS = 9
"""Of a degree: finer differences are noise, on which floating point stumbles."""
CROWDED_PAIRS_PER_VERTEX = 4
CROWDED_PAIRS = 1_000
COMPARISONS_AT_ONCE = 1_000_000
COMPARISONS_AT_MOST = 50_000_000
ASIDE_DEGREES = 1e-7
"""About a centimetre: to stand beside a line, and not on it."""

Ring = NDArray[np.float64]


def filled(points: Sequence[tuple[float, float]]) -> BaseGeometry:
    """Return what the ring of (longitude, latitude) encloses, within -180 to 180 degrees.

    A ring that crosses or touches itself is filled by the non-zero winding rule: both lobes of a
    bow tie are inside, what is drawn twice is inside, and a hole joined to its shell by a keyhole
    (and drawn the other way round) stays a hole; where opposite turns cancel out without making a
    hole, that is inside too. Without any inside, the line or point is kept. An
    edge of more than 180 degrees means the short way, over the antimeridian. Corners are taken to
    the tenth of a millimetre.
    """
    corners: Ring = np.asarray(points, dtype=np.float64).round(DECIMALS)
    return wrapped(_repaired(_unwrapped(corners)))


def wrapped(geometry: BaseGeometry) -> BaseGeometry:
    """Bring what lies east of 180 or west of -180 degrees back into the world, cut there.

    What winds round the earth further than 540 degrees either way becomes all of its latitudes.
    """
    west, south, east, north = geometry.bounds
    if west >= -180 and east <= 180 and south >= -90 and north <= 90:
        return geometry
    if west < -540 or east > 540:
        return box(-180, max(south, -90), 180, min(north, 90))
    copies = [translate(geometry, shift) for shift in (-360.0, 0.0, 360.0)]
    return shapely.union_all([shapely.intersection(copy, WORLD) for copy in copies])


def _unwrapped(ring: Ring) -> Ring:
    """Close the ring, let longitudes run on over the antimeridian, and go round by a pole it encloses."""
    if (ring[0] != ring[-1]).any():
        ring = np.vstack([ring, ring[:1]])
    steps = np.diff(ring[:, 0])
    # A step of the whole 360 degrees is the edge of a box round the world, not a way of length 0.
    jumps = np.where((np.abs(steps) > 180) & (np.abs(steps) < 360), -np.sign(steps) * 360, 0)
    ring = ring.copy()
    ring[1:, 0] += np.cumsum(jumps)
    if ring[-1, 0] == ring[0, 0]:
        return ring
    pole = 90.0 if ring[:, 1].mean() > 0 else -90.0
    return np.vstack([ring, [ring[-1, 0], pole], [ring[0, 0], pole], ring[0]])


def _repaired(ring: Ring) -> BaseGeometry:
    if len(ring) >= 4:
        polygon = Polygon(ring)
        if polygon.is_valid and polygon.area > 0:
            return polygon
    if _is_crowded(ring):
        return MultiPoint(ring).convex_hull
    is_one_point = (ring == ring[0]).all()
    line = MultiPoint(ring[:1]) if is_one_point else shapely.union_all(LineString(ring))
    faces = shapely.get_parts(shapely.polygonize([line]))
    windings = _winding_numbers(shapely.get_coordinates(shapely.point_on_surface(faces)), ring)
    inside = [
        face
        for face, winding in zip(faces, windings.tolist(), strict=True)
        if winding or not _is_hole(face, ring)
    ]
    # Faces meet in whole edges, which makes uniting them cheap.
    return shapely.coverage_union_all(inside) if inside else line


def _is_crowded(ring: Ring) -> bool:
    """Tell whether the edges may cross so often that sorting the ring out costs too much.

    A drawn area never does; then its convex hull, which loses nothing, must do.
    """
    edges = [LineString(ends) for ends in np.stack([ring[:-1], ring[1:]], axis=1)]
    tree = shapely.STRtree(edges)
    allowed = CROWDED_PAIRS_PER_VERTEX * len(ring) + CROWDED_PAIRS
    pairs = 0
    for start in range(0, len(edges), 500):
        pairs += tree.query(edges[start : start + 500]).shape[1]
        if pairs > allowed:
            return True
    return False


def _is_hole(face: BaseGeometry, ring: Ring) -> bool:
    """Tell whether a face that the ring does not go round was left out on purpose.

    Then the ring runs along all of its border once, the same way round. Where two lobes of opposite
    turns overlap, or the ring goes back the way it came, the face is inside of something after all.
    """
    edges = [np.stack([line[:-1], line[1:]], axis=1) for line in _borders(face)]
    ends = np.concatenate(edges)
    along = ends[:, 1] - ends[:, 0]
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    across *= ASIDE_DEGREES / np.linalg.norm(along, axis=1, keepdims=True)
    beside = ends.mean(axis=1)
    if len(beside) * len(ring) > COMPARISONS_AT_MOST:
        return False
    beyond = _winding_numbers(beside + across, ring) + _winding_numbers(beside - across, ring)
    return bool((beyond > 0).all() or (beyond < 0).all())


def _borders(face: BaseGeometry) -> list[Ring]:
    return [shapely.get_coordinates(line) for line in shapely.get_rings(face)]


def _winding_numbers(points: Ring, ring: Ring) -> NDArray[np.int64]:
    """Count how often the ring goes round each point, anticlockwise positive (Sunday's method)."""
    found = [np.zeros(0, dtype=np.int64)]
    x0, y0, x1, y1 = ring[:-1, 0], ring[:-1, 1], ring[1:, 0], ring[1:, 1]
    at_once = max(1, COMPARISONS_AT_ONCE // len(ring))
    for start in range(0, len(points), at_once):
        some = points[start : start + at_once]
        x, y = some[:, :1], some[:, 1:]
        side = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)
        upward = (y0 <= y) & (y1 > y) & (side > 0)
        downward = (y0 > y) & (y1 <= y) & (side < 0)
        found.append(upward.sum(axis=1) - downward.sum(axis=1))
    return np.concatenate(found)
