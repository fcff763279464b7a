"""Files of trails: GPX and GeoJSON, in and out."""

from enum import StrEnum, auto

from api.tourism.commune_index import CommuneIndex
from api.tourism.trails.errors import FileTooLarge
from api.tourism.trails.geojson_reader import read_geojson
from api.tourism.trails.gpx_reader import read_gpx
from api.tourism.trails.line import Line
from api.tourism.trails.typed_points import line_of

BYTES_AT_MOST = 8 << 20


class TrailFormat(StrEnum):
    """How a line is written."""

    GPX = auto()
    GEOJSON = auto()


def line_in(document: bytes, format: TrailFormat, communes: CommuneIndex) -> Line:
    """Return the line in a file. Takes up to a second. Raises a TourismProblem for what it refuses."""
    if len(document) > BYTES_AT_MOST:
        raise FileTooLarge(most=BYTES_AT_MOST // 1024)
    read = read_gpx if format is TrailFormat.GPX else read_geojson
    return line_of(read(document), communes)
