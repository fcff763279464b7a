"""Documents that are not taken in: each refusal names row, id and field, and nothing is changed."""

import json
import time
import tracemalloc
from typing import Any

import httpx
import pytest

from api.context import Services
from api.kit.store import Store
from api.tourism.exchange.errors import InvalidExchange, UnreadableDocument
from api.tourism.exchange.importing import Format
from api.tourism.exchange.strict_json import BYTES_AT_MOST, read_json
from api.tourism.repository import PLACES
from tests.tourism.editing.editors import an_editor, retire
from tests.tourism.exchange.documents import (
    a_collection,
    a_feature,
    a_node,
    nothing_was_taken,
    take,
)

HOSTILE = [
    b"",
    b"{",
    b"\xff\xfe{}",
    b"\xef\xbb\xbf{}",
    b"[" * 100_000,
    b'{"a":' * 40 + b"1" + b"}" * 40,
    b'{"a": NaN}',
    b'{"a": -Infinity}',
    b'{"a": 1e999}',
    b'{"a": ' + b"9" * 5_000 + b"}",
    b'{"a": 1, "a": 2}',
    b'{"a": {"b": 1, "b": 2}}',
    b'{"a": "\\ud800"}',
    b'{"a": ["\\u0000"]}',
    b'{"a": "unterminated',
    b'{"a": 1} trailing',
]


@pytest.mark.parametrize("document", HOSTILE, ids=lambda it: repr(it[:20]))
def test_what_is_no_sound_json_is_refused(document: bytes) -> None:
    with pytest.raises(UnreadableDocument):
        read_json(document)


def test_a_document_that_is_too_large_is_not_parsed() -> None:
    with pytest.raises(UnreadableDocument, match="more than 50000000 bytes"):
        read_json(b" " * (BYTES_AT_MOST + 1))


def test_a_long_text_takes_little_more_memory_than_itself() -> None:
    size = 2_000_000
    document = b'"' + b"a" * size
    tracemalloc.start()

    with pytest.raises(UnreadableDocument, match="Unterminated string"):
        read_json(document)

    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10 * size


def test_a_name_that_is_there_twice_is_found_at_once() -> None:
    names = ",".join(f'"{number}":0' for number in range(40_000))
    began = time.process_time()

    with pytest.raises(UnreadableDocument, match="'39999' is there twice"):
        read_json(f'{{{names},"39999":1}}'.encode())

    assert time.process_time() - began < 2.0


def test_brackets_in_texts_are_no_levels() -> None:
    text = "[{" * 100 + '"\\'

    assert read_json(json.dumps({"a": text}).encode()) == {"a": text}


UNREADABLE: list[tuple[bytes, Format, str]] = [
    (b"[]", Format.GEOJSON, "no GeoJSON object"),
    (b'{"type": "Topology"}', Format.GEOJSON, "neither a Feature nor a FeatureCollection"),
    (a_collection(crs={"type": "name"}), Format.GEOJSON, "crs: RFC 7946 knows WGS 84 only"),
    (b'["x"]', Format.JSON_LD, "no JSON-LD object"),
    (b'{"@graph": []}', Format.JSON_LD, "@context: only schema.org's is understood"),
    (
        json.dumps(a_node(**{"@context": "https://evil.example/context.jsonld"})).encode(),
        Format.JSON_LD,
        "@context: only schema.org's is understood",
    ),
    (
        json.dumps(
            a_node(**{"@context": {"@vocab": "https://schema.org/", "name": "@type"}})
        ).encode(),
        Format.JSON_LD,
        "@context: only schema.org's is understood",
    ),
    (
        json.dumps(a_node(**{"@context": {"@vocab": ["https://schema.org/"]}})).encode(),
        Format.JSON_LD,
        "@context: only schema.org's is understood",
    ),
    (
        json.dumps(
            a_node(**{"@context": ["https://schema.org", "http://169.254.169.254/"]})
        ).encode(),
        Format.JSON_LD,
        "@context: only schema.org's is understood",
    ),
]


@pytest.mark.parametrize(("document", "kind", "reason"), UNREADABLE)
async def test_a_document_of_another_kind_is_refused(
    services: Services, document: bytes, kind: Format, reason: str
) -> None:
    with pytest.raises(UnreadableDocument) as refusal:
        await take(services, document, kind)

    assert str(refusal.value).startswith(f"This document cannot be read: {reason}")


