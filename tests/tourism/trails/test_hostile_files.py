"""Files that are wrong, or meant to hurt: each is refused by name, and nothing is kept of it."""

import json
import time
from pathlib import Path

import httpx
import pytest

from api.kit.store import Store
from api.tourism.commune_index import CommuneIndex
from api.tourism.errors import TourismProblem
from api.tourism.trails.files import BYTES_AT_MOST, TrailFormat, line_in
from api.tourism.trails.repository import TRAIL_LINES, TRAILS
from tests.accounts.people import SignedInPerson
from tests.tourism.closures.ways_to_close import edit
from tests.tourism.trails.walks import NORTHWARDS, an_import, gpx

GOOD = gpx(NORTHWARDS)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION_LAUGHS = f'<!DOCTYPE gpx [<!ENTITY l0 "ha">{LAUGHS}]>' + GOOD.replace(
    "<trk>", "<name>&l9;</name><trk>"
)
OURS = "kept-only-on-the-server"


def coordinates(*points: object, kind: str = "LineString") -> str:
    return json.dumps({"type": kind, "coordinates": points})


HOSTILE_GPX = {
    "nothing": ("", "FILE_NOT_READABLE"),
    "no XML": ("lat,lon\n22.33,103.84", "FILE_NOT_READABLE"),
    "cut off": (GOOD[:-20], "FILE_NOT_READABLE"),
    "another root": (GOOD.replace("gpx ", "kml ").replace("/gpx>", "/kml>"), "FILE_NOT_READABLE"),
    "another namespace": (GOOD.replace("GPX/1/1", "GPX/2/0"), "FILE_NOT_READABLE"),
    "a document type": (f"<!DOCTYPE gpx>{GOOD}", "FORBIDDEN_MARKUP"),
    "a document type elsewhere": (
        f'<!DOCTYPE gpx SYSTEM "http://127.0.0.1/">{GOOD}',
        "FORBIDDEN_MARKUP",
    ),
    "an entity": (f'<!DOCTYPE gpx [<!ENTITY a "b">]>{GOOD}', "FORBIDDEN_MARKUP"),
    "a billion laughs": (BILLION_LAUGHS, "FORBIDDEN_MARKUP"),
    "an undeclared entity": (GOOD.replace("1500.0", "&a;"), "FILE_NOT_READABLE"),
    "an encoding that is a trick": (
        f'<?xml version="1.0" encoding="utf-7"?>{GOOD}',
        "FILE_NOT_READABLE",
    ),
    "an encoding nobody knows": (
        f'<?xml version="1.0" encoding="x-none"?>{GOOD}',
        "FILE_NOT_READABLE",
    ),
    "no end of elements": ("<gpx>" + "<trk>" * 5_000, "FILE_TOO_COMPLEX"),
    "one point": (gpx(NORTHWARDS[:1]), "NO_LINE"),
    "one place": (gpx([(22.33, 103.84), (22.33, 103.84), (22.33001, 103.84)]), "NO_LINE"),
    "no points": (gpx([]), "NO_LINE"),
    "waypoints alone": (gpx(before='<wpt lat="22.33" lon="103.84"/>' * 3), "NO_LINE"),
    "not a number": (GOOD.replace("22.33", "nan", 1), "INVALID_TRAIL_POINT"),
    "no end": (GOOD.replace("103.84", "inf", 1), "INVALID_TRAIL_POINT"),
    "digits of another script": (
        GOOD.replace("22.33", "\u0662\u0662.33", 1),
        "INVALID_TRAIL_POINT",
    ),
    "underscores in a height": (GOOD.replace("1500.0", "1_500.0", 1), "INVALID_ELEVATION"),
    "beyond a float": (GOOD.replace("22.33", "1e999", 1), "INVALID_TRAIL_POINT"),
    "beyond the pole": (GOOD.replace("22.33", "91", 1), "INVALID_TRAIL_POINT"),
    "no latitude": (GOOD.replace("lat=", "lot=", 1), "INVALID_TRAIL_POINT"),
    "markup in a number": (GOOD.replace("22.33", "&lt;script&gt;", 1), "INVALID_TRAIL_POINT"),
    "over the antimeridian": (GOOD.replace("103.84", "-179.99", 1), "OUTSIDE_PROVINCE"),
    "null island": (gpx([(0.0, 0.0), (0.001, 0.001)]), "OUTSIDE_PROVINCE"),
    "Ha Noi": (gpx([*NORTHWARDS, (21.03, 105.85)]), "OUTSIDE_PROVINCE"),
    "as high as no mountain": (GOOD.replace("1550.0", "4001"), "INVALID_ELEVATION"),
    "no height": (GOOD.replace("1550.0", "nan"), "INVALID_ELEVATION"),
    "a height in words": (GOOD.replace("1550.0", "x" * 10_000), "INVALID_ELEVATION"),
    "parts apart": (gpx(NORTHWARDS[:2], [(22.35, 103.84), (22.36, 103.84)]), "GAP_IN_LINE"),
    "too long": (gpx([(22.33, 103.84), (22.36, 103.9)] * 30), "LINE_TOO_LONG"),
}
HOSTILE_GEOJSON = {
    "nothing": ("", "FILE_NOT_READABLE"),
    "null": ("null", "FILE_NOT_READABLE"),
    "a text": ('"LineString"', "FILE_NOT_READABLE"),
    "no type": ("{}", "FILE_NOT_READABLE"),
    "a list as its type": ('{"type":["LineString"],"coordinates":[]}', "FILE_NOT_READABLE"),
    "an object as its type": ('{"type":{},"coordinates":[]}', "FILE_NOT_READABLE"),
    "a polygon": (coordinates([[103.84, 22.33]] * 4, kind="Polygon"), "FILE_NOT_READABLE"),
    "endless lists": ("[" * 50_000, "FILE_NOT_READABLE"),
    "endless features": (
        '{"type":"Feature","geometry":' * 1_000 + "null" + "}" * 1_000,
        "FILE_TOO_COMPLEX",
    ),
    "collections in collections": (
        '{"type":"GeometryCollection","geometries":[' * 9 + "]}" * 9,
        "FILE_TOO_COMPLEX",
    ),
    "coordinates that are none": (coordinates("103", "22"), "FILE_NOT_READABLE"),
    "numbers as texts": (coordinates(["103.84", "22.33"], [1, 2]), "FILE_NOT_READABLE"),
    "truth": (coordinates([True, False], [103, 22]), "FILE_NOT_READABLE"),
    "one number": (coordinates([103.84], [103.85]), "FILE_NOT_READABLE"),
    "not a number": ('{"type":"LineString","coordinates":[[NaN,22],[1,2]]}', "FILE_NOT_READABLE"),
    "a number of many digits": (
        '{"type":"LineString","coordinates":[[' + "9" * 5_000 + ",22],[1,2]]}",
        "FILE_NOT_READABLE",
    ),
    "latitude first": (coordinates([22.33, 103.84], [22.34, 103.84]), "INVALID_TRAIL_POINT"),
    "a height in words": (coordinates([103.84, 22.33, "up"], [103.85, 22.33]), "FILE_NOT_READABLE"),
    "no line": ('{"type":"FeatureCollection","features":[]}', "NO_LINE"),
    "points alone": (coordinates(103.84, 22.33, kind="Point"), "NO_LINE"),
    "no geometry": ('{"type":"Feature","geometry":null}', "NO_LINE"),
    "one point": (coordinates([103.84, 22.33]), "NO_LINE"),
}
BATTERY = [
    *(pytest.param(*it, "GPX", id=f"GPX: {name}") for name, it in HOSTILE_GPX.items()),
    *(pytest.param(*it, "GEOJSON", id=f"GeoJSON: {name}") for name, it in HOSTILE_GEOJSON.items()),
]


