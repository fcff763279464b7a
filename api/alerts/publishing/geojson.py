"""Warnings in force as GeoJSON (RFC 7946): outer rings counterclockwise, longitude first, six decimals."""

from collections.abc import Iterable, Mapping
from typing import Any

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from api.alerts import labels
from api.alerts.bulletins import Bulletin
from api.alerts.cap_message import Severity
from api.alerts.open_alerts import Alert
from api.kit.area import Area
from locales import Translator

COLOURS: Mapping[Severity, str] = {
    Severity.EXTREME: "#E30613",
    Severity.SEVERE: "#F58220",
    Severity.MODERATE: "#FFF3B0",
    Severity.MINOR: "#A6D8F0",
    Severity.UNKNOWN: "#9E9E9E",
}
"""The colours that QĐ 18/2021/QĐ-TTg gives to the levels of risk 4, 3, 2 and 1; grey is ours."""
_DECIMALS = 6


def feature(alert: Alert, number: int, bulletin: Bulletin, translate: Translator) -> dict[str, Any]:
    """Return one event of a warning, in the reader's language. Takes up to a second: run it in a thread."""
    info = bulletin.info_for(translate.language)
    record = alert.record
    return {
        "type": "Feature",
        "id": f"{record.id}.{number}",
        "geometry": _geometry(bulletin.reach.area),
        "properties": {
            "alert": record.id,
            "identifier": record.identifier,
            "sender": record.sender,
            "senderName": info.sender_name,
            "sent": record.sent.isoformat(),
            "language": info.language,
            "event": info.event,
            "headline": info.headline,
            "description": info.description,
            "instruction": info.instruction,
            "areas": [area.description for area in bulletin.areas_for(translate.language)],
            "severity": bulletin.severity.name,
            "severityLabel": translate(labels.SEVERITIES[bulletin.severity]),
            "colour": COLOURS[bulletin.severity],
            "urgency": bulletin.urgency.name,
            "certainty": bulletin.certainty.name,
            "effective": bulletin.effective.isoformat(),
            "expires": bulletin.expires.isoformat(),
        },
    }


def _geometry(area: Area) -> dict[str, Any] | None:
    """Return the parts side by side; None for nowhere. What has no surface stands as it is."""
    rings = [_polygon(part) for part in area.parts if isinstance(part, Polygon)]
    others = [_other(part) for part in area.parts if not isinstance(part, Polygon)]
    if not others:
        return {"type": "MultiPolygon", "coordinates": rings} if rings else None
    surface = [{"type": "MultiPolygon", "coordinates": rings}] if rings else []
    return {"type": "GeometryCollection", "geometries": [*surface, *others]}


def _polygon(part: Polygon) -> list[list[list[float]]]:
    turned = shapely.orient_polygons(part, exterior_cw=False)
    return [_line(ring) for ring in (turned.exterior, *turned.interiors)]


def _other(part: BaseGeometry) -> dict[str, Any]:
    line = _line(part)
    if len(line) == 1:
        return {"type": "Point", "coordinates": line[0]}
    return {"type": "LineString", "coordinates": line}


def _line(shape: BaseGeometry) -> list[list[float]]:
    return [_rounded(corner) for corner in shapely.get_coordinates(shape).tolist()]


def _rounded(corner: Iterable[float]) -> list[float]:
    return [round(number, _DECIMALS) for number in corner]