def broken(**said: Any) -> bytes:  # noqa: ANN401 - any property
    return a_collection(a_feature(), a_feature("second", **said))


def misplaced(geometry: Any) -> bytes:  # noqa: ANN401 - any JSON value
    return a_collection(a_feature(), a_feature("second") | {"geometry": geometry})


BROKEN_FEATURES: list[tuple[bytes, str]] = [
    (a_collection("x"), "Row 1 (?), id: a Feature with a text as its id is needed"),  # type: ignore[arg-type] # on purpose
    (a_collection({"type": "Feature"}), "Row 1 (?), id: a Feature with a text as its id"),
    (a_collection(a_feature("a b")), "Row 1 (a b), id: 1 to 64 letters, digits, - or _"),
    (a_collection(a_feature("x"), a_feature("x")), "Row 2 (x), id: is there twice"),
    (broken(colour="red"), "Row 2 (second), colour: is not a property of ours"),
    (broken(id="P001"), "Row 2 (second), id: is not a property of ours"),
    (broken(names={}), "Row 2 (second), names.vi: A place needs a name in Vietnamese."),
    (broken(names={"en": "Falls"}), "Row 2 (second), names.vi: A place needs a name in"),
    (broken(names=["Falls"]), "Row 2 (second), names: an object of texts by language"),
    (broken(names={"vi": 7}), "Row 2 (second), names.vi: a text is needed"),
    (broken(names={"vi": "<script>"}), "Row 2 (second), names.vi: Write plain text"),
    (broken(names={"vi": "A", "de": "B"}), "Row 2 (second), id: We do not speak this language"),
    (broken(descriptions={"en": "x" * 4_001}), "Row 2 (second), descriptions.en: Write at most"),
    (broken(category="NOWHERE"), "Row 2 (second), category: This value is not possible."),
    (broken(category=7), "Row 2 (second), category: a text is needed"),
    (broken(category=None), "Row 2 (second), category: a new place needs one"),
    (broken(confidence="SURE"), "Row 2 (second), confidence: This value is not possible."),
    (broken(altitude="high"), "Row 2 (second), altitude: This value is not possible."),
    (broken(altitude=True), "Row 2 (second), altitude: This value is not possible."),
    (broken(altitude=8_848), "Row 2 (second), altitude: This value is not possible."),
    (broken(otherNames="Falls"), "Row 2 (second), otherNames: This value is not possible."),
    (broken(otherNames=[{}]), "Row 2 (second), otherNames: This value is not possible."),
    (broken(openingHours="Mo-Fri 8-5"), "Row 2 (second), openingHours: "),
    (broken(openingHours=["24/7"]), "Row 2 (second), openingHours: This value is not"),
    (broken(phone="call me"), "Row 2 (second), phone: This value is not possible."),
    (broken(website="javascript:alert(1)"), "Row 2 (second), website: This value is not"),
    (broken(website="https://example.org/\u202e"), "Row 2 (second), website: Write plain"),
    (broken(visitMinutes=4), "Row 2 (second), visitMinutes: This value is not possible."),
    (broken(wifi="free"), "Row 2 (second), wifi: This value is not possible."),
    (broken(wifi={"ssid": "x" * 33, "access": "open"}), "Row 2 (second), wifi: Write at most"),
    (broken(wifi={"ssid": "x"}), "Row 2 (second), wifi.access: This value is not possible."),
    (broken(formerUnit={"a": 1}), "Row 2 (second), formerUnit: This value is not possible."),
    (broken(namesUnchecked="vi"), "Row 2 (second), namesUnchecked: a list of languages"),
    (broken(positionAccuracy="x"), "Row 2 (second), positionAccuracy: a number of metres"),
    (broken(positionAccuracy=0), "Row 2 (second), positionAccuracy: This value is not"),
    (broken(communeCode="99999"), "Row 2 (second), communeCode: 99999 is not known"),
    (broken(communeCode=2839), "Row 2 (second), communeCode: a code or null is needed"),
    (misplaced(None), "Row 2 (second), geometry: a Point is needed"),
    (misplaced({"type": "LineString", "coordinates": []}), "Row 2 (second), geometry: a Point"),
    (
        misplaced({"type": "Point", "coordinates": ["103", "22"]}),
        "Row 2 (second), geometry: coordinates are longitude, latitude",
    ),
    (
        misplaced({"type": "Point", "coordinates": [22.36, 103.78]}),
        "Row 2 (second), position: A latitude lies between",
    ),
    (
        misplaced({"type": "Point", "coordinates": [105.85, 21.03]}),
        "Row 2 (second), position: This position lies outside the province.",
    ),
]


