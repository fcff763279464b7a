"""Makes of a line what is kept of it beside its points."""

from api.kit.geo import Position
from api.tourism.trails.line import Line
from api.tourism.trails.trail import Bounds, Course, LineKind
from api.tourism.trails.walking import measured

OUTLINE_METRES = 10.0
OUTLINE_POINTS_AT_MOST = 200


def course_of(line: Line, kind: LineKind, accuracy_metres: float) -> Course:
    """Return the course along `line`. Takes up to a tenth of a second."""
    outline, tolerance = line.with_points_at_most(OUTLINE_POINTS_AT_MOST, OUTLINE_METRES)
    latitudes = [it.latitude for it in line.points]
    longitudes = [it.longitude for it in line.points]
    return Course(
        kind=kind,
        accuracy_metres=accuracy_metres,
        outline=tuple(Position(it.latitude, it.longitude) for it in outline.points),
        outline_metres=tolerance,
        bounds=Bounds(min(latitudes), min(longitudes), max(latitudes), max(longitudes)),
        points=len(line.points),
        measures=measured(line),
        cells=tuple(line.cells()),
    )
