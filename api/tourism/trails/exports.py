"""Trails as files for receivers and maps: GPX 1.1 and GeoJSON (RFC 7946). Nobody's data is in them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gpxpy.gpx
import orjson

from api.kit.formats import distance_text
from api.kit.localized import best_language
from api.tourism.records import Texts
from api.tourism.trails.labels import LINE_LABELS
from api.tourism.trails.line import Line
from api.tourism.trails.trail import Course, Trail
from locales.province import province_name


@dataclass(frozen=True, slots=True)
class ExportedTrail:
    """A trail and its line, for a reader of `language`. `translate`: a msgid into that language."""

    trail: Trail
    line: Line
    language: str
    translate: Callable[[str], str]

    @property
    def name(self) -> str:
        return _best(self.trail.facts.names, self.language)

    @property
    def remark(self) -> str:
        """How far the line can be trusted, in words."""
        return line_remark(self.trail.course, self.language, self.translate)


def line_remark(course: Course, language: str, translate: Callable[[str], str]) -> str:
    """Return how far a line can be trusted, in words."""
    distance = distance_text(course.accuracy_metres, language)
    return translate(LINE_LABELS[course.kind]).format(distance=distance)


def gpx_of(exported: ExportedTrail) -> bytes:
    """Return a GPX 1.1 document of one track with one segment."""
    track = gpxpy.gpx.GPXTrack(exported.name, exported.remark)
    track.segments.append(gpxpy.gpx.GPXTrackSegment(_track_points(exported.line)))
    document = gpxpy.gpx.GPX()
    document.creator = province_name("vi")
    document.name = exported.name
    document.description = exported.remark
    document.tracks.append(track)
    text: str = document.to_xml("1.1")
    return text.encode()


def geojson_of(exported: ExportedTrail) -> bytes:
    """Return a Feature with a LineString and a bounding box."""
    trail, bounds = exported.trail, exported.trail.course.bounds
    course = trail.course
    document: dict[str, Any] = {
        "type": "Feature",
        "id": trail.id,
        "bbox": [bounds.west, bounds.south, bounds.east, bounds.north],
        "geometry": {"type": "LineString", "coordinates": _coordinates(exported.line)},
        "properties": {
            "name": exported.name,
            "lineKind": course.kind.name,
            "lineAccuracy": course.accuracy_metres,
            "remark": exported.remark,
            "length": _whole(trail.length_metres),
            "walkingMinutes": trail.minutes,
            "difficulty": trail.difficulty.name,
        },
    }
    return orjson.dumps(document)


def _track_points(line: Line) -> list[Any]:
    return [
        gpxpy.gpx.GPXTrackPoint(it.latitude, it.longitude, elevation=it.elevation)
        for it in line.points
    ]


def _coordinates(line: Line) -> list[list[float]]:
    """Return positions of one length: with heights only where all are known."""
    if any(it.elevation is None for it in line.points):
        return [[it.longitude, it.latitude] for it in line.points]
    return [[it.longitude, it.latitude, it.elevation or 0.0] for it in line.points]


def _whole(metres: float | None) -> int | None:
    return None if metres is None else round(metres)


def _best(texts: Texts, asked: str) -> str:
    language = best_language(texts, asked)
    return texts[language] if language else ""
