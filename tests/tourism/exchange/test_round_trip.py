"""What we write we read, and nothing is lost or changed on the way."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.context import Services
from api.kit.geo import Position
from api.kit.store import Store
from api.tourism.content_rows import SSID_BYTES_AT_MOST
from api.tourism.editing.place_fields import fields_of, row_of
from api.tourism.editing.records import PlaceState
from api.tourism.editing.repository import PLACE_EDITS
from api.tourism.exchange import geojson, json_ld
from api.tourism.exchange.importing import Format, fields_said, read
from api.tourism.exchange.place_document import PlaceDocument
from api.tourism.plain_text import NotPlain, plain
from api.tourism.records import (
    Accessibility,
    Confidence,
    Place,
    PlaceCategory,
    Steps,
    Wifi,
    WifiAccess,
)
from api.tourism.repository import PLACES, TourismRepository
from locales import AVAILABLE
from tests.contract.test_authorization_matrix import everything
from tests.tourism.content import a_place, hold
from tests.tourism.exchange.documents import exported, take


def is_plain(text: str) -> bool:
    try:
        return plain(text, with_lines=False) == text
    except NotPlain:
        return False


TEXTS = st.text(min_size=1, max_size=30).filter(is_plain) | st.sampled_from(
    ["Chợ Bắc Hà", "番西邦峰", "{}", '["x"]', "null", "a & b", "1 < 2", "\\", '"', "🏔"]
)
BY_LANGUAGE = st.dictionaries(st.sampled_from(AVAILABLE), TEXTS)
HOURS = [
    "24/7",
    "Mo-Fr 08:00-17:00",
    "Su 06:00-12:00; PH off",
    "sunrise-sunset unknown",
    "08:00-24:00",
]
SSIDS = TEXTS.filter(lambda it: len(it.encode()) <= SSID_BYTES_AT_MOST)
NETWORKS = st.builds(Wifi, SSIDS, st.just(WifiAccess.OPEN), st.none()) | st.builds(
    Wifi, SSIDS, st.just(WifiAccess.PASSWORD), st.from_regex("[!-~]{8,63}", fullmatch=True)
)
LINES = st.lists(TEXTS, min_size=1, max_size=3).map("\n".join)


@st.composite
def places(draw: st.DrawFn) -> Place:
    names = {"vi": draw(TEXTS), **draw(BY_LANGUAGE)}
    return a_place(
        draw(st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)),
        names=names,
        names_unchecked=tuple(tag for tag in names if draw(st.booleans())),
        other_names=tuple(draw(st.lists(TEXTS, unique=True, max_size=4))),
        category=draw(st.sampled_from(PlaceCategory)),
        position=Position(draw(st.floats(-90, 90)), draw(st.floats(-180, 180))),
        position_accuracy_metres=draw(st.floats(0.1, 3_000)),
        altitude_metres=draw(st.none() | st.floats(0, 3_500)),
        commune_code=draw(st.none() | st.sampled_from(["02839", "03006"])),
        former_unit=draw(st.none() | TEXTS),
        former_province=draw(st.none() | TEXTS),
        descriptions=draw(st.dictionaries(st.sampled_from(AVAILABLE), LINES)),
        opening_note=draw(BY_LANGUAGE),
        confidence=draw(st.sampled_from(Confidence)),
        opening_hours=draw(st.none() | st.sampled_from(HOURS)),
        visit_minutes=draw(st.none() | st.integers(5, 4_320)),
        phone=draw(st.none() | st.sampled_from(["+84214382999", "115"])),
        website=draw(st.none() | st.sampled_from(["https://example.org/?a=1&b=2"])),
        wifi=draw(st.none() | NETWORKS),
        accessibility=Accessibility(draw(st.sampled_from(Steps))),
    )


def written(place: Place, kind: Format, language: str | None = None) -> bytes:
    document = PlaceDocument.of(place, language)
    if kind is Format.GEOJSON:
        return json.dumps(geojson.feature(document, language)).encode()
    graph = [json_ld.heading(), json_ld.node(document, None)]
    return json.dumps({"@context": json_ld.CONTEXT, "@graph": graph}).encode()


@pytest.mark.parametrize("kind", Format)
@given(place=places())
def test_a_place_is_read_as_it_was_written(kind: Format, place: Place) -> None:
    (incoming,) = read(written(place, kind), kind)

    fields = fields_said(incoming, place.commune_code, {})

    assert incoming.id == place.id
    assert incoming.communes == (place.commune_code,)
    assert PlaceState.new(place.id).with_fields(fields).fields == fields_of(row_of(place))


@pytest.mark.parametrize("kind", Format)
@given(place=places(), language=st.sampled_from((None, *AVAILABLE)))
def test_what_was_written_for_readers_of_one_language_changes_nothing(
    kind: Format, place: Place, language: str | None
) -> None:
    (incoming,) = read(written(place, kind, language), kind)

    changes = fields_said(incoming, place.commune_code, fields_of(row_of(place)))

    assert changes == {}


@pytest.mark.parametrize("kind", Format)
async def test_our_own_export_changes_nothing(
    services: Services, store: Store, province: None, kind: Format
) -> None:
    document = await exported(services, kind)
    before = await everything(store)

    taken = await take(services, document, kind)

    assert taken == []
    assert await everything(store) == before


@pytest.mark.parametrize("kind", Format)
async def test_an_export_fills_an_empty_store_with_the_same(
    services: Services, store: Store, province: None, kind: Format
) -> None:
    document = await exported(services, kind)
    places_before = await store[PLACES].find({})
    communes = (await TourismRepository(store).content()).communes
    await hold(store, communes=communes)

    taken = await take(services, document, kind)

    assert len(taken) == 145
    assert all(it.is_new for it in taken)
    assert await store[PLACES].find({}) == places_before
    assert await exported(services, kind) == document
    assert await store[PLACE_EDITS].count({}) == 145