@pytest.mark.parametrize(("document", "reason"), BROKEN_FEATURES)
async def test_a_broken_feature_is_named_and_nothing_is_taken(
    services: Services, store: Store, province: None, document: bytes, reason: str
) -> None:
    with pytest.raises(InvalidExchange) as refusal:
        await take(services, document)

    assert str(refusal.value).startswith(reason)
    assert await nothing_was_taken(store, places=145)


def tagged(text: Any, language: Any = "en") -> dict[str, Any]:  # noqa: ANN401
    return {"@value": text, "@language": language}


ID = "dvrvzibgr4l4k2vzrqyorbaukm"
BROKEN_NODES: list[tuple[dict[str, Any], str]] = [
    ({"@type": "Person"}, "@type: no kind of place that we know: ['Person']"),
    ({"@type": None}, "@type: no kind of place that we know: []"),
    ({"geo": None}, "geo: GeoCoordinates is needed"),
    ({"geo": {"latitude": "north", "longitude": 103.7}}, "latitude: a number is needed"),
    ({"geo": {"latitude": "1e999", "longitude": 103.7}}, "latitude: a number is needed"),
    ({"geo": {"latitude": 22.3}}, "position: This value is not possible."),
    ({"name": None}, "names.vi: A place needs a name in Vietnamese."),
    ({"name": [tagged("Falls"), tagged("Falls")]}, "name.en: is there twice"),
    ({"name": tagged(7)}, "name: a text with a language is needed"),
    ({"name": [["Falls"]]}, "name: a text with a language is needed"),
    ({"name": tagged("Fall", "de")}, "id: We do not speak this language yet."),
    (
        {"openingHoursSpecification": {"opens": "08:00"}},
        "openingHoursSpecification: only weekdays with opens and closes are understood",
    ),
    ({"openingHours": "Mo-Fri 8-5"}, "openingHours: "),
    ({"alternateName": [7]}, "alternateName: texts are needed"),
    (
        {"additionalProperty": {"propertyID": "confidence", "value": "SURE"}},
        "confidence: This value is not possible.",
    ),
    ({"url": "https://user:secret@example.org/"}, "website: This value is not possible."),
    (
        {"additionalProperty": {"propertyID": "formerUnit", "value": 7}},
        "formerUnit: a text or a StructuredValue is needed",
    ),
    (
        {
            "additionalProperty": {
                "propertyID": "formerUnit",
                "value": {"description": '{"a": NaN}'},
            }
        },
        "formerUnit: This document cannot be read: NaN is no number in JSON",
    ),
]


@pytest.mark.parametrize(("said", "reason"), BROKEN_NODES)
async def test_a_broken_node_is_named_and_nothing_is_taken(
    services: Services, store: Store, province: None, said: dict[str, Any], reason: str
) -> None:
    document = json.dumps(a_node(identifier="falls-1", **said)).encode()

    with pytest.raises(InvalidExchange) as refusal:
        await take(services, document, Format.JSON_LD)

    assert str(refusal.value).startswith(f"Row 1 (falls-1), {reason}")
    assert await nothing_was_taken(store, places=145)


async def test_a_node_that_nothing_names_is_refused(services: Services, province: None) -> None:
    document = json.dumps(a_node(**{"@id": ""})).encode()

    with pytest.raises(InvalidExchange) as refusal:
        await take(services, document, Format.JSON_LD)

    assert str(refusal.value) == "Row 1 (?), identifier: an identifier, an @id or a url is needed"


async def test_a_retired_place_is_not_brought_back_by_a_document(
    client: httpx.AsyncClient, services: Services, store: Store, province: None
) -> None:
    await retire(client, await an_editor(client, services), "P055")

    with pytest.raises(InvalidExchange) as refusal:
        await take(services, a_collection(a_feature(), a_feature("P055")))

    assert str(refusal.value).startswith("Row 2 (P055), id: This place is retired.")
    assert await store[PLACES].count({}) == 144