@pytest.mark.parametrize(("document", "code", "format"), BATTERY)
async def test_it_is_refused_by_name_and_nothing_is_kept(
    client: httpx.AsyncClient,
    store: Store,
    editor: SignedInPerson,
    document: str,
    code: str,
    format: str,
) -> None:
    result = await edit(client, "ImportTrail", an_import(document, format=format), editor)

    assert (result.get("code"), result.get("field")) == (code, "document")
    assert await store[TRAILS].count({}) == await store[TRAIL_LINES].count({}) == 0


def refusal(document: bytes, communes: CommuneIndex, format: TrailFormat) -> TourismProblem:
    with pytest.raises(TourismProblem) as refused:
        line_in(document, format, communes)
    return refused.value


def test_a_file_of_this_machine_is_never_read(communes: CommuneIndex, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(OURS)
    document = f'<!DOCTYPE gpx [<!ENTITY s SYSTEM "{secret.as_uri()}">]>' + GOOD.replace(
        "1500.0", "&s;"
    )

    refused = refusal(document.encode(), communes, TrailFormat.GPX)

    assert refused.code.name == "FORBIDDEN_MARKUP"
    assert OURS not in str(refused)


@pytest.mark.parametrize("format", TrailFormat)
def test_bytes_are_counted_before_they_are_read(
    communes: CommuneIndex, format: TrailFormat
) -> None:
    assert refusal(b" " * (BYTES_AT_MOST + 1), communes, format).params == {"most": 8_192}


@pytest.mark.parametrize(
    ("document", "format", "code"),
    [
        (
            b"<gpx><trk><trkseg>" + b'<trkpt lat="22.33" lon="103.84"/>' * 100_001,
            TrailFormat.GPX,
            "TOO_MANY_POINTS",
        ),
        (
            b'{"type":"LineString","coordinates":[' + b"[103,22]," * 100_000 + b"[103,22]]}",
            TrailFormat.GEOJSON,
            "TOO_MANY_POINTS",
        ),
        (
            gpx([(22.33 + n % 2 / 1_000, 103.84) for n in range(10_001)]).encode(),
            TrailFormat.GPX,
            "TOO_MANY_POINTS",
        ),
        (b"<gpx>" + b"<a/>" * 2_000_000, TrailFormat.GPX, "FILE_TOO_COMPLEX"),
        (
            b"<gpx " + b"".join(b"a%d='' " % n for n in range(500_000)),
            TrailFormat.GPX,
            "FILE_NOT_READABLE",
        ),
    ],
    ids=["GPX points", "GeoJSON points", "points of a line", "elements", "attributes"],
)
def test_what_is_too_much_is_refused_in_seconds(
    communes: CommuneIndex, document: bytes, format: TrailFormat, code: str
) -> None:
    begun = time.process_time()

    refused = refusal(document[:BYTES_AT_MOST], communes, format)

    assert refused.code.name == code
    assert time.process_time() - begun < 20
