import asyncio
import json

import httpx
import pytest

from api.context import Services
from api.kit.store import Store
from api.tourism.editing.repository import PLACE_EDITS, PLACE_VERSIONS
from api.tourism.exchange.importing import Format, Taken
from api.tourism.exchange.vocabulary import CATEGORIES_OF_TYPES
from api.tourism.repository import PLACES
from tests.accounts.staff import noted
from tests.conftest import MovableClock, send
from tests.contract.test_authorization_matrix import everything
from tests.tourism.content import ids
from tests.tourism.editing.editors import an_editor, history
from tests.tourism.exchange.documents import a_collection, a_feature, a_node, take


async def test_new_places_are_there_for_readers(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, province: None
) -> None:
    taken = await take(services, a_collection(a_feature(names={"vi": "Thác Quuxberg"})))

    clock.advance(seconds=2)
    assert [(it.place_id, it.is_new) for it in taken] == [("thac-moi", True)]
    found = (await send(client, "tourism/Places", {"search": "quuxberg"}))["places"]
    assert ids(found) == ["thac-moi"]
    place = (await send(client, "tourism/Place", {"id": "thac-moi"}))["place"]
    assert (place["commune"]["code"], place["namesUnchecked"]) == ("03006", ["vi"])
    assert place["positionAccuracy"] == 100


async def test_what_a_document_leaves_out_stays(
    client: httpx.AsyncClient, services: Services, store: Store, province: None
) -> None:
    market = {"type": "Point", "coordinates": [104.292, 22.539]}
    properties = {"names": {"en": "Bac Ha Sunday market"}}
    feature = {"type": "Feature", "id": "P055", "geometry": market, "properties": properties}

    taken = await take(services, json.dumps(feature).encode())

    assert taken == [Taken("P055", is_new=False, fields=("names.en",))]
    place = (await send(client, "tourism/Place", {"id": "P055"}))["place"]
    assert place["name"]["text"] == "Bac Ha Sunday market"
    assert (place["altitude"], place["category"]) == (1000, "MARKET")


async def test_an_import_is_in_history_and_audit_log(
    client: httpx.AsyncClient, services: Services, province: None
) -> None:
    editor = await an_editor(client, services)

    await take(services, a_collection(a_feature(), a_feature("thac-khac")))

    (version,) = await history(client, editor, "thac-moi")
    assert (version["kind"], version["by"], version["number"]) == ("IMPORTED", "cli", 1)
    entries = await noted(services, "place.imported")
    assert [entry.subject for entry in entries] == ["thac-khac", "thac-moi"]
    assert {entry.actor for entry in entries} == {"cli"}


async def test_a_dry_run_tells_and_changes_nothing(
    services: Services, store: Store, province: None
) -> None:
    document = a_collection(a_feature(), a_feature("P055", category="MARKET"))
    before = await everything(store)

    dry = await services.tourism.importing.take(document, Format.GEOJSON, is_dry=True)

    assert await everything(store) == before
    assert dry == await take(services, document)


async def test_a_second_import_changes_nothing(
    services: Services, store: Store, province: None
) -> None:
    document = a_collection(a_feature(), a_feature("P055", altitude=12))
    await take(services, document)
    before = await everything(store)

    again = await take(services, document)

    assert again == []
    assert await everything(store) == before


async def test_a_document_of_somebody_else_s_site_is_understood(
    client: httpx.AsyncClient, services: Services, store: Store, province: None
) -> None:
    node = a_node(
        name=["Thác Mới", {"@value": "New falls", "@language": "en"}],
        description={"@value": "It falls.", "@language": "en"},
        alternateName="Falls",
        telephone="+84 214 000000",
        url="https://example.org/",
        openingHours=["Mo-Fr 08:00-17:00", "Sa 08:00-12:00"],
        openingHoursSpecification="what is said in a text counts",
    )

    (taken,) = await take(services, json.dumps([node]).encode(), Format.JSON_LD)
    again = await take(services, json.dumps(node).encode(), Format.JSON_LD)

    assert taken.is_new
    assert again == []
    place = (await send(client, "tourism/Place", {"id": taken.place_id}))["place"]
    assert (place["category"], place["confidence"]) == ("WATERFALL", "LOW")
    assert (place["name"]["text"], place["otherNames"]) == ("New falls", ["Falls"])
    kept = await store[PLACES].get(taken.place_id)
    assert kept is not None
    assert (kept["phone"], kept["website"]) == ("+84214000000", "https://example.org/")
    assert kept["opening_hours"] == "Mo-Fr 08:00-17:00; Sa 08:00-12:00"


