"""Trails as files over HTTP."""

import gpxpy
import httpx
import pytest

from tests.accounts.people import SignedInPerson, new_key
from tests.tourism.closures.ways_to_close import edit
from tests.tourism.trails.walks import imported

GPX, GEOJSON = "/tourism/v1/trails/T001.gpx", "/tourism/v1/trails/T001.geojson"


async def fetch(
    client: httpx.AsyncClient, path: str, language: str = "vi", **headers: str
) -> httpx.Response:
    known = {it.replace("_", "-"): value for it, value in headers.items()}
    return await client.get(path, headers={"accept-language": language, **known})


@pytest.mark.usefixtures("shipped_trails")
async def test_a_trail_is_given_as_gpx_in_the_reader_s_language(client: httpx.AsyncClient) -> None:
    reply = await fetch(client, GPX, "ja")

    assert reply.status_code == 200
    assert reply.headers["content-type"] == "application/gpx+xml"
    assert reply.headers["content-language"] == "ja"
    assert reply.headers["content-disposition"] == 'attachment; filename="lao-cai-T001.gpx"'
    document = gpxpy.parse(reply.text)
    assert (
        document.tracks[0].name
        == "ムオンホア渓谷：カットカット - イーリンホー - ラオチャイ - タヴァン"
    )
    assert document.description == (
        "途中の場所を結んだだけの略図で、誤差は約1 kmです。道案内には使わないでください。"
    )
    assert [it.elevation for it in document.walk(only_points=True)] == [1350, 1300, 1150, 1000]


@pytest.mark.usefixtures("shipped_trails")
async def test_a_trail_is_given_as_geojson(client: httpx.AsyncClient) -> None:
    reply = await fetch(client, GEOJSON, "vi")

    assert reply.headers["content-type"] == "application/geo+json"
    feature = reply.json()
    assert feature["geometry"]["coordinates"][0] == [103.835, 22.329, 1_350.0]
    assert feature["properties"]["lineKind"] == "SKETCH"
    assert feature["properties"]["length"] is None


@pytest.mark.parametrize("path", [GPX, GEOJSON])
@pytest.mark.usefixtures("shipped_trails")
async def test_who_has_it_already_is_told_so(client: httpx.AsyncClient, path: str) -> None:
    tag = (await fetch(client, path)).headers["etag"]

    same = await fetch(client, path, if_none_match=f'"another", W/{tag}')
    another_language = await fetch(client, path, "fr", if_none_match=tag)

    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert another_language.status_code == 200
    assert another_language.headers["etag"] != tag


async def test_a_change_has_another_tag(client: httpx.AsyncClient, editor: SignedInPerson) -> None:
    trail = await imported(client, editor)
    path = f"/tourism/v1/trails/{trail['id']}.gpx"
    tag = (await fetch(client, path)).headers["etag"]
    change = {"id": trail["id"], "expectedVersion": 1, "idempotencyKey": new_key()}
    facts = {"names": [{"language": "vi", "text": "Dốc < 5 km & dài"}]}
    await edit(client, "ChangeTrail", {**change, "facts": facts}, editor)

    reply = await fetch(client, path, if_none_match=tag)

    assert reply.status_code == 200
    assert gpxpy.parse(reply.text).tracks[0].name == "Dốc < 5 km & dài"


@pytest.mark.parametrize("trail_id", ["T999", "..%2FT001", "%00", "T" * 500, "đường", "$ne"])
@pytest.mark.parametrize("ending", ["gpx", "geojson"])
async def test_what_is_not_there_is_a_problem_in_the_reader_s_language(
    client: httpx.AsyncClient, trail_id: str, ending: str
) -> None:
    reply = await fetch(client, f"/tourism/v1/trails/{trail_id}.{ending}")

    assert reply.status_code == 404
    assert reply.headers["content-type"] == "application/problem+json"


async def test_a_problem_has_a_code(client: httpx.AsyncClient) -> None:
    problem = (await fetch(client, "/tourism/v1/trails/T999.gpx")).json()

    assert (problem["code"], problem["detail"]) == (
        "NOT_FOUND",
        "Không có cung đường nào với mã này.",
    )


async def test_one_address_cannot_download_without_end(client: httpx.AsyncClient) -> None:
    statuses = [(await fetch(client, GPX)).status_code for _ in range(400)]

    assert (statuses[0], statuses[-1]) == (404, 429)
