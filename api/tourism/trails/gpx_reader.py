"""Reads the lines of a GPX 1.0 or 1.1 file, and nothing else of it: no times, names, authors or devices.

The file streams through defusedxml's parser, which refuses document types and entities before they
have an effect; no tree is built. (gpxpy would read the file with regular expressions and lxml, and
register its namespaces for the whole process: it gets to see only what we write.)
"""

from collections.abc import Callable
from xml.sax import SAXException
from xml.sax.handler import ContentHandler, ErrorHandler, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser
from typing_extensions import override

from api.tourism.trails.errors import FileNotReadable, FileTooComplex, ForbiddenMarkup
from api.tourism.trails.typed_points import TypedPoint, check_points

DEPTH_AT_MOST = 24
ELEMENTS_AT_MOST = 2_000_000
NAMESPACES = frozenset(
    {"http://www.topografix.com/GPX/1/0", "http://www.topografix.com/GPX/1/1", None}
)
_PARTS = {"trkseg": "trkpt", "rte": "rtept"}
_NUMBER_CHARACTERS_AT_MOST = 64

Lines = list[list[TypedPoint]]
Name = tuple[str | None, str]


def read_gpx(document: bytes) -> Lines:
    """Return the points of each segment of the tracks, in order; without tracks, those of the routes.

    Raises FileNotReadable, ForbiddenMarkup, FileTooComplex or TooManyPoints.
    """
    handler = _Handler()
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(handler)
    parser.setErrorHandler(ErrorHandler())
    try:
        parser.feed(document)
        parser.close()
    except DefusedXmlException as error:
        raise ForbiddenMarkup from error
    except (SAXException, LookupError, ValueError) as error:
        # The last two: an encoding that Python does not know, or cannot map.
        raise FileNotReadable(format="GPX") from error
    if not handler.is_gpx:
        raise FileNotReadable(format="GPX")
    return handler.tracks or handler.routes


class _Handler(ContentHandler):
    """Gathers points while their elements pass."""

    def __init__(self) -> None:
        super().__init__()
        self.is_gpx = False
        self.tracks: Lines = []
        self.routes: Lines = []
        self._open: list[str] = []
        self._elements = self._points = 0
        self._height: list[str] | None = None

    @override
    def startElementNS(self, name: Name, qname: str | None, attrs: AttributesNSImpl) -> None:
        namespace, local = name
        self._elements += 1
        if len(self._open) == DEPTH_AT_MOST or self._elements > ELEMENTS_AT_MOST:
            raise FileTooComplex
        is_ours = namespace in NAMESPACES
        if not self._open:
            self.is_gpx = is_ours and local == "gpx"
        self._open.append(local if is_ours else "")
        if self.is_gpx and is_ours:
            self._begin(local, lambda of: str(attrs.get((None, of), "")))

    @override
    def endElementNS(self, name: Name, qname: str | None) -> None:
        if self._open.pop() == "ele" and self._height is not None:
            lines = self._lines_of(self._open[-1])
            lines[-1][-1] = lines[-1][-1]._replace(elevation="".join(self._height))
            self._height = None

    @override
    def characters(self, content: str) -> None:
        if self._height is not None and sum(map(len, self._height)) < _NUMBER_CHARACTERS_AT_MOST:
            self._height.append(content)

    def _begin(self, local: str, attribute: Callable[[str], str]) -> None:
        around = self._open[-2] if len(self._open) > 1 else ""
        if local in _PARTS:
            self._lines_of(_PARTS[local]).append([])
        elif _PARTS.get(around) == local:
            self._points += 1
            check_points(self._points)
            point = TypedPoint(attribute("lat"), attribute("lon"))
            self._lines_of(local)[-1].append(point)
        elif local == "ele" and around in _PARTS.values():
            self._height = []

    def _lines_of(self, point: str) -> Lines:
        return self.tracks if point == "trkpt" else self.routes
