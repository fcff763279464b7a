"""What other systems get: the Atom feed, CAP messages, GeoJSON."""

from itertools import pairwise
from typing import Any

import httpx
import pytest
from lxml import etree

from api.alerts.cap_reader import read_message
from api.alerts.feed import entries_of
from api.alerts.publishing.cap_writer import cap_document
from tests.alerts.conftest import REAL_MESSAGES, Door, needs_real_messages
from tests.alerts.messages import SA_PA_CODE, alert, area, circle, geocode, info, polygon, reference
from tests.conftest import MovableClock

LATER = "2026-05-01T16:20:00+07:00"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
TWO_LANGUAGES = alert(
    info("vi", event="Lũ quét", headline="Lũ quét ở Sa Pa"),
    info("en", event="Flash flood", headline="Flash flood in Sa Pa"),
)
CANCEL = alert(identifier="c", sent=LATER, msg_type="Cancel", references=reference())


async def feed(client: httpx.AsyncClient, language: str = "en") -> list[tuple[str, ...]]:
    """Return title and state of each entry."""
    reply = await client.get("/cap/v1/feed", headers={"accept-language": language})
    assert reply.status_code == 200
    entries = etree.fromstring(reply.content).findall("a:entry", ATOM)
    states = "a:category[@scheme='urn:laocai:alert-state']"
    return [
        (
            entry.findtext("a:title", "", ATOM),
            *(one.get("term", "") for one in entry.findall(states, ATOM)),
        )
        for entry in entries
    ]


async def collection(client: httpx.AsyncClient, language: str = "en") -> list[dict[str, Any]]:
    reply = await client.get("/cap/v1/active.geojson", headers={"accept-language": language})
    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/geo+json")
    assert reply.json()["type"] == "FeatureCollection"
    features: list[dict[str, Any]] = reply.json()["features"]
    return features


async def test_the_feed_names_what_holds_in_the_readers_language(
    door: Door, client: httpx.AsyncClient
) -> None:
    await door.accepts(TWO_LANGUAGES)

    assert await feed(client) == [("Flash flood in Sa Pa", "ACTIVE")]
    assert await feed(client, "vi") == [("Lũ quét ở Sa Pa", "ACTIVE")]


async def test_our_own_reader_finds_the_message_behind_an_entry(
    door: Door, client: httpx.AsyncClient
) -> None:
    answer = await door.accepts(TWO_LANGUAGES)

    (entry,) = entries_of((await client.get("/cap/v1/feed")).content) or []

    assert entry.link is not None
    assert entry.link.endswith(f"/cap/v1/alerts/{answer['id']}.xml")
    served = await client.get(httpx.URL(entry.link).path)
    assert served.headers["content-type"] == "application/cap+xml"
    assert read_message(served.content) == read_message(TWO_LANGUAGES)


