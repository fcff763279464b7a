"""Places as JSON-LD in schema.org's words. The context is inside; nothing is ever fetched.

What schema.org has no word for stands in `additionalProperty`, under the names of our contract, so that
our own documents lose nothing.
"""

import json
from typing import Any

from api.tourism.editing.place_fields import DESCRIPTIONS, OPENING_NOTE, public_name
from api.tourism.exchange.opening_specification import specifications_of
from api.tourism.exchange.place_document import LICENSE, PlaceDocument, attribution, title
from api.tourism.exchange.vocabulary import SCHEMA_ORG, types_of
from api.tourism.flat_rows import NAMES
from api.tourism.records import Commune, PlaceCategory
from api.tourism.reviews.ratings import Rating
from api.tourism.reviews.records import STARS_AT_MOST

MEDIA_TYPE = "application/ld+json"
FLOAT = "http://www.w3.org/2001/XMLSchema#float"
_TIME = "http://www.w3.org/2001/XMLSchema#time"
_FLOATS = ("latitude", "longitude", "elevation")
CONTEXT: dict[str, Any] = {
    "@vocab": SCHEMA_ORG,
    **{name: {"@id": f"{SCHEMA_ORG}{name}", "@type": FLOAT} for name in _FLOATS},
    **{name: {"@id": f"{SCHEMA_ORG}{name}", "@type": "@id"} for name in ("license", "url")},
    "dayOfWeek": {"@id": f"{SCHEMA_ORG}dayOfWeek", "@type": "@vocab"},
    **{name: {"@id": f"{SCHEMA_ORG}{name}", "@type": _TIME} for name in ("opens", "closes")},
}
ACCURACY, UNCHECKED, NOTE = "positionAccuracy", "namesUnchecked", "openingNotes"
OTHER_NAMES, ALTITUDE, CATEGORY = "other_names", "altitude_metres", "category"
OPENING_HOURS = "opening_hours"
WORDS_OF_OURS = {"phone": "telephone", "website": "url"}
"""Row fields for which schema.org has a word that means the same."""
_METRES = "MTR"
_ELSEWHERE = frozenset({OTHER_NAMES, ALTITUDE, *WORDS_OF_OURS})

Object = dict[str, Any]


def heading() -> Object:
    """Return the node that says what the document is, and under which terms."""
    return {
        "@id": "urn:laocai:places",
        "@type": "Dataset",
        "name": title(),
        "license": LICENSE,
        "creditText": attribution(),
    }


def node(document: PlaceDocument, commune: Commune | None, rating: Rating | None = None) -> Object:
    """Return a place as a node. `commune`: that of its code, if we know it."""
    rest, position = document.rest, document.position
    category = PlaceCategory(rest[CATEGORY].lower())
    geo: Object = {
        "@type": "GeoCoordinates",
        "latitude": position["latitude"],
        "longitude": position["longitude"],
    }
    if ALTITUDE in rest:
        geo["elevation"] = rest[ALTITUDE]
    found: Object = {
        "@id": f"urn:laocai:place:{document.id}",
        "@type": types_of(category),
        "identifier": document.id,
        "name": _texts(document.texts[NAMES]),
        "geo": geo,
        "additionalProperty": _additional(document),
    }
    if OTHER_NAMES in rest:
        found["alternateName"] = list(rest[OTHER_NAMES])
    if document.texts[DESCRIPTIONS]:
        found["description"] = _texts(document.texts[DESCRIPTIONS])
    found |= {word: rest[name] for name, word in WORDS_OF_OURS.items() if name in rest}
    if hours := specifications_of(rest.get(OPENING_HOURS, "")):
        found["openingHoursSpecification"] = hours
    if code := position["commune_code"]:
        found["containedInPlace"] = _commune(code, commune)
    if rating is not None and rating.tenths is not None:
        found["aggregateRating"] = _rating(rating.count, rating.tenths)
    return found


def _rating(count: int, tenths: int) -> Object:
    return {
        "@type": "AggregateRating",
        "ratingValue": f"{tenths // 10}.{tenths % 10}",
        "reviewCount": count,
        "bestRating": str(STARS_AT_MOST),
        "worstRating": "1",
    }


def _additional(document: PlaceDocument) -> list[Object]:
    accuracy = {"@value": document.position["position_accuracy_metres"], "@type": FLOAT}
    return [
        {**_property(ACCURACY, accuracy), "unitCode": _METRES},
        _property(UNCHECKED, " ".join(document.unchecked)),
        *(_property(NOTE, text) for text in _texts(document.texts[OPENING_NOTE])),
        *(
            _property(public_name(name), _value(value))
            for name, value in document.rest.items()
            if name not in _ELSEWHERE
        ),
    ]


def _property(name: str, value: Any) -> Object:  # noqa: ANN401 - any JSON value
    return {"@type": "PropertyValue", "propertyID": name, "value": value}


def _value(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a text as it is, and what has parts as a text of its own."""
    if isinstance(value, str):
        return value
    return {"@type": "StructuredValue", "description": json.dumps(value, ensure_ascii=False)}


def _texts(by_language: Any) -> list[Object]:  # noqa: ANN401 - texts by language
    return [{"@value": text, "@language": language} for language, text in by_language.items()]


def _commune(code: str, commune: Commune | None) -> Object:
    found: Object = {"@type": "AdministrativeArea", "identifier": code}
    return found | ({"name": _texts(commune.names)} if commune else {})