@pytest.mark.parametrize(("word", "kind"), CATEGORIES_OF_TYPES.items())
async def test_a_type_of_schema_org_is_a_kind_of_ours(
    services: Services, store: Store, province: None, word: str, kind: str
) -> None:
    node = a_node(**{"@type": ["Thing", word]})

    (taken,) = await take(services, json.dumps(node).encode(), Format.JSON_LD)

    place = await store[PLACES].get(taken.place_id)
    assert place is not None
    assert place["category"] == kind


async def test_of_two_imports_at_once_none_is_lost(
    services: Services, store: Store, province: None
) -> None:
    first = a_collection(a_feature(), a_feature("P055", altitude=12))
    second = a_collection(a_feature("thac-khac"), a_feature("P055", names={"en": "Other"}))

    await asyncio.gather(take(services, first), take(services, second))

    market = await store[PLACES].get("P055")
    assert market is not None
    assert (market["altitude_metres"], market["names"]["en"]) == (12, "Other")
    assert await store[PLACE_EDITS].count({}) == 3
    assert await store[PLACE_VERSIONS].count({"place_id": "P055"}) == 3


async def test_a_plain_hotel_of_schema_org_is_taken_in(
    client: httpx.AsyncClient, services: Services, province: None
) -> None:
    hotel = {
        "@context": "https://schema.org",
        "@type": "Hotel",
        "name": "Khách sạn Quuxberg",
        "url": "https://quuxberg.example/",
        "telephone": "+84 214 387 0000",
        "priceRange": "$$",
        "address": {"@type": "PostalAddress", "addressLocality": "Sa Pa"},
        "geo": {"@type": "GeoCoordinates", "latitude": "22.3364", "longitude": "103.8438"},
    }

    (taken,) = await take(services, json.dumps(hotel).encode(), Format.JSON_LD)

    place = (await send(client, "tourism/Place", {"id": taken.place_id}))["place"]
    assert place["name"] == {"text": "Khách sạn Quuxberg", "language": "vi"}
    assert (place["category"], place["confidence"]) == ("LODGING", "LOW")
    assert place["commune"]["code"] == "03006"


async def test_a_known_place_keeps_its_confidence_where_a_document_says_none(
    client: httpx.AsyncClient, services: Services, province: None
) -> None:
    before = (await send(client, "tourism/Place", {"id": "P055"}))["place"]["confidence"]
    said = {"names": {"en": "Bac Ha Sunday market"}}
    market = {"type": "Point", "coordinates": [104.292, 22.539]}
    feature = {"type": "Feature", "id": "P055", "geometry": market, "properties": said}

    await take(services, json.dumps(feature).encode())

    assert (await send(client, "tourism/Place", {"id": "P055"}))["place"]["confidence"] == before


@pytest.mark.parametrize("access", ["PORTAL", "portal"])
async def test_the_access_to_a_network_is_read_in_either_spelling(
    services: Services, province: None, access: str
) -> None:
    wifi = {"ssid": "Chợ Bắc Hà", "access": access}

    await take(services, a_collection(a_feature(category="WIFI", wifi=wifi)))

    document = await services.tourism.exporting.place("thac-moi", Format.GEOJSON, None)
    assert document is not None
    assert json.loads(document)["properties"]["wifi"] == {
        **wifi,
        "access": "PORTAL",
        "password": None,
    }
