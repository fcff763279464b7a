import json
from typing import Any

import httpx
import pytest

from api.tourism.exchange.rest import DOCUMENTS_FROM_ONE_ADDRESS
from tests.accounts.people import SignedInPerson
from tests.tourism.editing.conftest import editor as editor
from tests.tourism.editing.editors import change

GEOJSON, JSON_LD = "/tourism/v1/places.geojson", "/tourism/v1/places.jsonld"
BAC_HA = "/tourism/v1/places/P055"


async def test_all_places_as_geojson(client: httpx.AsyncClient, province: None) -> None:
    reply = await client.get(GEOJSON)

    document = reply.json()
    assert reply.headers["content-type"] == "application/geo+json"
    assert (document["type"], len(document["features"])) == ("FeatureCollection", 145)
    assert document["license"] == "https://opendatacommons.org/licenses/odbl/1-0/"
    assert "OpenStreetMap contributors" in document["attribution"]
    market = next(it for it in document["features"] if it["id"] == "P055")
    assert market["geometry"] == {"type": "Point", "coordinates": [104.292, 22.539]}
    assert set(market["properties"]["names"]) == {"vi", "en", "zh-Hans", "fr", "ko", "ja"}


async def test_all_places_as_json_ld(client: httpx.AsyncClient, province: None) -> None:
    reply = await client.get(JSON_LD)

    document = reply.json()
    assert reply.headers["content-type"] == "application/ld+json"
    assert len(document["@graph"]) == 146
    assert document["@graph"][0]["license"] == "https://opendatacommons.org/licenses/odbl/1-0/"


async def test_a_reader_gets_the_texts_of_one_language(
    client: httpx.AsyncClient, province: None
) -> None:
    reply = await client.get(f"{BAC_HA}.geojson", headers={"accept-language": "ko-KR"})

    properties = reply.json()["properties"]
    assert reply.headers["content-language"] == "ko"
    assert (properties["name"], properties["names"]) == ("박하 시장", {"ko": "박하 시장"})


async def test_one_place_as_json_ld(client: httpx.AsyncClient, province: None) -> None:
    reply = await client.get(f"{BAC_HA}.jsonld", headers={"accept-language": "fr"})

    _, place = reply.json()["@graph"]
    assert place["@type"] == ["ShoppingCenter", "TouristAttraction"]
    assert place["name"] == [{"@value": "Marché de Bac Ha", "@language": "fr"}]
    assert place["containedInPlace"]["identifier"] == "02839"


@pytest.mark.parametrize("path", [GEOJSON, JSON_LD, f"{BAC_HA}.geojson", f"{BAC_HA}.jsonld"])
async def test_who_has_it_already_gets_no_body(
    client: httpx.AsyncClient, province: None, path: str
) -> None:
    tag = (await client.get(path)).headers["etag"]

    again = await client.get(path, headers={"if-none-match": f'"other", {tag}'})
    in_another_language = await client.get(
        path, headers={"if-none-match": tag, "accept-language": "vi"}
    )

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert in_another_language.status_code == 200


async def test_an_edit_makes_another_version(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    tag = (await client.get(GEOJSON)).headers["etag"]
    await change(client, editor, "P055", {"altitude": 990})

    reply = await client.get(GEOJSON, headers={"if-none-match": tag})

    market: dict[str, Any] = next(it for it in reply.json()["features"] if it["id"] == "P055")
    assert market["properties"]["altitude"] == 990


@pytest.mark.parametrize("place_id", ["P999", "%00", "..%2f..", "x" * 200, "a b"])
async def test_a_place_that_is_not_there(
    client: httpx.AsyncClient, province: None, place_id: str
) -> None:
    reply = await client.get(
        f"/tourism/v1/places/{place_id}.geojson", headers={"accept-language": "en"}
    )

    assert (reply.status_code, reply.json()["code"]) == (404, "NOT_FOUND")


async def test_an_empty_province_is_a_sound_document(client: httpx.AsyncClient) -> None:
    geojson, json_ld = await client.get(GEOJSON), await client.get(JSON_LD)

    assert geojson.json()["features"] == []
    assert len(json_ld.json()["@graph"]) == 1


async def test_documents_from_one_address_are_counted(
    client: httpx.AsyncClient, province: None
) -> None:
    for _ in range(DOCUMENTS_FROM_ONE_ADDRESS.times):
        await client.get(f"{BAC_HA}.geojson")

    reply = await client.get(GEOJSON)

    assert (reply.status_code, reply.json()["code"]) == (429, "TOO_MANY_REQUESTS")
    assert int(reply.headers["retry-after"]) > 0


async def test_a_document_is_one_json_value(client: httpx.AsyncClient, province: None) -> None:
    for path in (GEOJSON, JSON_LD):
        text = (await client.get(path)).text

        assert json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":")) == (
            text.replace("\n", "")
        )
