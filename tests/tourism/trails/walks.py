"""Trails and their files, as tests need them."""

import json
from collections.abc import Sequence
from typing import Any

import httpx

from tests.accounts.people import Answer, SignedInPerson, new_key
from tests.conftest import send, send_raw
from tests.tourism.closures.ways_to_close import edit

Points = Sequence[Sequence[float]]

NORTHWARDS: Points = [
    (22.330, 103.840, 1500.0),
    (22.335, 103.840, 1550.0),
    (22.340, 103.841, 1520.0),
]
"""About a kilometre from the centre of Sa Pa: latitude, longitude, metres above the sea."""


def gpx(*segments: Points, version: str = "1.1", before: str = "", inside: str = "") -> str:
    """Return a file with one track of these segments. `inside` stands in every point."""
    parts = "".join(
        "<trkseg>" + "".join(_trkpt(point, inside) for point in segment) + "</trkseg>"
        for segment in segments
    )
    namespace = f"http://www.topografix.com/GPX/{version.replace('.', '/')}"
    head = f'<gpx version="{version}" creator="Garmin 42" xmlns="{namespace}">'
    return f"{head}{before}<trk>{parts}</trk></gpx>"


def _trkpt(point: Sequence[float], inside: str) -> str:
    elevation = f"<ele>{point[2]}</ele>" if len(point) > 2 else ""
    return f'<trkpt lat="{point[0]}" lon="{point[1]}">{elevation}{inside}</trkpt>'


def geojson(points: Points = NORTHWARDS) -> str:
    coordinates = [[point[1], point[0], *point[2:]] for point in points]
    return json.dumps({"type": "LineString", "coordinates": coordinates})


def an_import(document: str | None = None, **said: Any) -> Answer:  # noqa: ANN401 - any field
    """Return the input of an import of a new trail."""
    known: Answer = {
        "document": gpx(NORTHWARDS) if document is None else document,
        "format": "GPX",
        "facts": {"names": [{"language": "vi", "text": "Đường thử"}]},
        "idempotencyKey": new_key(),
    }
    return known | said


async def imported(
    client: httpx.AsyncClient,
    editor: SignedInPerson,
    document: str | None = None,
    **said: Any,  # noqa: ANN401 - any field of the input
) -> Answer:
    """Import a new trail and return it."""
    result = await edit(client, "ImportTrail", an_import(document, **said), editor)
    assert result["__typename"] == "ImportTrailSuccess", result
    trail: Answer = result["trail"]
    return trail


async def trail(client: httpx.AsyncClient, trail_id: str, **asked: Any) -> Answer | None:  # noqa: ANN401
    found: Answer | None = (await send(client, "tourism/Trail", {"id": trail_id, **asked}))["trail"]
    return found


async def listed(client: httpx.AsyncClient, **asked: Any) -> Answer:  # noqa: ANN401 - any argument
    found: Answer = (await send(client, "tourism/Trails", asked))["trails"]
    return found


async def refused(client: httpx.AsyncClient, operation: str, **asked: Any) -> str:  # noqa: ANN401
    """Ask in a way that is refused and return the code."""
    reply = await send_raw(client, f"tourism/{operation}", asked)
    return str(reply.json()["errors"][0]["extensions"]["code"])
