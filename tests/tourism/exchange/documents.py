"""Documents with places, and what takes them in."""

import json
from collections.abc import AsyncIterator
from typing import Any

from api.context import Services
from api.kit.store import Store
from api.tourism.editing.repository import PLACE_EDITS, PLACE_VERSIONS
from api.tourism.exchange.importing import Format, Taken
from api.tourism.repository import PLACES
from tests.tourism.editing.editors import THAC_BAC

Object = dict[str, Any]


def a_feature(place_id: str = "thac-moi", **said: Any) -> Object:  # noqa: ANN401 - any property
    properties = {"names": {"vi": "Thác Mới"}, "category": "WATERFALL", "confidence": "HIGH"}
    point = {"type": "Point", "coordinates": [THAC_BAC["longitude"], THAC_BAC["latitude"]]}
    return {
        "type": "Feature",
        "id": place_id,
        "geometry": point,
        "properties": properties | said,
    }


def a_collection(*features: Object, **members: Any) -> bytes:  # noqa: ANN401 - any member
    return json.dumps({"type": "FeatureCollection", "features": features, **members}).encode()


def a_node(**said: Any) -> Object:  # noqa: ANN401 - any property
    """Return a waterfall as somebody else's site would have it."""
    return {
        "@context": "https://schema.org",
        "@type": "Waterfall",
        "@id": "https://example.org/falls/1",
        "name": "Thác Mới",
        "geo": {"@type": "GeoCoordinates", **THAC_BAC},
        "additionalProperty": {
            "@type": "PropertyValue",
            "propertyID": "confidence",
            "value": "LOW",
        },
        **said,
    }


async def whole(parts: AsyncIterator[bytes]) -> bytes:
    return b"".join([part async for part in parts])


async def exported(services: Services, kind: Format, language: str | None = None) -> bytes:
    return await whole(services.tourism.exporting.places(kind, language))


async def take(services: Services, document: bytes, kind: Format = Format.GEOJSON) -> list[Taken]:
    return await services.tourism.importing.take(document, kind)


async def nothing_was_taken(store: Store, places: int) -> bool:
    edits, versions = await store[PLACE_EDITS].count({}), await store[PLACE_VERSIONS].count({})
    return (await store[PLACES].count({}), edits, versions) == (places, 0, 0)