async def test_a_cancelled_warning_and_its_cancel_stay_for_a_day(
    door: Door, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    await door.accepts(TWO_LANGUAGES)
    clock.advance(minutes=1)
    await door.accepts(CANCEL)

    assert set(await feed(client)) == {
        ("Flash flood in Sa Pa", "CANCELLED"),
        ("Warning lifted", "EXPIRED"),
    }
    clock.advance(hours=23)
    assert len(await feed(client)) == 2
    clock.advance(hours=2)
    assert await feed(client) == []


@pytest.mark.parametrize(
    "kept",
    [
        {"status": "Exercise"},
        {"status": "Test"},
        {"scope": "Private", "addresses": "a"},
        {"scope": "Restricted", "restriction": "r"},
    ],
)
async def test_what_is_not_for_the_public_is_like_what_is_not_there(
    door: Door, client: httpx.AsyncClient, kept: dict[str, str]
) -> None:
    answer = await door.accepts(alert(**kept))

    refused = await client.get(f"/cap/v1/alerts/{answer['id']}.xml")
    absent = await client.get(f"/cap/v1/alerts/{'a' * 26}.xml")

    assert (refused.status_code, refused.json()) == (404, absent.json())
    assert refused.json()["code"] == "ALERT_NOT_FOUND"
    assert await feed(client) == []
    assert await collection(client) == []


async def test_whoever_has_a_version_gets_no_second_copy(
    door: Door, client: httpx.AsyncClient
) -> None:
    answer = await door.accepts(TWO_LANGUAGES)

    for path in ("/cap/v1/feed", "/cap/v1/active.geojson", f"/cap/v1/alerts/{answer['id']}.xml"):
        first = await client.get(path)
        again = await client.get(path, headers={"if-none-match": first.headers["etag"]})

        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert first.headers["access-control-allow-origin"] == "*"
        assert first.headers["cache-control"].startswith("public, max-age=")


async def test_a_date_serves_whoever_has_no_tag(
    door: Door, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    await door.accepts(TWO_LANGUAGES)
    within_the_second = await client.get("/cap/v1/feed")
    clock.advance(seconds=2)
    first = await client.get("/cap/v1/feed")
    since = {"if-modified-since": first.headers["last-modified"]}

    unchanged = await client.get("/cap/v1/feed", headers=since)
    clock.advance(minutes=1)
    await door.accepts(CANCEL)
    changed = await client.get("/cap/v1/feed", headers=since)
    nonsense = await client.get("/cap/v1/feed", headers={"if-modified-since": "yesterday"})

    assert "last-modified" not in within_the_second.headers
    assert first.headers["last-modified"] == "Fri, 01 May 2026 09:30:00 GMT"
    assert (unchanged.status_code, changed.status_code, nonsense.status_code) == (304, 200, 200)


async def test_geojson_draws_outer_rings_counterclockwise_and_holes_the_other_way(
    door: Door, client: httpx.AsyncClient
) -> None:
    clockwise = "22.30,103.80 22.38,103.80 22.38,103.88 22.30,103.88 22.30,103.80"
    await door.accepts(alert(info(areas=area(polygon(clockwise)))))

    (feature,) = await collection(client)

    assert feature["geometry"]["type"] == "MultiPolygon"
    ((ring,),) = feature["geometry"]["coordinates"]
    assert sorted((x, y) for x, y in ring[:-1]) == [
        (103.8, 22.3),
        (103.8, 22.38),
        (103.88, 22.3),
        (103.88, 22.38),
    ]
    assert ring[0] == ring[-1]
    pairs = pairwise(ring)
    assert sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) > 0


async def test_geojson_tells_colour_and_words_in_the_readers_language(
    door: Door, client: httpx.AsyncClient
) -> None:
    answer = await door.accepts(TWO_LANGUAGES)

    (feature,) = await collection(client, "vi")

    told = feature["properties"]
    assert feature["id"] == f"{answer['id']}.0"
    assert (told["headline"], told["language"]) == ("Lũ quét ở Sa Pa", "vi")
    assert (told["severity"], told["colour"]) == ("SEVERE", "#F58220")
    assert told["severityLabel"] == "Rất nguy hiểm"
    assert told["expires"] == "2026-05-01T15:00:00+00:00"


async def test_what_has_no_surface_and_what_is_nowhere_is_drawn_as_that(
    door: Door, client: httpx.AsyncClient
) -> None:
    await door.accepts(alert(info(areas=area(circle("22.3,103.8 0")))))
    await door.accepts(alert(info(areas=area()), identifier="nowhere"))

    drawn = {one["properties"]["identifier"]: one["geometry"] for one in await collection(client)}

    assert drawn == {
        "flood-1": {
            "type": "GeometryCollection",
            "geometries": [{"type": "Point", "coordinates": [103.8, 22.3]}],
        },
        "nowhere": None,
    }


async def test_only_what_holds_now_is_on_the_map(
    door: Door, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    await door.accepts(TWO_LANGUAGES)
    clock.advance(hours=7)

    assert await collection(client) == []
    assert await feed(client) == [("Flash flood in Sa Pa", "EXPIRED")]


ALL_KINDS = [
    TWO_LANGUAGES,
    alert(info(areas=area(circle("22.3,103.8 0.00001"), geocode("VN-COMMUNE", SA_PA_CODE)))),
]


@needs_real_messages
@pytest.mark.parametrize("message", ALL_KINDS)
async def test_what_is_served_validates_with_the_standards_schema(
    door: Door, client: httpx.AsyncClient, message: bytes
) -> None:
    schema = etree.XMLSchema(etree.parse(REAL_MESSAGES / "CAP-v1.2.xsd"))
    answer = await door.accepts(message)

    served = await client.get(f"/cap/v1/alerts/{answer['id']}.xml")

    schema.assertValid(etree.fromstring(served.content))
    assert read_message(served.content) == read_message(message)


@needs_real_messages
@pytest.mark.parametrize(
    "name", ["canada.cap", "iceland_met_office.cap", "mexico.xml", "taiwan.cap"]
)
def test_real_messages_come_out_as_they_went_in(name: str) -> None:
    schema = etree.XMLSchema(etree.parse(REAL_MESSAGES / "CAP-v1.2.xsd"))
    message = read_message((REAL_MESSAGES / name).read_bytes())

    written = cap_document(message)

    schema.assertValid(etree.fromstring(written))
    assert read_message(written) == message
